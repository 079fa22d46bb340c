import { type FileHandle, open } from 'node:fs/promises';
import { AudioError, type AudioErrorCode } from './errors.ts';
import { pcm16ToBytes } from './pcm16.ts';
import { UNKNOWN_DATA_BYTES, WAV_HEADER_BYTES, type WavFormat, wavHeader } from './wav.ts';

/** Audio is handed to the disk in pieces of this size: half a second of stereo at 8 kHz, so that a crash costs less than one. */
const BLOCK_BYTES = 16_000;
/** Audio that may wait for a slow disk unless told otherwise: half a minute of stereo at 8 kHz. */
const MAX_WAITING_BYTES = 960_000;
/** The longest recording a WAV header can describe, in whole stereo frames. */
const MAX_DATA_BYTES = UNKNOWN_DATA_BYTES - 39;

/** The lengths in which a {@link WavFile} is written, bytes: the header, then blocks, of which only the last is shorter. */
export interface WavLayout {
  readonly headerBytes: number;
  readonly blockBytes: number;
}

/** Where a recording is written; whatever is written may be written again. */
export interface WavFile {
  /** Writes the header, at 0, or a block behind those before. */
  write(bytes: Buffer, position: number): Promise<void>;
  /** The recording is complete. */
  end(): Promise<void>;
  close(): Promise<void>;
}

/** What a {@link WavWriter} needs to know. */
export interface WavWriterOptions extends WavFormat {
  /** The file to create or replace; its folder must exist. */
  readonly path: string;
  /** Told of each kind of failure once; must not throw. */
  readonly onError: (error: AudioError) => void;
  /** Opens the file; a plain one unless told otherwise. */
  readonly openFile?: ((path: string, layout: WavLayout) => Promise<WavFile>) | undefined;
  /** Audio that may wait for the disk, bytes; what comes above it is recorded as silence of the same length. */
  readonly maxWaitingBytes?: number;
  /** The length at which the recording ends, bytes of audio. */
  readonly maxDataBytes?: number;
  /** Asked after a failed write, with the number of failures in a row: resolves with true when it is to be tried again. */
  readonly again?: (failures: number, error: unknown) => Promise<boolean>;
}

/** A recording that is being written; neither method ever throws or rejects. */
export interface WavWriter {
  /** Adds interleaved samples, left first; they are copied, so the caller may reuse the array at once. */
  append(interleaved: Int16Array): void;
  /** Writes what waits, then the lengths into the header. Resolves when the file is closed, or has failed. */
  close(): Promise<void>;
}

/** Starts a recording: a file that is readable at any time, even if it is never closed. */
export function createWavWriter(options: WavWriterOptions): WavWriter {
  return new BlockWavWriter(options);
}

