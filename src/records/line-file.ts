import type { Patience } from './patience.ts';
import type { RecordDisk } from './record-disk.ts';

/** Text that waits for a disk that takes nothing, characters of one file; beyond it the newest lines are dropped and counted. */
const longestWaiting = 1_000_000;

/** What a line file is opened with. */
export interface LineFileOptions {
  readonly path: string;
  readonly disk: RecordDisk;
  readonly patience: Patience;
  /** Told of the first of several failures in a row. */
  readonly onError: (error: Error) => void;
}

/** A file of JSON lines that grows while the call runs; never throws, and keeps what the disk does not take. */
export class LineFile {
  readonly #o: LineFileOptions;
  #lines: string[] = [];
  #waiting = 0;
  #working: Promise<void> | undefined;
  /** Lines that were never written. */
  lost = 0;

  constructor(options: LineFileOptions) {
    this.#o = options;
  }

  add(line: object): void {
    const text = `${JSON.stringify(line)}\n`;
    if (this.#waiting + text.length > longestWaiting) {
      if (this.lost === 0) this.#o.onError(new Error('records wait for the disk: lines are dropped'));
      this.lost += 1;
      return;
    }
    this.#lines.push(text);
    this.#waiting += text.length;
    this.#work();
  }

  /** Resolves when all lines are written or given up. */
  async settled(): Promise<void> {
    while (this.#working) await this.#working;
  }

  #work(): void {
    this.#working ??= this.#write().finally(() => {
      this.#working = undefined;
      if (this.#lines.length > 0) this.#work();
    });
  }

  async #write(): Promise<void> {
    const lines = this.#lines;
    const { disk, path, patience, onError } = this.#o;
    this.#lines = [];
    const text = lines.join('');
    const isWritten = await insist(() => disk.append(path, text), patience, onError);
    this.#waiting -= text.length;
    if (!isWritten) this.lost += lines.length;
  }
}

/** Tries `write` until it succeeds or patience ends; resolves with whether it did. */
export async function insist(
  write: () => Promise<void>,
  patience: Patience,
  onError: (error: Error) => void,
): Promise<boolean> {
  for (let failures = 1; ; failures += 1) {
    try {
      await write();
      return true;
    } catch (error) {
      if (failures === 1) onError(asError(error));
      if (!(await patience.again(failures))) return false;
    }
  }
}

/** What was thrown, as an error. */
export function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error('the record could not be written');
}
