import type { SampleRateHz } from '../../audio/index.ts';

/** How the simulated Exotel behaves on one call; every field is a switch, {@link liveProfile} the default. */
export interface ExotelProfile {
  /** 8000, 16000 or 24000; undefined: the address's `sample-rate`, else 8000. */
  readonly sampleRateHz: SampleRateHz | undefined;
  /** Length of one uplink media frame. */
  readonly frameMs: number;
  /** Whether `sequence_number`, `chunk` and `sample_rate` travel as strings; `timestamp` always does. */
  readonly values: 'strings' | 'numbers';
  readonly names: 'snake_case' | 'camelCase';
  /** The label in `media_format`; it names no codec, the audio is always PCM16 little-endian. */
  readonly encoding: string;
  /** The label in `media_format`; undefined: 16 bits times the rate, as in "128kbps" for 8 kHz. */
  readonly bitRate: string | undefined;
  /** "09…" as on live calls, or "+919…" as in the documentation. */
  readonly numbers: 'national' | 'e164';
  /** Whether the address's query reaches the server. */
  readonly query: 'stripped' | 'preserved';
  /** Whether the query's parameters are given in `start.custom_parameters`. */
  readonly customParameters: 'given' | 'omitted';
  /** Arrives HTML-escaped as the only key of `custom_parameters`, with an empty value. */
  readonly customField: string | undefined;
  readonly stopReason: string;
  /** From `stop` to the dropped connection. */
  readonly dropAfterStopMs: number;
  /** What happens to marks whose audio a `clear` has dropped; `later`: when that audio would have played. */
  readonly marksOnClear: 'dropped' | 'returned' | 'later';
  /** Share of marks, 0 to 1, that never come back. */
  readonly markLossRate: number;
  /** Added to the return of each mark. */
  readonly markDelayMs: number;
  /** Media frames sent ahead of `start`. */
  readonly framesBeforeStart: number;
  /** Call time at which `start` is sent again. */
  readonly duplicateStartAtMs: number | undefined;
  /** Call time at which a second connection for the same call is opened. */
  readonly secondConnectionAtMs: number | undefined;
  readonly answersPings: boolean;
  /** Each uplink message leaves 0 to this many ms late, in order. */
  readonly uplinkJitterMs: number;
  /** Each downlink message arrives 0 to this many ms late, in order. */
  readonly downlinkJitterMs: number;
  /** What follows a payload over 100 kB or not a multiple of 320 bytes: nothing, 20 ms of silence, or a close. */
  readonly onChunkRuleBroken: 'warn' | 'gap' | 'close';
  /** Exotel: 10 s for the WebSocket handshake. */
  readonly handshakeLimitMs: number;
  /** Exotel: one automatic retry of a failed handshake. */
  readonly handshakeRetries: number;
  /** The agent's voice, as heard, comes back on the uplink this much weaker and later. */
  readonly echo: { readonly returnLossDb: number; readonly delayMs: number } | undefined;
  /** RMS level of white line noise on the uplink, dBov; undefined: digital silence. */
  readonly noiseDbov: number | undefined;
  /** Whether the tones of keys are in the caller's audio too; Exotel does not say. */
  readonly keyTones: boolean;
  /** Exotel: a stream ends after 60 minutes. */
  readonly maxStreamMs: number;
  /** Whether the account has as many streams as it may: then this one is never dialled. */
  readonly isThrottled: boolean;
  /** How the Passthru applet tells of the stream: field by field, or as one JSON text. */
  readonly passthru: 'fields' | 'json';
}

/** What was observed on live calls: strings everywhere, 20 ms frames, national numbers, no query. */
export const liveProfile: ExotelProfile = {
  sampleRateHz: undefined,
  frameMs: 20,
  values: 'strings',
  names: 'snake_case',
  encoding: 'base64',
  bitRate: undefined,
  numbers: 'national',
  query: 'stripped',
  customParameters: 'given',
  customField: undefined,
  stopReason: 'canceled or call ended',
  dropAfterStopMs: 20,
  marksOnClear: 'dropped',
  markLossRate: 0,
  markDelayMs: 0,
  framesBeforeStart: 0,
  duplicateStartAtMs: undefined,
  secondConnectionAtMs: undefined,
  answersPings: true,
  uplinkJitterMs: 0,
  downlinkJitterMs: 0,
  onChunkRuleBroken: 'warn',
  handshakeLimitMs: 10_000,
  handshakeRetries: 1,
  echo: undefined,
  noiseDbov: undefined,
  keyTones: false,
  maxStreamMs: 3_600_000,
  isThrottled: false,
  passthru: 'fields',
};

/** What Exotel's documentation describes where live calls differ: 100 ms frames, E.164 numbers, other labels. */
export const docsProfile: ExotelProfile = {
  ...liveProfile,
  frameMs: 100,
  encoding: 'audio/x-raw',
  numbers: 'e164',
  query: 'preserved',
  stopReason: 'callended',
};

/** Completes `changes` from {@link liveProfile}; throws a RangeError that names a value out of range. */
export function completeProfile(changes: Partial<ExotelProfile> = {}): ExotelProfile {
  const profile = { ...liveProfile, ...changes };
  if (profile.sampleRateHz !== undefined) toSampleRate(profile.sampleRateHz);
  checkRange('frameMs', profile.frameMs, 10, 1000);
  if (profile.frameMs % 10 !== 0)
    throw new RangeError(`frameMs: expected a multiple of 10, found ${profile.frameMs}`);
  checkRange('dropAfterStopMs', profile.dropAfterStopMs, 0, 60_000);
  checkRange('markLossRate', profile.markLossRate, 0, 1);
  checkRange('markDelayMs', profile.markDelayMs, 0, 600_000);
  checkRange('framesBeforeStart', profile.framesBeforeStart, 0, 1000);
  checkRange('uplinkJitterMs', profile.uplinkJitterMs, 0, 60_000);
  checkRange('downlinkJitterMs', profile.downlinkJitterMs, 0, 60_000);
  checkRange('handshakeLimitMs', profile.handshakeLimitMs, 1, 600_000);
  checkRange('handshakeRetries', profile.handshakeRetries, 0, 10);
  checkRange('maxStreamMs', profile.maxStreamMs, 1000, 14_400_000);
  if (profile.echo) {
    checkRange('echo.returnLossDb', profile.echo.returnLossDb, 0, 200);
    checkRange('echo.delayMs', profile.echo.delayMs, 0, 2000);
  }
  if (profile.noiseDbov !== undefined) checkRange('noiseDbov', profile.noiseDbov, -120, 0);
  return profile;
}

/** Exotel offers 8000, 16000 and 24000 Hz; throws a RangeError for any other rate. */
export function toSampleRate(sampleRateHz: number): SampleRateHz {
  if (sampleRateHz === 8000 || sampleRateHz === 16_000 || sampleRateHz === 24_000) return sampleRateHz;
  throw new RangeError(`sample rate: expected 8000, 16000 or 24000 Hz, found ${sampleRateHz}`);
}

function checkRange(name: string, value: number, min: number, max: number): void {
  if (!(value >= min && value <= max)) {
    throw new RangeError(`${name}: expected ${min} to ${max}, found ${value}`);
  }
}
