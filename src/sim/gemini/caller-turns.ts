/** A finished turn of the caller's audio, by position in all audio received. */
export interface AudioTurn {
  readonly startedAtMs: number;
  readonly sampleRateHz: number;
  readonly speech: { readonly fromSample: number; readonly toSample: number };
  readonly range: { readonly fromSample: number; readonly toSample: number };
}

/** Whom a turn detector tells. */
export interface TurnListener {
  /** The caller began to speak; `atSample` is where. */
  turnStarted(atSample: number, sampleRateHz: number): void;
  turnEnded(turn: AudioTurn): void;
}

/** Finds the caller's turns in audio and markers; automatic and manual detection have one face. */
export interface CallerTurns {
  /** Takes audio whose first sample has position `fromSample`; returns false when it is thrown away. */
  audio(samples: Int16Array, sampleRateHz: number, fromSample: number, nowMs: number): boolean;
  /** Each returns false when the detection mode forbids the message. */
  activityStart(nowMs: number): boolean;
  activityEnd(): boolean;
  audioStreamEnd(): boolean;
}
