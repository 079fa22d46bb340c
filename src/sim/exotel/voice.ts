/** Something the caller says: when it begins and ends, in call ms. */
export interface Utterance {
  /** First and last sample of the clip. */
  readonly onsetMs: number;
  readonly endMs: number;
  /** First and last audible sample; those of the clip when it is silent. */
  readonly speechOnsetMs: number;
  readonly speechEndMs: number;
  /** True once its last sample has been sent. */
  readonly isSaid: boolean;
}

interface Scheduled {
  readonly fromSample: number;
  readonly samples: Int16Array;
  readonly onSaid: () => void;
}

/** Longest speech waiting to be said, in seconds. */
const MAX_WAITING_SECONDS = 600;

/** The caller's mouth: speech at given positions, mixed where it overlaps. */
export class Voice {
  readonly #limitSamples: number;
  #scheduled: Scheduled[] = [];

  constructor(sampleRateHz: number) {
    this.#limitSamples = MAX_WAITING_SECONDS * sampleRateHz;
  }

  /** Schedules speech; `onSaid` is called once its last sample was rendered. Throws a RangeError beyond 10 minutes. */
  schedule(speech: Scheduled): void {
    const waiting = this.#scheduled.reduce((sum, { samples }) => sum + samples.length, speech.samples.length);
    if (waiting > this.#limitSamples) {
      throw new RangeError(
        `speech waiting to be said: expected at most ${this.#limitSamples} samples, found ${waiting}`,
      );
    }
    this.#scheduled.push(speech);
  }

  /** Adds what is said from `fromSample` on to `mix`, and returns what to report once the mix is sent. */
  render(fromSample: number, mix: Float64Array): (() => void)[] {
    const toSample = fromSample + mix.length;
    const said: (() => void)[] = [];
    for (const speech of this.#scheduled) {
      const start = Math.max(fromSample, speech.fromSample);
      const end = Math.min(toSample, speech.fromSample + speech.samples.length);
      for (let at = start; at < end; at += 1) {
        mix[at - fromSample] = (mix[at - fromSample] ?? 0) + (speech.samples[at - speech.fromSample] ?? 0);
      }
      if (speech.fromSample + speech.samples.length <= toSample) said.push(speech.onSaid);
    }
    if (said.length > 0) {
      this.#scheduled = this.#scheduled.filter(
        (speech) => speech.fromSample + speech.samples.length > toSample,
      );
    }
    return said;
  }
}
