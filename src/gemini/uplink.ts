import { createResampler, type Resampler, type SampleRateHz } from '../audio/index.ts';
import { modelInputRateHz } from './session.ts';

/** Audio kept for an onset that is recognised late, ms: longer than any pre-roll plus any verdict. */
const keptMs = 4000;
/** The rate in which the detector counts, Hz. */
const detectorRateHz = 8000;

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
 * Brings the caller's audio to the model's rate and sends the part that belongs to a turn.
 *
 * Invariant: of a gated uplink no sample is sent twice, and none between the pre-roll of an onset and the end of its turn is left out.
 */
export class Uplink {
  readonly #o: UplinkOptions;
  readonly #resampler: Resampler;
  #isOpen: boolean;
  #kept: Int16Array[] = [];
  #keptSamples = 0;
  /** Position of the stream in samples at 16 kHz. */
  #position = 0;

  constructor(options: UplinkOptions) {
    this.#o = options;
    this.#resampler = createResampler(options.callRateHz, modelInputRateHz);
    this.#isOpen = !options.isGated;
  }

  /** Takes the caller's next samples at the call's rate. */
  write(pcm: Int16Array): void {
    const out = this.#resampler.push(pcm).slice();
    this.#position += out.length;
    if (this.#isOpen) this.#o.send(out);
    if (!this.#isOpen || !this.#o.isGated) this.#keep(out);
  }

  /** Opens for a turn that began at `onsetSample` (samples at 8 kHz since the stream began): pre-roll first. */
  open(onsetSample: number): void {
    if (this.#isOpen) return;
    this.#isOpen = true;
    for (const part of this.recent(onsetSample)) this.#o.send(part);
    this.#kept = [];
    this.#keptSamples = 0;
  }

  /** What is kept from the pre-roll of an onset on: of a gated uplink what was not sent, else what was. */
  recent(onsetSample: number): Int16Array[] {
    const perDetectorSample = modelInputRateHz / detectorRateHz;
    const preRoll = (this.#o.preRollMs * modelInputRateHz) / 1000;
    const wanted = this.#position - (onsetSample * perDetectorSample - preRoll);
    let skip = Math.max(0, this.#keptSamples - Math.max(0, Math.ceil(wanted)));
    return this.#kept.flatMap((part) => {
      const skipped = Math.min(skip, part.length);
      skip -= skipped;
      return skipped === part.length ? [] : [skipped > 0 ? part.subarray(skipped) : part];
    });
  }

  /** Closes after a turn; what comes now is kept as pre-roll of the next. */
  close(): void {
    if (this.#o.isGated) this.#isOpen = false;
  }

  dispose(): void {
    this.#resampler.dispose();
  }

  #keep(pcm: Int16Array): void {
    this.#kept.push(pcm);
    this.#keptSamples += pcm.length;
    const limit = (keptMs * modelInputRateHz) / 1000;
    let first = this.#kept[0];
    while (first && this.#keptSamples - first.length >= limit) {
      this.#kept.shift();
      this.#keptSamples -= first.length;
      first = this.#kept[0];
    }
  }
}
