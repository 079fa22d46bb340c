import { type DestinationStream, type Logger, pino } from 'pino';

/** The log of Baari; a child of it, with `callId`, is handed to each call. */
export type Log = Logger;

/** Fields that hold personal data wherever they stand; they are logged as `[personal]`. */
export const personalFields = [
  'from',
  'to',
  'caller',
  'called',
  'text',
  'digit',
  'digits',
  'number',
  'transferTo',
  'customParameters',
] as const;

/** What a log is opened with. */
export interface LogOptions {
  /** `trace` to `fatal`, or `silent`. */
  readonly level: string;
  /** The number of this process among several; it stands in each line. */
  readonly worker?: number | undefined;
  readonly destination?: DestinationStream;
}

/** Opens the log: one JSON line an event, the event's name as the message, personal data redacted. */
export function createLog({ level, worker, destination }: LogOptions): Log {
  const options = {
    level,
    base: worker === undefined ? null : { worker },
    redact: {
      paths: personalFields.flatMap((field) => [field, `*.${field}`]),
      censor: '[personal]',
    },
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return destination ? pino(options, destination) : pino(options);
}
