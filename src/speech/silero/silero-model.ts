import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { type FrameBatch, mostSeats, sileroFrameSamples } from './frame-batch.ts';

/** Silero VAD: at 8 kHz the model wants the last 32 samples before the frame in front of it. */
const contextSamples = 32;
const inputSamples = contextSamples + sileroFrameSamples;
/** Silero VAD: two layers of 128 values are handed from frame to frame. */
const layerValues = 128;
const fullScale = 32_768;

type Runtime = typeof import('onnxruntime-node');

/** Silero VAD 6.2 at 8 kHz: scores one frame of each of many calls in one run and remembers each call between runs. */
export class SileroModel {
  readonly #session: InferenceSession;
  readonly #tensor: Runtime['Tensor'];
  readonly #rate: Tensor;
  /** By seat: the context, then both layers. */
  readonly #memories: (Float32Array | undefined)[] = [];
  readonly #input = new Float32Array(mostSeats * inputSamples);
  readonly #state = new Float32Array(mostSeats * layerValues * 2);
  readonly #nextState = new Float32Array(mostSeats * layerValues * 2);
  readonly #output = new Float32Array(mostSeats);

  private constructor(session: InferenceSession, tensor: Runtime['Tensor']) {
    this.#session = session;
    this.#tensor = tensor;
    this.#rate = new tensor('int64', BigInt64Array.of(8000n), []);
  }

  /**
   * Loads the runtime with the weights of `silero-vad-v6.2.onnx`.
   *
   * @throws Error when `onnxruntime-node` is not installed or does not load, or the weights are not a model
   */
  static async load(modelBytes: Uint8Array): Promise<SileroModel> {
    const { InferenceSession, Tensor } = await import('onnxruntime-node');
    // one thread: a run is short, and the other cores belong to the calls
    const session = await InferenceSession.create(modelBytes, {
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      graphOptimizationLevel: 'all',
      logSeverityLevel: 3,
    });
    return new SileroModel(session, Tensor);
  }

  /**
   * Scores the first `frames` rows of `batch` in place; one run at a time.
   *
   * A frame's score depends on its seat's frames alone, to the bit, and not on what else is in the batch.
   */
  async score(batch: FrameBatch, frames: number): Promise<void> {
    for (let row = 0; row < frames; row += 1) this.#gather(batch, row, frames);
    await this.#session.run(
      {
        input: this.#rows(this.#input, [frames, inputSamples]),
        state: this.#rows(this.#state, [2, frames, layerValues]),
        sr: this.#rate,
      },
      {
        output: this.#rows(this.#output, [frames, 1]),
        stateN: this.#rows(this.#nextState, [2, frames, layerValues]),
      },
    );
    for (let row = 0; row < frames; row += 1) this.#scatter(batch, row, frames);
  }

  async release(): Promise<void> {
    await this.#session.release();
  }

  #gather({ seats, isFirst, samples }: FrameBatch, row: number, frames: number): void {
    const memory = this.#memoryOf(seats[row] ?? 0);
    if (isFirst[row]) memory.fill(0);
    const inputAt = row * inputSamples;
    for (let i = 0; i < contextSamples; i += 1) this.#input[inputAt + i] = memory[i] ?? 0;
    const framesAt = inputAt + contextSamples;
    const samplesAt = row * sileroFrameSamples;
    for (let i = 0; i < sileroFrameSamples; i += 1) {
      this.#input[framesAt + i] = (samples[samplesAt + i] ?? 0) / fullScale;
    }
    for (let layer = 0; layer < 2; layer += 1) {
      const stateAt = (layer * frames + row) * layerValues;
      const memoryAt = contextSamples + layer * layerValues;
      for (let i = 0; i < layerValues; i += 1) this.#state[stateAt + i] = memory[memoryAt + i] ?? 0;
    }
  }

  #scatter({ seats, scores }: FrameBatch, row: number, frames: number): void {
    const memory = this.#memoryOf(seats[row] ?? 0);
    const contextAt = (row + 1) * inputSamples - contextSamples;
    for (let i = 0; i < contextSamples; i += 1) memory[i] = this.#input[contextAt + i] ?? 0;
    for (let layer = 0; layer < 2; layer += 1) {
      const stateAt = (layer * frames + row) * layerValues;
      const memoryAt = contextSamples + layer * layerValues;
      for (let i = 0; i < layerValues; i += 1) memory[memoryAt + i] = this.#nextState[stateAt + i] ?? 0;
    }
    scores[row] = this.#output[row] ?? 0;
  }

  #memoryOf(seat: number): Float32Array {
    let memory = this.#memories[seat];
    if (!memory) {
      memory = new Float32Array(contextSamples + 2 * layerValues);
      this.#memories[seat] = memory;
    }
    return memory;
  }

  #rows(values: Float32Array, shape: number[]): Tensor {
    const count = shape.reduce((product, size) => product * size, 1);
    return new this.#tensor('float32', values.subarray(0, count), shape);
  }
}
