/** The line as the playout scheduler needs it; the Exotel link implements it. */
export interface CarrierPort {
  /** Sends one media message; `pcm` holds a whole number of 320-byte frames at the call's rate. */
  media(pcm: Int16Array): void;
  mark(name: string): void;
  /** False while the line takes no data: what is queued waits. */
  readonly takesData: boolean;
  /** Drops what the carrier has queued but not begun to play. */
  clear(): void;
}

/** What the recording needs to know of the agent's side of the line; times are of the call's clock, ms. */
export interface PlayoutTap {
  /** `pcm` was handed to the carrier and will be heard from `playAtMs` on. */
  sent(pcm: Int16Array, playAtMs: number): void;
  /** What was to be heard after `atMs` will not be. */
  cleared(atMs: number): void;
}
