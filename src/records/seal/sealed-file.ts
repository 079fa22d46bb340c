import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { Chance } from '../../time/index.ts';
import { derived, keyById, type SealKeys } from './keys.ts';
import { randomBytes } from './sealed-text.ts';

/*
 * A sealed file, version 1; numbers are little-endian.
 *
 * | bytes | what                                                                     |
 * | ----- | ------------------------------------------------------------------------ |
 * | 8     | "BAARISL1"                                                               |
 * | 8     | the id of the key                                                        |
 * | 16    | the salt of the file: its own key is HKDF-SHA-256(key, salt)             |
 * | 4     | content of the first segment, bytes                                      |
 * | 4     | content of each further segment, bytes; only the last may have less      |
 *
 * Then the segments: a nonce of 12 bytes, made anew for each writing, the content in AES-256-GCM, a tag of 16 bytes. What is
 * authenticated beside the content is the head, the segment's number (4 bytes) and 0, or 1 for the end: an empty segment that
 * only a complete file has. A file without it can be read up to its last whole segment.
 */
const magic = Buffer.from('BAARISL1');
export const headBytes = 40;
const nonceBytes = 12;
const tagBytes = 16;
const overheadBytes = nonceBytes + tagBytes;
/** Content of a segment of a file that is sealed at once, bytes. */
const usualBytes = 65_536;
/** Longest segment that is believed, bytes. */
const mostBytes = 1_048_576;

/** Content of the first segment and of each further one, bytes. */
export interface SegmentLengths {
  readonly firstBytes: number;
  readonly blockBytes: number;
}

/** Whether a file that begins like this is sealed. */
export function isSealed(beginning: Buffer): boolean {
  return beginning.subarray(0, magic.length).equals(magic);
}

/** Seals and opens the segments of one file. */
export class Segments {
  readonly head: Buffer;
  readonly #key: Buffer;
  readonly #lengths: SegmentLengths;

  private constructor(head: Buffer, key: Buffer, lengths: SegmentLengths) {
    this.head = head;
    this.#key = key;
    this.#lengths = lengths;
  }

  /** Of a file that is begun. */
  static begin(lengths: SegmentLengths, { sealing }: SealKeys, chance: Chance): Segments {
    const salt = randomBytes(chance, 16);
    const sizes = Buffer.alloc(8);
    sizes.writeUInt32LE(lengths.firstBytes, 0);
    sizes.writeUInt32LE(lengths.blockBytes, 4);
    return new Segments(Buffer.concat([magic, sealing.id, salt, sizes]), derived(sealing, salt), lengths);
  }

  /** Of a file that begins with `head`. @throws Error when it is not one, or its key is not there */
  static of(head: Buffer, keys: SealKeys | undefined): Segments {
    if (head.length < headBytes || !isSealed(head)) throw new Error('expected a sealed file, found another');
    const lengths = { firstBytes: head.readUInt32LE(32), blockBytes: head.readUInt32LE(36) };
    for (const bytes of Object.values(lengths))
      if (bytes < 1 || bytes > mostBytes)
        throw new Error(`expected segments of 1 to ${mostBytes} bytes, found ${bytes}`);
    const key = keyById(keys, head.subarray(8, 16));
    return new Segments(head.subarray(0, headBytes), derived(key, head.subarray(16, 32)), lengths);
  }

  /** Where a segment begins in the file. */
  position(index: number): number {
    const { firstBytes, blockBytes } = this.#lengths;
    if (index === 0) return headBytes;
    return headBytes + firstBytes + overheadBytes + (index - 1) * (blockBytes + overheadBytes);
  }

  /** The segment that has this byte of the content, and where its content begins. */
  holding(byte: number): { readonly index: number; readonly first: number } {
    const { firstBytes, blockBytes } = this.#lengths;
    if (byte < firstBytes) return { index: 0, first: 0 };
    const index = 1 + Math.floor((byte - firstBytes) / blockBytes);
    return { index, first: firstBytes + (index - 1) * blockBytes };
  }

  /** How many segments there are room for in a file of this length without its end, the last one perhaps short or torn. */
  count(fileBytes: number): number {
    const { firstBytes, blockBytes } = this.#lengths;
    const body = fileBytes - headBytes;
    if (body <= 0) return 0;
    return 1 + Math.max(0, Math.ceil((body - firstBytes - overheadBytes) / (blockBytes + overheadBytes)));
  }

