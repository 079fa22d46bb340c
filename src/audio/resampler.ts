import { AudioError } from './errors.ts';
import { BLOCK_SAMPLES, OUTPUT_BLOCK_SAMPLES, type Speex, speex } from './speex-module.ts';

const SAMPLE_RATES_HZ = [8_000, 16_000, 24_000] as const;

/** A rate spoken on the telephone side or by the model, Hz. */
export type SampleRateHz = (typeof SAMPLE_RATES_HZ)[number];

/** Turns a stream of mono PCM16 into another rate; state is carried, so chunks may be cut anywhere. */
export interface Resampler {
  /** By how much the output lags behind the input, ms; 0 when the rates are equal. */
  readonly delayMs: number;
  /**
   * The output that `input` completes: for whole milliseconds of input just as many of output.
   * It is a view that is valid until the next call.
   */
  push(input: Int16Array): Int16Array;
  /** The last `delayMs` of output, as a view that is valid until the next call; the next stream starts afresh. */
  flush(): Int16Array;
  /** Gives the memory back; may be called again. `push` and `flush` throw from then on. */
  dispose(): void;
}

// SpeexDSP's scale is 0…10. 5 keeps all figures of a telephone band out of hearing at a delay of 5 ms.
const QUALITY = 5;
/** Output memory a resampler keeps between pushes: 500 ms at 24 kHz. A longer output gets memory of its own. */
const KEPT_OUTPUT_SAMPLES = 12_000;
const NOTHING = new Int16Array(0);

/**
 * A resampler of mono PCM16 from `fromHz` to `toHz`; equal rates hand the input through untouched.
 *
 * @throws AudioError `AUDIO_BAD_RATE` for another rate than 8000, 16000 or 24000,
 * `AUDIO_RESAMPLER_FAILED` when no memory is left.
 */
export function createResampler(fromHz: SampleRateHz, toHz: SampleRateHz): Resampler {
  for (const rateHz of [fromHz, toHz]) {
    if (!SAMPLE_RATES_HZ.includes(rateHz)) {
      throw new AudioError(
        'AUDIO_BAD_RATE',
        `expected a sample rate of ${SAMPLE_RATES_HZ.join(', ')} Hz, found ${rateHz}`,
      );
    }
  }
  return fromHz === toHz ? new PassThrough(fromHz) : new SpeexResampler(speex, fromHz, toHz);
}

class PassThrough implements Resampler {
  readonly delayMs = 0;
  readonly #rateHz: number;
  #disposed = false;

  constructor(rateHz: number) {
    this.#rateHz = rateHz;
  }

  push(input: Int16Array): Int16Array {
    if (this.#disposed) throw disposed(this.#rateHz, this.#rateHz);
    return input;
  }

  flush(): Int16Array {
    return this.push(NOTHING);
  }

  dispose(): void {
    this.#disposed = true;
  }
}

class SpeexResampler implements Resampler {
  readonly delayMs: number;
  readonly #speex: Speex;
  readonly #fromHz: number;
  readonly #toHz: number;
  readonly #delaySamples: number;
  #state: number | undefined;
  #output = NOTHING;

  constructor(shared: Speex, fromHz: number, toHz: number) {
    const { module, inputCountAt } = shared;
    const state = module._speex_resampler_init(1, fromHz, toHz, QUALITY, inputCountAt);
    if (state === 0) {
      const code = module.HEAP32[inputCountAt >> 2];
      throw new AudioError(
        'AUDIO_RESAMPLER_FAILED',
        `no resampler from ${fromHz} to ${toHz} Hz could be made (SpeexDSP error ${code})`,
      );
    }
    this.#speex = shared;
    this.#fromHz = fromHz;
    this.#toHz = toHz;
    this.#state = state;
    this.#delaySamples = module._speex_resampler_get_input_latency(state);
    this.delayMs = (this.#delaySamples * 1_000) / fromHz;
  }

  push(input: Int16Array): Int16Array {
    return this.#run(this.#live(), input);
  }

  flush(): Int16Array {
    const state = this.#live();
    const tail = this.#run(state, new Int16Array(this.#delaySamples));
    this.#speex.module._speex_resampler_reset_mem(state);
    return tail;
  }

  dispose(): void {
    if (this.#state === undefined) return;
    this.#speex.module._speex_resampler_destroy(this.#state);
    this.#state = undefined;
    this.#output = NOTHING;
  }

  #live(): number {
    if (this.#state === undefined) throw disposed(this.#fromHz, this.#toHz);
    return this.#state;
  }

  #run(state: number, input: Int16Array): Int16Array {
    const { module, inputAt, outputAt, inputCountAt, outputCountAt } = this.#speex;
    const output = this.#outputFor(input.length);
    let consumed = 0;
    let produced = 0;
    while (consumed < input.length) {
      // The views are taken from the module each time: they are replaced when the heap grows.
      const offered = Math.min(BLOCK_SAMPLES, input.length - consumed);
      module.HEAP16.set(input.subarray(consumed, consumed + offered), inputAt >> 1);
      module.HEAP32[inputCountAt >> 2] = offered;
      module.HEAP32[outputCountAt >> 2] = OUTPUT_BLOCK_SAMPLES;
      const code = module._speex_resampler_process_int(
        state,
        0,
        inputAt,
        inputCountAt,
        outputAt,
        outputCountAt,
      );
      const took = module.HEAP32[inputCountAt >> 2] ?? 0;
      const gave = module.HEAP32[outputCountAt >> 2] ?? 0;
      if (code !== 0 || (took === 0 && gave === 0)) {
        throw new AudioError(
          'AUDIO_RESAMPLER_FAILED',
          `${this.#fromHz} to ${this.#toHz} Hz: of ${offered} samples ${took} were taken (SpeexDSP error ${code})`,
        );
      }
      output.set(module.HEAP16.subarray(outputAt >> 1, (outputAt >> 1) + gave), produced);
      consumed += took;
      produced += gave;
    }
    return output.subarray(0, produced);
  }

  #outputFor(inputSamples: number): Int16Array {
    // One sample more than the ratio says can come when the last chunk ended between two output samples.
    const samples = Math.ceil((inputSamples * this.#toHz) / this.#fromHz) + 1;
    if (samples <= this.#output.length) return this.#output;
    const output = new Int16Array(samples);
    if (samples <= KEPT_OUTPUT_SAMPLES) this.#output = output;
    return output;
  }
}

function disposed(fromHz: number, toHz: number): AudioError {
  return new AudioError(
    'AUDIO_RESAMPLER_DISPOSED',
    `the resampler from ${fromHz} to ${toHz} Hz was used after it was disposed`,
  );
}
