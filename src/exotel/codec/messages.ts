import type { ExotelSampleRateHz } from './limits.ts';

/** Fields of a frame that were not used: names nobody knows, or known ones with an unusable value. */
export interface IgnoredFields {
  readonly count: number;
  /** Dotted names of the first few, shortened; safe to log. */
  readonly names: readonly string[];
}

interface FromExotel {
  /** The stream the frame says it belongs to, if it says so. */
  readonly streamSid: string | undefined;
  /** Exotel: one counter over all messages after `connected`. */
  readonly sequence: number | undefined;
  readonly ignored: IgnoredFields;
}

interface ConnectedMessage extends FromExotel {
  readonly kind: 'connected';
}

export interface StartMessage extends FromExotel {
  readonly kind: 'start';
  readonly streamSid: string;
  readonly callSid: string;
  /** The account's name; empty when not told. */
  readonly accountSid: string;
  /** The caller's number, personal data; empty when withheld. */
  readonly from: string;
  /** The number called, personal data; empty when not told. */
  readonly to: string;
  readonly sampleRateHz: ExotelSampleRateHz;
  readonly customParameters: Readonly<Record<string, string>>;
}

export interface MediaMessage extends FromExotel {
  readonly kind: 'media';
  readonly chunk: number | undefined;
  /** Milliseconds since the stream started, as Exotel counts them. */
  readonly timestampMs: number | undefined;
  /** Mono samples at the stream's rate; the receiver may keep them. */
  readonly pcm: Int16Array;
}

interface DtmfMessage extends FromExotel {
  readonly kind: 'dtmf';
  /** One of `0`–`9`, `*`, `#`, `A`–`D`; personal data, since it may be part of a secret. */
  readonly digit: string;
  readonly durationMs: number | undefined;
}

interface MarkMessage extends FromExotel {
  readonly kind: 'mark';
  readonly name: string;
}

interface StopMessage extends FromExotel {
  readonly kind: 'stop';
  readonly callSid: string | undefined;
  readonly accountSid: string | undefined;
  /** Opaque text (Exotel: live calls say other things than the documents); empty when not told. */
  readonly reason: string;
}

interface ClearMessage extends FromExotel {
  readonly kind: 'clear';
}

interface UnknownMessage extends FromExotel {
  readonly kind: 'unknown';
  /** The event's name, shortened; safe to log. */
  readonly event: string;
}

/** Everything Exotel may tell us on a stream. */
export type ExotelMessage =
  | ConnectedMessage
  | StartMessage
  | MediaMessage
  | DtmfMessage
  | MarkMessage
  | StopMessage
  | ClearMessage
  | UnknownMessage;