class BlockWavWriter implements WavWriter {
  readonly #options: WavWriterOptions;
  readonly #frameBytes: number;
  readonly #maxBlocks: number;
  readonly #maxDataBytes: number;
  readonly #reported = new Set<AudioErrorCode>();
  /** Oldest first; all but the last are full. */
  readonly #blocks: Buffer[] = [];
  readonly #spare: Buffer[] = [];
  #lastBlockBytes = BLOCK_BYTES;
  /** Silence that stands for audio there was no room for; it comes after the blocks and before new audio. */
  #gapBytes = 0;
  #acceptedBytes = 0;
  #writtenBytes = 0;
  #file: WavFile | undefined;
  #failed = false;
  #working: Promise<void> | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: WavWriterOptions) {
    this.#options = options;
    this.#frameBytes = options.channels * 2;
    this.#maxBlocks = Math.max(2, Math.floor((options.maxWaitingBytes ?? MAX_WAITING_BYTES) / BLOCK_BYTES));
    const limit = options.maxDataBytes ?? MAX_DATA_BYTES;
    this.#maxDataBytes = limit - (limit % this.#frameBytes);
    this.#work();
  }

  append(interleaved: Int16Array): void {
    if (this.#closing) {
      this.#report('AUDIO_WRITER_CLOSED', 'audio came after the recording was closed');
    } else if (interleaved.byteLength % this.#frameBytes !== 0) {
      const frames = `whole frames of ${this.#options.channels} samples`;
      this.#report('AUDIO_BAD_FRAME', `expected ${frames}, found ${interleaved.length} samples: left out`);
    } else if (!this.#failed) {
      this.#accept(pcm16ToBytes(interleaved));
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#finish();
    return this.#closing;
  }

  #accept(offered: Buffer): void {
    const bytes = offered.subarray(0, this.#maxDataBytes - this.#acceptedBytes);
    this.#acceptedBytes += bytes.length;
    this.#place(bytes);
    if (bytes.length < offered.length) {
      this.#report(
        'AUDIO_TOO_LONG',
        `the recording ends at its limit of ${this.#maxDataBytes} bytes of audio`,
      );
    }
    if (this.#blocks.length > 1) this.#work();
  }

  #place(bytes: Buffer): void {
    this.#placeGap();
    const placed =
      this.#gapBytes > 0 ? 0 : this.#fill(bytes.length, (at, count) => bytes.subarray(at, at + count));
    if (placed === bytes.length) return;
    this.#gapBytes += bytes.length - placed;
    const waiting = `${this.#maxBlocks * BLOCK_BYTES} bytes wait for the disk`;
    this.#report('AUDIO_WRITER_BEHIND', `${waiting}: audio is recorded as silence until there is room`);
  }

  #placeGap(): void {
    this.#gapBytes -= this.#fill(this.#gapBytes, (_, count) => Buffer.alloc(count));
  }

  /** Fills blocks with `bytes` bytes from `piece` as far as there is room; returns how many found it. */
  #fill(bytes: number, piece: (at: number, count: number) => Buffer): number {
    let placed = 0;
    while (placed < bytes) {
      if (this.#lastBlockBytes === BLOCK_BYTES || this.#blocks.length === 0) {
        if (this.#blocks.length >= this.#maxBlocks) break;
        this.#blocks.push(this.#spare.pop() ?? Buffer.allocUnsafeSlow(BLOCK_BYTES));
        this.#lastBlockBytes = 0;
      }
      const count = Math.min(bytes - placed, BLOCK_BYTES - this.#lastBlockBytes);
      this.#blocks.at(-1)?.set(piece(placed, count), this.#lastBlockBytes);
      this.#lastBlockBytes += count;
      placed += count;
    }
    return placed;
  }

  /** Opens the file and writes full blocks, one worker at a time; a failure ends the recording. */
  #work(): void {
    if (this.#working || this.#failed) return;
    this.#working = this.#persist(() => this.#writeFullBlocks()).finally(() => {
      this.#working = undefined;
    });
  }

  /** Repeats `write` for as long as it is to be tried again; what was written before stays. */
  async #persist(write: () => Promise<void>): Promise<void> {
    for (let failures = 1; ; failures += 1) {
      try {
        return await write();
      } catch (error) {
        if (!(await this.#options.again?.(failures, error))) return this.#fail(error);
      }
    }
  }

  async #writeFullBlocks(): Promise<void> {
    if (!this.#file) {
      const layout = { headerBytes: WAV_HEADER_BYTES, blockBytes: BLOCK_BYTES };
      this.#file = await (this.#options.openFile ?? openPlain)(this.#options.path, layout);
      await this.#file.write(wavHeader(this.#options, UNKNOWN_DATA_BYTES), 0);
    }
    while (this.#blocks.length > 1) {
      await this.#writeOldestBlock(BLOCK_BYTES);
      this.#placeGap();
    }
  }

  async #writeOldestBlock(bytes: number): Promise<void> {
    const block = this.#blocks[0];
    if (!block) return;
    await this.#file?.write(block.subarray(0, bytes), WAV_HEADER_BYTES + this.#writtenBytes);
    this.#writtenBytes += bytes;
    this.#blocks.shift();
    if (this.#spare.length === 0) this.#spare.push(block);
  }

  async #finish(): Promise<void> {
    while (this.#working) await this.#working;
    if (!this.#failed) await this.#persist(() => this.#writeRest());
    try {
      await this.#file?.close();
    } catch (error) {
      this.#fail(error);
    }
  }

  async #writeRest(): Promise<void> {
    await this.#writeFullBlocks();
    while (this.#blocks.length > 0 || this.#gapBytes > 0) {
      this.#placeGap();
      await this.#writeOldestBlock(this.#blocks.length > 1 ? BLOCK_BYTES : this.#lastBlockBytes);
    }
    await this.#file?.write(wavHeader(this.#options, this.#writtenBytes), 0);
    await this.#file?.end();
  }

  #fail(error: unknown): void {
    this.#failed = true;
    this.#blocks.length = 0;
    this.#spare.length = 0;
    this.#gapBytes = 0;
    const reason = error instanceof Error ? error.message : String(error);
    this.#report(
      'AUDIO_WRITER_FAILED',
      `the recording ends after ${this.#writtenBytes} bytes: ${reason}`,
      error,
    );
  }

  #report(code: AudioErrorCode, message: string, cause?: unknown): void {
    if (this.#reported.has(code)) return;
    this.#reported.add(code);
    this.#options.onError(new AudioError(code, `${this.#options.path}: ${message}`, { cause }));
  }
}

/** A file whose bytes stand where they belong. */
async function openPlain(path: string): Promise<WavFile> {
  const file: FileHandle = await open(path, 'w');
  return {
    async write(bytes, position) {
      for (let at = 0; at < bytes.length; ) {
        const { bytesWritten } = await file.write(bytes, at, bytes.length - at, position + at);
        if (bytesWritten === 0) throw new Error('the disk took no more bytes');
        at += bytesWritten;
      }
    },
    end: async () => undefined,
    close: () => file.close(),
  };
}
