import { open } from 'node:fs/promises';
import { AudioError } from './errors.ts';
import { pcm16FromBytes, pcm16ToBytes } from './pcm16.ts';

/** Bytes of the header that {@link wavHeader} makes. */
export const WAV_HEADER_BYTES = 44;
/** The data length that stands for "up to the end of the file": what an unfinished recording carries. */
export const UNKNOWN_DATA_BYTES = 0xffff_ffff;
/** The longest file {@link readWavFile} takes into memory: two hours in stereo at 16 kHz. */
const MAX_WAV_FILE_BYTES = 512 * 1_024 * 1_024;

const FORMAT_PCM = 1;
const FORMAT_EXTENSIBLE = 0xfffe;
const CHUNK_HEADER_BYTES = 8;

/** The shape of a PCM16 recording. */
export interface WavFormat {
  readonly sampleRateHz: number;
  readonly channels: 1 | 2;
}

/** A PCM16 recording in memory; stereo samples are interleaved, left first. */
export interface Wav extends WavFormat {
  readonly samples: Int16Array;
}

/**
 * Reads the WAV file in `bytes`; the samples are a view on them where they are aligned. Unknown chunks are skipped,
 * and a recording that was never finished is read as far as it goes.
 *
 * @throws AudioError `AUDIO_BAD_WAV` for anything but PCM16 in one or two channels, saying what was expected and found.
 */
export function parseWav(bytes: Uint8Array): Wav {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (file.length < 12) throw bad('at least 12 bytes', `${file.length}`);
  expectTag(file, 0, 'RIFF');
  expectTag(file, 8, 'WAVE');

  let format: WavFormat | undefined;
  let at = 12;
  while (at + CHUNK_HEADER_BYTES <= file.length) {
    const tag = tagAt(file, at);
    const chunkBytes = file.readUInt32LE(at + 4);
    const bodyAt = at + CHUNK_HEADER_BYTES;
    const restBytes = file.length - bodyAt;
    if (tag === 'data') {
      if (!format) throw bad('a "fmt " chunk before the "data" chunk', 'none');
      return { ...format, samples: samplesOf(file, bodyAt, chunkBytes, format) };
    }
    if (chunkBytes > restBytes)
      throw bad(`${chunkBytes} bytes in chunk "${tag}"`, `${restBytes} until the end`);
    if (tag === 'fmt ') format = formatOf(file.subarray(bodyAt, bodyAt + chunkBytes));
    at = bodyAt + chunkBytes + (chunkBytes % 2);
  }
  throw bad(format ? 'a "data" chunk' : 'a "fmt " and a "data" chunk', 'neither more chunks nor more bytes');
}

/** The WAV file of `wav`. */
export function buildWav(wav: Wav): Buffer {
  const data = pcm16ToBytes(wav.samples);
  return Buffer.concat([wavHeader(wav, data.length), data]);
}

/** The 44 bytes before `dataBytes` bytes of PCM16; {@link UNKNOWN_DATA_BYTES} while the length is not known. */
export function wavHeader(format: WavFormat, dataBytes: number): Buffer {
  const header = Buffer.alloc(WAV_HEADER_BYTES);
  const frameBytes = format.channels * 2;
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(Math.min(UNKNOWN_DATA_BYTES, dataBytes + WAV_HEADER_BYTES - CHUNK_HEADER_BYTES), 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(FORMAT_PCM, 20);
  header.writeUInt16LE(format.channels, 22);
  header.writeUInt32LE(format.sampleRateHz, 24);
  header.writeUInt32LE(format.sampleRateHz * frameBytes, 28);
  header.writeUInt16LE(frameBytes, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(dataBytes, 40);
  return header;
}

/** One channel of `wav` (0 left or only, 1 right); a mono recording's samples are not copied. */
export function wavChannel(wav: Wav, channel: 0 | 1): Int16Array {
  if (channel >= wav.channels) throw bad(`channel ${channel}`, `${wav.channels} channel(s)`);
  if (wav.channels === 1) return wav.samples;
  const one = new Int16Array(wav.samples.length / 2);
  for (let at = 0; at < one.length; at += 1) one[at] = wav.samples[2 * at + channel] ?? 0;
  return one;
}

/**
 * Reads the WAV file at `path`.
 *
 * @throws AudioError `AUDIO_BAD_WAV` naming the path: not readable, too long, or not as {@link parseWav} expects.
 */
export async function readWavFile(path: string): Promise<Wav> {
  try {
    await using file = await open(path, 'r');
    const { size } = await file.stat();
    if (size > MAX_WAV_FILE_BYTES) throw bad(`at most ${MAX_WAV_FILE_BYTES} bytes`, `${size}`);
    return parseWav(await file.readFile());
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AudioError('AUDIO_BAD_WAV', `${path}: ${reason}`, { cause: error });
  }
}

function formatOf(chunk: Buffer): WavFormat {
  if (chunk.length < 16) throw bad('16 bytes or more in the "fmt " chunk', `${chunk.length}`);
  const tag = chunk.readUInt16LE(0);
  // The extensible form carries the real format as the first two bytes of a GUID.
  const encoding = tag === FORMAT_EXTENSIBLE && chunk.length >= 26 ? chunk.readUInt16LE(24) : tag;
  const channels = chunk.readUInt16LE(2);
  const sampleRateHz = chunk.readUInt32LE(4);
  const frameBytes = chunk.readUInt16LE(12);
  const bits = chunk.readUInt16LE(14);
  if (encoding !== FORMAT_PCM) throw bad('PCM (format 1)', `format ${encoding}`);
  if (bits !== 16) throw bad('16 bits a sample', `${bits}`);
  if (channels !== 1 && channels !== 2) throw bad('1 or 2 channels', `${channels}`);
  if (frameBytes !== channels * 2) throw bad(`${channels * 2} bytes a frame`, `${frameBytes}`);
  if (sampleRateHz === 0) throw bad('a sample rate above 0 Hz', '0');
  return { sampleRateHz, channels };
}

function samplesOf(file: Buffer, at: number, dataBytes: number, { channels }: WavFormat): Int16Array {
  const frameBytes = channels * 2;
  const restBytes = file.length - at;
  if (dataBytes === UNKNOWN_DATA_BYTES) {
    return pcm16FromBytes(file.subarray(at, at + restBytes - (restBytes % frameBytes)));
  }
  if (dataBytes > restBytes) throw bad(`${dataBytes} bytes of audio`, `${restBytes} until the end`);
  if (dataBytes % frameBytes !== 0) throw bad(`a multiple of ${frameBytes} bytes of audio`, `${dataBytes}`);
  return pcm16FromBytes(file.subarray(at, at + dataBytes));
}

function expectTag(file: Buffer, at: number, expected: string): void {
  const found = tagAt(file, at);
  if (found !== expected) throw bad(`"${expected}" at byte ${at}`, JSON.stringify(found));
}

function tagAt(file: Buffer, at: number): string {
  return file.toString('latin1', at, at + 4);
}

function bad(expected: string, found: string): AudioError {
  return new AudioError(
    'AUDIO_BAD_WAV',
    `not a WAV file Baari can read: expected ${expected}, found ${found}`,
  );
}
