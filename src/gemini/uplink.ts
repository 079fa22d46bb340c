import { createResampler, type Resampler, type SampleRateHz } from '../audio/index.ts';
import { RecentSamples } from './recent-samples.ts';
import { modelInputRateHz } from './session.ts';

/** Audio kept for an onset that is recognised late, ms: longer than any pre-roll plus any verdict. */
const keptMs = 4000;
/** Audio before a stretch that its resampling begins with, so that it comes out as if all before it had been, ms. */
const runUpMs = 20;
/** The longest piece of a stretch, ms: Gemini takes up to 100 at a time. */
const pieceMs = 100;
/** The rate in which the detector counts, Hz. */
const detectorRateHz = 8000;
const modelPerMs = modelInputRateHz / 1000;

/** What an uplink is built from. */
export interface UplinkOptions {
  readonly callRateHz: SampleRateHz;
  /** Whether only the caller's turns are sent, or everything. */
  readonly isGated: boolean;
  /** Audio sent from before the onset, ms. */
  readonly preRollMs: number;
  /** Takes mono PCM16 at 16 kHz; the samples may be kept. */
  readonly send: (pcm: Int16Array) => void;
}

/**
 * Brings the caller's audio to the model's rate and sends the part that belongs to a turn; only that is resampled.
 *
 * Invariant: of a gated uplink no sample is sent twice, and none between the pre-roll of an onset and the end of its turn is left out.
 */
export class Uplink {
  readonly #o: UplinkOptions;
  readonly #callPerMs: number;
  readonly #kept: RecentSamples;
  readonly #resampler: Resampler;
  #isOpen: boolean;
  /** End of what was sent, in samples at 16 kHz since the stream began. */
  #sentTo = 0;

  constructor(options: UplinkOptions) {
    this.#o = options;
    this.#callPerMs = options.callRateHz / 1000;
    this.#kept = new RecentSamples((keptMs + runUpMs) * this.#callPerMs);
    this.#resampler = this.#newResampler();
    this.#isOpen = !options.isGated;
  }

  /** Takes the caller's next samples at the call's rate. */
  write(pcm: Int16Array): void {
    this.#kept.push(pcm);
    if (this.#isOpen) this.#send(this.#resampler.push(pcm).slice());
  }

  /** Opens for a turn that began at `onsetSample` (samples at 8 kHz since the stream began): pre-roll first. */
  open(onsetSample: number): void {
    if (this.#isOpen) return;
    this.#isOpen = true;
    this.#sentTo = this.#beginningOf(onsetSample);
    // what it still held was sent, or was of no turn
    this.#resampler.flush();
    for (const part of this.#stretch(this.#sentTo, this.#resampler)) this.#send(part);
  }

  /** What is kept from the pre-roll of an onset on: of a gated uplink what was not sent, else what was. */
  recent(onsetSample: number): Int16Array[] {
    if (this.#isOpen && this.#o.isGated) return [];
    const resampler = this.#newResampler();
    const parts = this.#stretch(this.#beginningOf(onsetSample), resampler);
    resampler.dispose();
    return parts;
  }

  /** Closes after a turn; what comes now is kept as pre-roll of the next. */
  close(): void {
    if (this.#o.isGated) this.#isOpen = false;
  }

  dispose(): void {
    this.#resampler.dispose();
  }

  #newResampler(): Resampler {
    return createResampler(this.#o.callRateHz, modelInputRateHz);
  }

  #send(pcm: Int16Array): void {
    this.#sentTo += pcm.length;
    this.#o.send(pcm);
  }

  /** Where a turn begins for the model: with its pre-roll, as far as it is kept and was not sent; samples at 16 kHz. */
  #beginningOf(onsetSample: number): number {
    const wanted = (onsetSample * modelInputRateHz) / detectorRateHz - this.#o.preRollMs * modelPerMs;
    const keptMs = Math.ceil(this.#kept.startSample / this.#callPerMs);
    const runUp = keptMs === 0 ? 0 : runUpMs;
    const sentTo = this.#o.isGated ? this.#sentTo : 0;
    return Math.max(0, Math.floor(wanted), sentTo, (keptMs + runUp) * modelPerMs);
  }

  /** The kept audio from `fromSample` (at 16 kHz) on, in pieces. */
  #stretch(fromSample: number, resampler: Resampler): Int16Array[] {
    const runUpFromMs = Math.max(0, Math.floor(fromSample / modelPerMs) - runUpMs);
    const parts: Int16Array[] = [];
    let skip = fromSample - runUpFromMs * modelPerMs;
    for (const piece of this.#kept.pieces(runUpFromMs * this.#callPerMs, pieceMs * this.#callPerMs)) {
      const out = resampler.push(piece);
      const skipped = Math.min(skip, out.length);
      skip -= skipped;
      if (skipped < out.length) parts.push(out.slice(skipped));
    }
    return parts;
  }
}
