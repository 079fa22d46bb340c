/** How a reply is fed to the carrier; all in milliseconds of audio or of time. */
export interface PlayoutPolicy {
  /** `stream`: as soon as the prebuffer is filled; `turn`: only when the whole reply has arrived. */
  readonly start: 'stream' | 'turn';
  readonly chunkMs: number;
  readonly leadMs: number;
  /** The prebuffer of a connection that keeps up, and the most it grows to on one that stalls. */
  readonly prebufferMs: number;
  readonly prebufferMaxMs: number;
  readonly markFallbackMs: number;
  readonly keepAliveMs: number;
  /** Leading silence of a reply that is left; the rest of it is cut. */
  readonly trimSilenceMs: number;
}

/** Longest reply that is queued, ms of audio; what exceeds it is dropped, reported and counted. */
export const longestQueueMs = 10 * 60_000;

/** From the first audible audio of a reply to its start at the least, ms of time, unless the lead is filled: bursts are far apart. */
export const burstMs = 50;

/**
 * From the first audible audio of a reply, beyond the longest prebuffer, to its start at the most, ms of time: a model that
 * stops sooner has stalled, and is seen to stall only once the reply plays.
 */
export const lateMs = 200;

/** How often the heard position is fixed by a mark while a reply plays, ms of audio. */
export const markEveryMs = 500;

/** Below this level, dBov, the beginning of a reply counts as silence. */
export const silenceDbov = -60;

/** Below this level, dBov, and for this long, ms, speech pauses between words. */
export const wordGap = { dbov: -45, ms: 60 };
/** How far back from a torn end a word gap is looked for, ms of audio. */
export const tornTailMs = 1200;
