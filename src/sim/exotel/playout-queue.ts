import type { SampleTrack } from './sample-track.ts';

/** A mark and the position at which the audio before it has played. */
export interface QueuedMark {
  readonly name: string;
  readonly atSample: number;
}

/** What a `clear` took away. */
export interface Cleared {
  /** The position from which on queued audio was dropped. */
  readonly fromSample: number;
  readonly droppedSamples: number;
  /** Marks whose audio was dropped, in order. */
  readonly marks: readonly QueuedMark[];
}

interface Chunk {
  readonly fromSample: number;
  readonly toSample: number;
}

/**
 * Exotel's playout queue, sample by sample, on a time axis of samples since the start of the stream.
 *
 * Invariant: the track holds what will be heard if nothing more arrives; only `clear` changes it, and only ahead of
 * the chunk that is playing.
 */
export class PlayoutQueue {
  readonly #track: SampleTrack;
  #chunks: Chunk[] = [];
  #marks: QueuedMark[] = [];
  #endSample = 0;

  constructor(track: SampleTrack) {
    this.#track = track;
  }

  /** The position at which the queue runs empty, or ran empty. */
  get endSample(): number {
    return this.#endSample;
  }

  depthSamples(nowSample: number): number {
    return Math.max(0, this.#endSample - nowSample);
  }

  /** Queues one chunk and returns where it plays: behind the queue, or at once. */
  push(samples: Int16Array, nowSample: number): Chunk {
    while ((this.#chunks[0]?.toSample ?? Number.POSITIVE_INFINITY) <= nowSample) this.#chunks.shift();
    const fromSample = Math.max(this.#endSample, nowSample);
    const chunk = { fromSample, toSample: fromSample + samples.length };
    this.#chunks.push(chunk);
    this.#track.write(fromSample, samples);
    this.#endSample = chunk.toSample;
    return chunk;
  }

  /** Queues a mark behind the audio; on an empty queue it is due at once. */
  mark(name: string, nowSample: number): void {
    this.#marks.push({ name, atSample: Math.max(this.#endSample, nowSample) });
  }

  /** Exotel: drops audio that has not started; the chunk that is playing plays to its end. */
  clear(nowSample: number): Cleared {
    const playing = this.#chunks.findLast(
      (chunk) => chunk.fromSample <= nowSample && chunk.toSample > nowSample,
    );
    const fromSample = playing ? playing.toSample : Math.min(this.#endSample, nowSample);
    const droppedSamples = Math.max(0, this.#endSample - Math.max(fromSample, nowSample));
    const marks = this.#marks.filter((mark) => mark.atSample > Math.max(fromSample, nowSample));
    if (droppedSamples > 0) {
      this.#chunks = this.#chunks.filter((chunk) => chunk.fromSample < fromSample);
      this.#track.truncate(fromSample);
      this.#marks = this.#marks.filter((mark) => mark.atSample <= fromSample);
      this.#endSample = fromSample;
    }
    return { fromSample, droppedSamples, marks };
  }

  /** The position of the next mark to return. */
  get nextMarkSample(): number | undefined {
    return this.#marks[0]?.atSample;
  }

  /** Takes the marks whose audio has played, in order. */
  takePlayedMarks(nowSample: number): QueuedMark[] {
    const played = this.#marks.filter((mark) => mark.atSample <= nowSample);
    this.#marks = this.#marks.slice(played.length);
    return played;
  }

  get pendingMarks(): number {
    return this.#marks.length;
  }
}
