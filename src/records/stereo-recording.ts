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
/** What is mixed at once, ms: a caller's frames are gathered for it. */
const mixedMs = 100;

/**
 * Left the caller as received, right the agent as heard, on the sample clock of the caller's stream.
 *
 * Invariant: what is written for a moment is what was still to be heard at that moment; a `clear` changes only what comes.
 */
export class StereoRecording {
  readonly #writer: WavWriter;
  readonly #rateHz: number;
  /** What is gathered to be mixed, the caller in it already; the writer copies it. */
  readonly #stereo: Int16Array;
  /** Samples of the caller in it. */
  #gathered = 0;
  /** Samples of the caller in all. */
  #position = 0;
  #agentEnd = 0;
  #agent: Piece[] = [];

  constructor({ path, sampleRateHz, onError, again, openFile }: StereoRecordingOptions) {
    this.#rateHz = sampleRateHz;
    this.#stereo = new Int16Array((2 * mixedMs * sampleRateHz) / 1000);
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
    const stereo = this.#stereo;
    for (const sample of pcm) {
      stereo[2 * this.#gathered] = sample;
      this.#gathered += 1;
      this.#position += 1;
      if (2 * this.#gathered === stereo.length) this.#write();
    }
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
    this.#write();
    return this.#writer.close();
  }

  #place(inMs: number): number {
    return this.#position + Math.round((inMs * this.#rateHz) / 1000);
  }

  /** Mixes the agent into what is gathered, and hands it over. */
  #write(): void {
    const from = this.#position - this.#gathered;
    const stereo = this.#stereo.subarray(0, 2 * this.#gathered);
    for (const piece of this.#agent) mix(stereo, from, piece);
    this.#agent = this.#agent.filter(({ start, pcm }) => start + pcm.length > this.#position);
    this.#writer.append(stereo);
    this.#stereo.fill(0);
    this.#gathered = 0;
  }
}

/** A piece of the agent's audio, and the sample of the caller's stream at which it is heard. */
interface Piece {
  readonly start: number;
  readonly pcm: Int16Array;
}

/** Adds a piece to the right of `stereo`, which begins at `from`, as far as it lies in it. */
function mix(stereo: Int16Array, from: number, { start, pcm }: Piece): void {
  const to = Math.min(start + pcm.length, from + stereo.length / 2);
  for (let at = Math.max(start, from); at < to; at += 1) stereo[2 * (at - from) + 1] = pcm[at - start] ?? 0;
}
