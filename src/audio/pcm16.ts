import { AudioError } from './errors.ts';

// Invariant of this room: samples are Int16Array in host order, and every host Node supports here is
// little-endian, so a view is enough where the bytes are aligned.

const BYTES_PER_SAMPLE = 2;

/** The largest decoded payload a {@link Pcm16Base64Decoder} accepts unless told otherwise: 21.8 s at 24 kHz. */
const MAX_DECODED_BYTES = 1_048_576;
const FIRST_SCRATCH_BYTES = 8_192;

/**
 * Little-endian PCM16 `bytes` as samples: a view on the same memory when it is 2-byte aligned, else a copy.
 *
 * @throws AudioError `AUDIO_ODD_LENGTH` when half a sample is left over.
 */
export function pcm16FromBytes(bytes: Uint8Array): Int16Array {
  if (bytes.length % BYTES_PER_SAMPLE !== 0) {
    throw new AudioError(
      'AUDIO_ODD_LENGTH',
      `PCM16 needs an even number of bytes (2 a sample), found ${bytes.length}`,
    );
  }
  const samples = bytes.length / BYTES_PER_SAMPLE;
  if (bytes.byteOffset % BYTES_PER_SAMPLE === 0) {
    return new Int16Array(bytes.buffer, bytes.byteOffset, samples);
  }
  const copy = new Int16Array(samples);
  new Uint8Array(copy.buffer).set(bytes);
  return copy;
}

/** The little-endian bytes of `pcm`, as a view on the same memory. */
export function pcm16ToBytes(pcm: Int16Array): Buffer {
  return Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength);
}

/** `pcm` as padded base64 of its little-endian bytes. */
export function encodePcm16Base64(pcm: Int16Array): string {
  return pcm16ToBytes(pcm).toString('base64');
}

/**
 * Decodes base64 PCM16 into one scratch buffer that is used again for each payload.
 *
 * The scratch grows by doubling up to `maxBytes` and stays: share one decoder among all users that take what they
 * need at once.
 */
export class Pcm16Base64Decoder {
  readonly #maxBytes: number;
  #scratch = Buffer.allocUnsafeSlow(0);

  /** @param maxBytes the longest decoded payload accepted, in bytes. */
  constructor(maxBytes = MAX_DECODED_BYTES) {
    this.#maxBytes = maxBytes;
  }

  /**
   * The samples of `text` (standard or URL-safe base64, padding optional, line breaks allowed), as a view that is
   * valid until the next call.
   *
   * @throws AudioError `AUDIO_TOO_LONG` above the limit, `AUDIO_BAD_BASE64` for anything but base64,
   * `AUDIO_ODD_LENGTH` for half a sample.
   */
  decode(text: string): Int16Array {
    const bytes = decodedBytes(text);
    if (bytes > this.#maxBytes) {
      throw new AudioError(
        'AUDIO_TOO_LONG',
        `expected at most ${this.#maxBytes} bytes of audio in one payload, found ${bytes}`,
      );
    }
    if (bytes > this.#scratch.length) {
      const doubled = Math.max(FIRST_SCRATCH_BYTES, this.#scratch.length * 2, bytes);
      this.#scratch = Buffer.allocUnsafeSlow(Math.min(doubled, this.#maxBytes));
    }
    const written = this.#scratch.write(text, 0, bytes, 'base64');
    // Buffer skips what is not base64, so a short count is the only sign of it; line breaks are allowed.
    if (written !== bytes || countDigits(text) % 4 === 1) {
      const dense = text.replace(/\s+/g, '');
      if (written !== decodedBytes(dense) || countDigits(dense) % 4 === 1) {
        throw new AudioError(
          'AUDIO_BAD_BASE64',
          `expected base64, found ${describe(text)}: ${written} of ${bytes} bytes could be decoded`,
        );
      }
    }
    return pcm16FromBytes(this.#scratch.subarray(0, written));
  }
}

/**
 * `pcm` followed by as much silence as makes its length a multiple of `multipleBytes`; the same array when it is one.
 *
 * @throws AudioError `AUDIO_BAD_MULTIPLE` unless `multipleBytes` is a positive even integer.
 */
export function padPcm16(pcm: Int16Array, multipleBytes: number): Int16Array {
  if (!Number.isInteger(multipleBytes) || multipleBytes <= 0 || multipleBytes % BYTES_PER_SAMPLE !== 0) {
    throw new AudioError(
      'AUDIO_BAD_MULTIPLE',
      `padding needs a positive even number of bytes, found ${multipleBytes}`,
    );
  }
  const multiple = multipleBytes / BYTES_PER_SAMPLE;
  const over = pcm.length % multiple;
  if (over === 0) return pcm;
  const padded = new Int16Array(pcm.length - over + multiple);
  padded.set(pcm);
  return padded;
}

/** All `parts` in order, as one new array. */
export function concatPcm16(parts: readonly Int16Array[]): Int16Array {
  const whole = new Int16Array(parts.reduce((samples, part) => samples + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Bytes that `text` stands for if all of it is base64. */
function decodedBytes(text: string): number {
  return (countDigits(text) * 3) >> 2;
}

function countDigits(text: string): number {
  let digits = text.length;
  for (let pads = 0; pads < 2 && text.charCodeAt(digits - 1) === 0x3d; pads += 1) digits -= 1;
  return digits;
}

function describe(text: string): string {
  // Audio stays out of logs: only the characters that do not belong are named.
  const stray = /[^A-Za-z0-9+/_=\s-]/.exec(text);
  return stray
    ? `${JSON.stringify(stray[0])} at character ${stray.index}`
    : `${text.length} characters that end early`;
}
