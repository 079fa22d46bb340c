import {
  concatPcm16,
  createResampler,
  levelDbov,
  type Resampler,
  type SampleRateHz,
} from '../audio/index.ts';
import { silenceDbov } from './policy.ts';

const FRAME_MS = 10;

/** Brings the model's audio to the call's rate and cuts the silence a reply begins with. */
export class ReplyIntake {
  readonly #fromHz: SampleRateHz;
  readonly #toHz: SampleRateHz;
  readonly #keptSilence: number;
  #resampler: Resampler;
  #quiet: Int16Array[] = [];
  #isAudible = false;
  #trimmed = 0;

  constructor(fromHz: SampleRateHz, toHz: SampleRateHz, keptSilenceMs: number) {
    this.#fromHz = fromHz;
    this.#toHz = toHz;
    this.#keptSilence = (keptSilenceMs * toHz) / 1000;
    this.#resampler = createResampler(fromHz, toHz);
  }

  /** Leading samples of this reply that were cut. */
  get trimmed(): number {
    return this.#trimmed;
  }

  /** The part of `pcm` that the caller is to hear, at the call's rate; empty while the reply is still silent. */
  push(pcm: Int16Array): Int16Array {
    return this.#trim(this.#resampler.push(pcm));
  }

  /** What the resampler still holds at the end of a reply. */
  flush(): Int16Array {
    return this.#trim(this.#resampler.flush());
  }

  /** Makes ready for the next reply. */
  reset(): void {
    this.#resampler.dispose();
    this.#resampler = createResampler(this.#fromHz, this.#toHz);
    this.#quiet = [];
    this.#isAudible = false;
    this.#trimmed = 0;
  }

  dispose(): void {
    this.#resampler.dispose();
  }

  #trim(pcm: Int16Array): Int16Array {
    if (this.#isAudible || pcm.length === 0) return pcm;
    const frame = (FRAME_MS * this.#toHz) / 1000;
    let at = 0;
    while (at < pcm.length && levelDbov(pcm.subarray(at, at + frame)) < silenceDbov) at += frame;
    if (at >= pcm.length) {
      this.#keepQuiet(pcm);
      return new Int16Array(0);
    }
    this.#isAudible = true;
    this.#keepQuiet(pcm.subarray(0, at));
    const out = concatPcm16([...this.#quiet, pcm.subarray(at)]);
    this.#quiet = [];
    return out;
  }

  /** Keeps only the last samples of the silence, so that the first word is not met by a hard edge. */
  #keepQuiet(pcm: Int16Array): void {
    const all = concatPcm16([...this.#quiet, pcm]);
    const kept = all.slice(Math.max(0, all.length - this.#keptSilence));
    this.#trimmed += all.length - kept.length;
    this.#quiet = [kept];
  }
}
