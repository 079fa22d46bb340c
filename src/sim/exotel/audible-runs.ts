import type { SampleTrack } from './sample-track.ts';

/** A stretch of sound, in samples since the start of the stream. */
export interface Run {
  readonly fromSample: number;
  readonly toSample: number;
}

/** Level of 10 ms from which on a person on the phone is taken to hear something, RMS in dBov. */
export const AUDIBLE_DBOV = -45;

/**
 * Follows a track and lists where it is audible: 10 ms windows at or above a level, joined while they touch, cut to
 * the first and last sample that reaches the level.
 */
export class AudibleRuns {
  readonly #track: SampleTrack;
  readonly #windowSamples: number;
  readonly #threshold: number;
  readonly #runs: Run[] = [];
  #scannedSample = 0;

  constructor(track: SampleTrack, sampleRateHz: number, thresholdDbov = AUDIBLE_DBOV) {
    this.#track = track;
    this.#windowSamples = sampleRateHz / 100;
    this.#threshold = 32_768 * 10 ** (thresholdDbov / 20);
  }

  get runs(): readonly Run[] {
    return this.#runs;
  }

  get last(): Run | undefined {
    return this.#runs.at(-1);
  }

  /** Looks at all whole windows before `toSample`; what lies there must not change any more. */
  scan(toSample: number): void {
    while (this.#scannedSample + this.#windowSamples <= toSample) {
      const from = this.#scannedSample;
      this.#scannedSample += this.#windowSamples;
      const window = this.#track.read(from, this.#scannedSample);
      const sound = audibleSpan(window, this.#threshold);
      if (sound) this.#add(from, from + sound.from, from + sound.to);
    }
  }

  /** The first run that reaches beyond `sample`. */
  firstEndingAfter(sample: number): Run | undefined {
    const last = this.#runs.findLastIndex((run) => run.toSample <= sample);
    return this.#runs[last + 1];
  }

  /** The first run that begins at or after `sample`, at least `silence` samples after the run before it. */
  firstBeginningAfter(sample: number, silence: number): Run | undefined {
    const first = this.#runs.findLastIndex((run) => run.fromSample < sample) + 1;
    const found = this.#runs.findIndex((run, at) => {
      const before = this.#runs[at - 1];
      return at >= first && (!before || run.fromSample - before.toSample >= silence);
    });
    return this.#runs[found];
  }

  /** Whether any run reaches into the stretch. */
  isAudibleBetween(fromSample: number, toSample: number): boolean {
    const run = this.firstEndingAfter(fromSample);
    return run !== undefined && run.fromSample < toSample;
  }

  /** Audible samples from `sample` on. */
  audibleSamplesSince(sample: number): number {
    let total = 0;
    for (let at = this.#runs.length - 1; at >= 0; at -= 1) {
      const run = this.#runs[at];
      if (!run || run.toSample <= sample) break;
      total += run.toSample - Math.max(run.fromSample, sample);
    }
    return total;
  }

  #add(windowSample: number, fromSample: number, toSample: number): void {
    const last = this.#runs.at(-1);
    const touches = last && last.toSample > windowSample - this.#windowSamples;
    if (touches) this.#runs[this.#runs.length - 1] = { fromSample: last.fromSample, toSample };
    else this.#runs.push({ fromSample, toSample });
  }
}

/** Where `samples` first and last reach `threshold` (linear), or undefined when their RMS stays below it. */
function audibleSpan(samples: Int16Array, threshold: number): { from: number; to: number } | undefined {
  let energy = 0;
  for (const sample of samples) energy += sample * sample;
  if (energy === 0 || Math.sqrt(energy / samples.length) < threshold) return undefined;
  return {
    from: samples.findIndex((sample) => Math.abs(sample) >= threshold),
    to: samples.findLastIndex((sample) => Math.abs(sample) >= threshold) + 1,
  };
}
