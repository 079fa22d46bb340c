/** Samples of one frame: 32 ms at 8 kHz. Silero VAD: the only length it takes at this rate. */
export const sileroFrameSamples = 256;

/** Most frames of one run, and so most calls that one process scores with Silero at a time. */
export const mostSeats = 1024;

const endedRunBytes = 4;
const scoreBytes = mostSeats * 4;
const sampleBytes = mostSeats * sileroFrameSamples * 2;
const seatBytes = mostSeats * 2;
const firstBytes = mostSeats;

/**
 * The frames of one run, a row each, in memory that the scoring thread shares; 525 KB.
 *
 * Invariant: one side writes at a time: the calls' side until the run begins, the scoring side until it has ended.
 */
export class FrameBatch {
  readonly memory: SharedArrayBuffer;
  /** Number of the run that ended last; for `Atomics`. */
  readonly endedRun: Int32Array<SharedArrayBuffer>;
  /** Out: probability of speech, by row. */
  readonly scores: Float32Array<SharedArrayBuffer>;
  /** In: 256 samples a row. */
  readonly samples: Int16Array<SharedArrayBuffer>;
  /** In: whose frame it is, by row; no seat twice. */
  readonly seats: Uint16Array<SharedArrayBuffer>;
  /** In: 1 where the seat's memory begins anew with this frame, by row. */
  readonly isFirst: Uint8Array<SharedArrayBuffer>;

  constructor(
    memory = new SharedArrayBuffer(endedRunBytes + scoreBytes + sampleBytes + seatBytes + firstBytes),
  ) {
    this.memory = memory;
    let at = 0;
    this.endedRun = new Int32Array(memory, at, 1);
    at += endedRunBytes;
    this.scores = new Float32Array(memory, at, mostSeats);
    at += scoreBytes;
    this.samples = new Int16Array(memory, at, mostSeats * sileroFrameSamples);
    at += sampleBytes;
    this.seats = new Uint16Array(memory, at, mostSeats);
    at += seatBytes;
    this.isFirst = new Uint8Array(memory, at, mostSeats);
  }
}
