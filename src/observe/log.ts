import { type DestinationStream, type Logger, pino } from 'pino';
import { systemClock } from '../time/index.ts';

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

/** Lines that wait to be written together, bytes, and how long they wait at most, ms. */
const gatheredBytes = 4096;
const longestMs = 100;

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
  return pino(options, destination ?? gathered());
}

/** The standard output, to which lines are written together: each write of its own wakes a thread. All are written at exit. */
function gathered(): DestinationStream & { flushSync(): void } {
  const output = pino.destination({ dest: 1, sync: false, minLength: gatheredBytes });
  let isDue = false;
  const flush = (): void => {
    isDue = false;
    output.flush();
  };
  return {
    write(line) {
      output.write(line);
      if (isDue) return;
      isDue = true;
      systemClock.setTimeout(flush, longestMs);
    },
    flushSync: () => output.flushSync(),
  };
}
