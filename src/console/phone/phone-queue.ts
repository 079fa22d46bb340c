/** What a `clear` took away: samples, and the marks that were waiting behind them. */
export interface ClearedQueue {
  readonly droppedSamples: number;
  readonly marks: readonly string[];
}

interface Mark {
  readonly name: string;
  readonly atSample: number;
}

/** Longest queue, samples (five minutes at 8000 Hz); what comes beyond it is dropped and counted. */
const mostSamples = 300 * 8000;

/** A silence longer than this, samples (400 ms at 8000 Hz), is one between two things that are said. */
const longestGapSamples = 3200;

/**
 * What the phone has been sent and not played yet, as Exotel keeps it: chunks play one after the other, a mark is due
 * when the audio before it has played, a `clear` drops all chunks but the one that is playing.
 */
export class PhoneQueue {
  #chunks: Float32Array[] = [];
  #marks: Mark[] = [];
  /** Of the first chunk. */
  #played = 0;
  #nowSample = 0;
  #depth = 0;
  /** When it ran dry with no mark behind the audio: the agent had not finished. */
  #drySample: number | undefined;
  #gaps = 0;
  #dropped = 0;

  /** Samples that wait. */
  get depth(): number {
    return this.#depth;
  }

  /** How often it ran dry in the middle of what the agent said, and soon went on: a gap that is heard. */
  get gaps(): number {
    return this.#gaps;
  }

  get dropped(): number {
    return this.#dropped;
  }

  /** Takes a chunk, samples from -1 to 1. */
  push(chunk: Float32Array): void {
    if (chunk.length === 0) return;
    if (this.#depth + chunk.length > mostSamples) {
      this.#dropped += chunk.length;
      return;
    }
    if (this.#drySample !== undefined && this.#nowSample - this.#drySample < longestGapSamples)
      this.#gaps += 1;
    this.#drySample = undefined;
    this.#chunks.push(chunk);
    this.#depth += chunk.length;
  }

  /** Takes a mark; it is due once what waits now has played. */
  mark(name: string): void {
    this.#drySample = undefined;
    this.#marks.push({ name, atSample: this.#nowSample + this.#depth });
  }

  /** Drops what has not begun to play. */
  clear(): ClearedQueue {
    const playing = this.#played > 0 ? this.#chunks[0] : undefined;
    const left = playing ? playing.length - this.#played : 0;
    const droppedSamples = this.#depth - left;
    const keptUntil = this.#nowSample + left;
    const marks = this.#marks.filter(({ atSample }) => atSample > keptUntil).map(({ name }) => name);
    this.#marks = this.#marks.filter(({ atSample }) => atSample <= keptUntil);
    this.#chunks = playing ? [playing] : [];
    this.#depth = left;
    return { droppedSamples, marks };
  }

  /** Fills `out` with what plays next, silence where there is nothing; returns the marks that are due by its end. */
  pull(out: Float32Array): string[] {
    let at = 0;
    for (let chunk = this.#chunks[0]; chunk && at < out.length; chunk = this.#chunks[0]) {
      const part = chunk.subarray(this.#played, this.#played + out.length - at);
      out.set(part, at);
      at += part.length;
      this.#played += part.length;
      if (this.#played < chunk.length) break;
      this.#chunks.shift();
      this.#played = 0;
    }
    out.fill(0, at);
    this.#depth -= at;
    this.#nowSample += out.length;
    const isDry = at > 0 && at < out.length;
    if (isDry && this.#marks.every(({ atSample }) => atSample > this.#nowSample))
      this.#drySample = this.#nowSample;
    const due = this.#marks.filter(({ atSample }) => atSample <= this.#nowSample).map(({ name }) => name);
    this.#marks = this.#marks.slice(due.length);
    return due;
  }
}
