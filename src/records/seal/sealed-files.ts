import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { ByteRange, OpenedFile, RecordFileName, StoredFiles } from '../store/record-store.ts';
import type { SealKeys } from './keys.ts';
import { headBytes, isSealed, openSealed, type ReadBytes } from './sealed-file.ts';
import { openLines } from './sealed-text.ts';

/** Bytes of the place of files that are read at once for one segment after the other. */
const aheadBytes = 1_048_576;

/** Opens what is sealed in another place of files; what is not sealed is given as it is. */
export class SealedFiles implements StoredFiles {
  readonly #inner: StoredFiles;
  readonly #keys: SealKeys | undefined;

  constructor(inner: StoredFiles, keys: SealKeys | undefined) {
    this.#inner = inner;
    this.#keys = keys;
  }

  stow(callId: string): Promise<void> {
    return this.#inner.stow(callId);
  }

  async open(callId: string, file: RecordFileName, range?: ByteRange): Promise<OpenedFile | undefined> {
    const beginning = await this.#inner.open(callId, file, { first: 0, last: headBytes - 1 });
    if (!beginning) return undefined;
    const head = await buffer(beginning.stream);
    if (isSealed(head)) return this.#openSealed(callId, file, beginning.sizeBytes, range);
    if (!head.toString().startsWith('{"n":')) return this.#inner.open(callId, file, range);
    const whole = await this.#inner.open(callId, file);
    if (!whole) return undefined;
    const text = openLines((await buffer(whole.stream)).toString(), `${callId}/${file}`, this.#keys);
    const bytes = Buffer.from(text);
    const { first = 0, last = bytes.length - 1 } = range ?? {};
    return {
      sizeBytes: bytes.length,
      stream: Readable.from([bytes.subarray(first, last + 1)], { objectMode: false }),
    };
  }

  remove(callIds: readonly string[]): Promise<void> {
    return this.#inner.remove(callIds);
  }

  close(): Promise<void> {
    return this.#inner.close();
  }

  async #openSealed(
    callId: string,
    file: RecordFileName,
    fileBytes: number,
    range: ByteRange | undefined,
  ): Promise<OpenedFile> {
    const read = this.#ahead(callId, file, fileBytes, range);
    const content = await openSealed(fileBytes, read, this.#keys);
    const { sizeBytes } = content;
    const { first = 0, last = sizeBytes - 1 } = range ?? {};
    return { sizeBytes, stream: Readable.from(content.read(first, last), { objectMode: false }) };
  }

  /** Reads more than it is asked for where much will be read, so that S3 is not asked for each segment. */
  #ahead(callId: string, file: RecordFileName, fileBytes: number, range: ByteRange | undefined): ReadBytes {
    let had = { position: 0, bytes: Buffer.alloc(0) };
    const wantedBytes = Math.min(aheadBytes, (range?.last ?? fileBytes) - (range?.first ?? 0));
    return async (position, bytes) => {
      const at = position - had.position;
      if (at >= 0 && at + bytes <= had.bytes.length) return had.bytes.subarray(at, at + bytes);
      const last = Math.min(position + Math.max(bytes, wantedBytes), fileBytes) - 1;
      const found = await this.#inner.open(callId, file, { first: position, last });
      had = { position, bytes: found ? await buffer(found.stream) : Buffer.alloc(0) };
      return had.bytes.subarray(0, bytes);
    };
  }
}
