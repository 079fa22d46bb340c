import { frameSamples, type LineCommand, type LineReport, lineProcessor } from './line-messages.ts';
import { PhoneQueue } from './phone-queue.ts';

/** Both ends of the line, on the audio thread: frames of what is spoken go out, the queue of what is heard plays. */
class LineProcessor extends AudioWorkletProcessor {
  readonly #queue = new PhoneQueue();
  #frame = new Int16Array(frameSamples);
  #filled = 0;
  #spokenPeak = 0;
  #heardPeak = 0;

  constructor() {
    super();
    this.port.onmessage = ({ data }: MessageEvent<LineCommand>) => this.#obey(data);
  }

  override process([input]: Float32Array[][], [output]: Float32Array[][]): boolean {
    const heard = output?.[0];
    if (heard) {
      const marks = this.#queue.pull(heard);
      if (marks.length > 0) this.#tell({ type: 'played', marks });
      for (const sample of heard) this.#heardPeak = Math.max(this.#heardPeak, Math.abs(sample));
    }
    // without a microphone the line is silent, not dead
    const silence = heard?.length ?? 128;
    this.#speak(input?.[0] ?? new Float32Array(silence));
    return true;
  }

  #speak(spoken: Float32Array): void {
    for (const sample of spoken) {
      const kept = Math.max(-1, Math.min(1, sample));
      this.#spokenPeak = Math.max(this.#spokenPeak, Math.abs(kept));
      this.#frame[this.#filled] = Math.round(kept * 32_767);
      this.#filled += 1;
      if (this.#filled === frameSamples) this.#send();
    }
  }

  #send(): void {
    const { depth, gaps } = this.#queue;
    const report: LineReport = {
      type: 'spoken',
      pcm: this.#frame,
      spokenPeak: this.#spokenPeak,
      heardPeak: this.#heardPeak,
      queuedMs: (depth * 1000) / sampleRate,
      gaps,
    };
    this.port.postMessage(report, [this.#frame.buffer]);
    this.#frame = new Int16Array(frameSamples);
    this.#filled = 0;
    this.#spokenPeak = 0;
    this.#heardPeak = 0;
  }

  #obey(command: LineCommand): void {
    if (command.type === 'play') this.#queue.push(command.samples);
    else if (command.type === 'mark') this.#queue.mark(command.name);
    else this.#tell({ type: 'cleared', marks: this.#queue.clear().marks });
  }

  #tell(report: LineReport): void {
    this.port.postMessage(report);
  }
}

registerProcessor(lineProcessor, LineProcessor);