  /** The bytes of content in a file of this length without its end. */
  contentBytes(fileBytes: number): number {
    return Math.max(0, fileBytes - headBytes - this.count(fileBytes) * overheadBytes);
  }

  seal(content: Uint8Array, index: number, chance: Chance, isEnd = false): Buffer {
    const nonce = randomBytes(chance, nonceBytes);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce).setAAD(this.#about(index, isEnd));
    return Buffer.concat([nonce, cipher.update(content), cipher.final(), cipher.getAuthTag()]);
  }

  /** The content of a segment; undefined when it is torn, changed or of another place. */
  open(segment: Buffer, index: number, isEnd = false): Buffer | undefined {
    if (segment.length < overheadBytes) return undefined;
    try {
      const opened = createDecipheriv('aes-256-gcm', this.#key, segment.subarray(0, nonceBytes))
        .setAAD(this.#about(index, isEnd))
        .setAuthTag(segment.subarray(-tagBytes));
      return Buffer.concat([opened.update(segment.subarray(nonceBytes, -tagBytes)), opened.final()]);
    } catch {
      return undefined;
    }
  }

  #about(index: number, isEnd: boolean): Buffer {
    const place = Buffer.alloc(5);
    place.writeUInt32LE(index, 0);
    place.writeUInt8(isEnd ? 1 : 0, 4);
    return Buffer.concat([this.head, place]);
  }
}

/** Seals a whole file. */
export function sealFile(content: Uint8Array, keys: SealKeys, chance: Chance): Buffer {
  const segments = Segments.begin({ firstBytes: usualBytes, blockBytes: usualBytes }, keys, chance);
  const parts = [segments.head];
  let index = 0;
  for (let at = 0; at < content.length; at += usualBytes, index += 1)
    parts.push(segments.seal(content.subarray(at, at + usualBytes), index, chance));
  return Buffer.concat([...parts, segments.seal(Buffer.alloc(0), index, chance, true)]);
}

/** Bytes of a file from one position on, as many as there are up to `bytes`. */
export type ReadBytes = (position: number, bytes: number) => Promise<Buffer>;

/** A sealed file that is read. */
export interface SealedContent {
  readonly sizeBytes: number;
  /** Whether it has its end; one that has not is of a call that runs or was cut off. */
  readonly isComplete: boolean;
  readonly segments: Segments;
  /** Length of the file without its end and without a torn segment. */
  readonly usableBytes: number;
  /** The content from one byte to another, both included, piece by piece. @throws Error when it was changed */
  read(first: number, last: number): AsyncGenerator<Buffer>;
}

/** Opens a sealed file of `fileBytes` bytes. @throws Error for a wrong key, or a file that was changed */
export async function openSealed(
  fileBytes: number,
  read: ReadBytes,
  keys: SealKeys | undefined,
): Promise<SealedContent> {
  const segments = Segments.of(await read(0, headBytes), keys);
  const body = fileBytes - overheadBytes;
  const end = body >= headBytes ? await read(body, overheadBytes) : Buffer.alloc(0);
  const isComplete = segments.open(end, segments.count(body), true) !== undefined;
  const usable = isComplete ? body : await upToLastWhole(fileBytes, segments, read);
  const sizeBytes = segments.contentBytes(usable);
  return {
    sizeBytes,
    isComplete,
    segments,
    usableBytes: usable,
    async *read(first, last) {
      for (let byte = first; byte <= Math.min(last, sizeBytes - 1); ) {
        const { index, first: begins } = segments.holding(byte);
        const position = segments.position(index);
        const upTo = Math.min(segments.position(index + 1), usable);
        const content = segments.open(await read(position, upTo - position), index);
        if (!content) throw new Error(`segment ${index} of a sealed file was changed`);
        yield content.subarray(byte - begins, last - begins + 1);
        byte = begins + content.length;
      }
    },
  };
}

/** The last segment of a file that is not complete may be torn: it was being written. */
async function upToLastWhole(fileBytes: number, segments: Segments, read: ReadBytes): Promise<number> {
  const count = segments.count(fileBytes);
  if (count === 0) return headBytes;
  const position = segments.position(count - 1);
  const last = await read(position, fileBytes - position);
  // the head and the first segment are written at once
  const first = count === 1 ? last : await read(headBytes, segments.position(1) - headBytes);
  if (!segments.open(first, 0)) throw new Error('the beginning of a sealed file was changed');
  return segments.open(last, count - 1) ? fileBytes : position;
}
