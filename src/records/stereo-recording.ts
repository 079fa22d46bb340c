import { createWavWriter, type WavWriter, type WavWriterOptions } from '../audio/index.ts';

/** What a stereo recording is opened with. */
export interface StereoRecordingOptions {
  readonly path: string;
  readonly sampleRateHz: number;
  readonly onError: (error: Error) => void;
  /** Opens the file; a plain one unless told otherwise. */
  readonly openFile?: WavWriterOptions['openFile'] | undefined;
  /** Whether a failed write is to be tried again. */
  readonly again?: (failures: number, error: unknown) => Promise<boolean>;
}

/** Pieces of the agent's audio whose places differ by less than this follow each other without a seam, ms. */
const seamMs = 45;

/**
 * Left the caller as received, right the agent as heard, on the sample clock of the caller's stream.
 *
 * Invariant: what is written for a moment is what was still to be heard at that moment; a `clear` changes only what comes.
 */
export class StereoRecording {
  readonly #writer: WavWriter;
  readonly #rateHz: number;
  /** What is being mixed; the writer copies it. */
  #stereo = new Int16Array(0);
  #position = 0;
  #agentEnd = 0;
  #agent: { start: number; pcm: Int16Array }[] = [];

  constructor({ path, sampleRateHz, onError, again, openFile }: StereoRecordingOptions) {
    this.#rateHz = sampleRateHz;
    this.#writer = createWavWriter({
      path,
      sampleRateHz,
      channels: 2,
      onError,
      openFile,
      ...(again && { again }),
    });
  }

  /** The caller's next samples; they drive the recording. */
  caller(pcm: Int16Array): void {
    if (this.#stereo.length < pcm.length * 2) this.#stereo = new Int16Array(pcm.length * 2);
    const stereo = this.#stereo.subarray(0, pcm.length * 2);
    stereo.fill(0);
    for (let i = 0; i < pcm.length; i += 1) stereo[2 * i] = pcm[i] ?? 0;
    const end = this.#position + pcm.length;
    while (this.#agent.length > 0) {
      const piece = this.#agent[0];
      if (!piece || piece.start >= end) break;
      this.#mix(stereo, piece);
      if (piece.start + piece.pcm.length > end) break;
      this.#agent.shift();
    }
    this.#position = end;
    this.#writer.append(stereo);
  }

  /** The agent's `pcm` will be heard in `inMs`; it is copied. */
  agent(pcm: Int16Array, inMs: number): void {
    const place = this.#place(inMs);
    const isSeamless = Math.abs(place - this.#agentEnd) < (seamMs * this.#rateHz) / 1000;
    const start = Math.max(isSeamless ? this.#position : place, this.#agentEnd);
    this.#agent.push({ start, pcm: pcm.slice() });
    this.#agentEnd = start + pcm.length;
  }

  /** What was to be heard later than in `inMs` will not be. */
  cleared(inMs: number): void {
    const at = this.#place(inMs);
    this.#agent = this.#agent
      .filter(({ start }) => start < at)
      .map(({ start, pcm }) => ({ start, pcm: pcm.subarray(0, at - start) }));
    this.#agentEnd = Math.min(this.#agentEnd, at);
  }

  /** Completes the file; resolves when it is closed, or has failed. */
  close(): Promise<void> {
    return this.#writer.close();
  }

  #place(inMs: number): number {
    return this.#position + Math.round((inMs * this.#rateHz) / 1000);
  }

  #mix(stereo: Int16Array, { start, pcm }: { start: number; pcm: Int16Array }): void {
    const from = Math.max(start, this.#position);
    const to = Math.min(start + pcm.length, this.#position + stereo.length / 2);
    for (let at = from; at < to; at += 1) stereo[2 * (at - this.#position) + 1] = pcm[at - start] ?? 0;
  }
}
