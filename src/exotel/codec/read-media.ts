import { pcm16FromBytes } from '../../audio/index.ts';
import { type IgnoredTally, isRecord, type JsonRecord, toNumber } from './fields.ts';
import type { MediaMessage } from './messages.ts';
import { describe, type ExotelProblem, problem } from './problem.ts';

const event = 'media';
const mediaNames: ReadonlySet<string> = new Set(['chunk', 'timestamp', 'payload']);

/**
 * Reads the `media` object of an audio frame by hand: 50 of them a second and call leave no room for a schema.
 *
 * Takes any even number of bytes (Exotel: 320 at 8 kHz on live calls, other sizes in the documents).
 */
export function readMedia(
  media: unknown,
  streamSid: string | undefined,
  sequence: number | undefined,
  ignored: IgnoredTally,
): MediaMessage | ExotelProblem {
  if (!isRecord(media))
    return problem('exotel.field.invalid', 'an object', describe(media), { event, field: 'media' });
  const { payload } = media;
  if (typeof payload !== 'string' || payload === '') {
    return problem('exotel.field.invalid', 'audio as base64 text', describe(payload), at('payload'));
  }
  const pcm = samplesOf(payload);
  if (!pcm) return unreadable(payload);
  noteUnknown(media, ignored);
  return {
    kind: 'media',
    streamSid,
    sequence,
    chunk: toNumber(media.chunk),
    timestampMs: toNumber(media.timestamp),
    pcm,
    ignored: ignored.fields,
  };
}

function at(field: string): { event: string; field: string } {
  return { event, field: `media.${field}` };
}

/** The samples that base64 text holds; undefined where it is no base64, or does not hold whole samples. */
export function samplesOf(payload: string): Int16Array | undefined {
  const bytes = Buffer.from(payload, 'base64');
  const isWhole = bytes.length > 0 && bytes.length % 2 === 0 && bytes.length === decodedLength(payload);
  return isWhole ? pcm16FromBytes(bytes) : undefined;
}

/** What is wrong with a payload that holds no samples. */
function unreadable(payload: string): ExotelProblem {
  const { length } = Buffer.from(payload, 'base64');
  if (length === 0 || length !== decodedLength(payload)) {
    const found = `text of ${payload.length} characters of which ${length} bytes decode`;
    return problem('exotel.payload.not-base64', 'audio as base64 text', found, at('payload'));
  }
  const expected = 'an even number of bytes (16-bit samples)';
  return problem('exotel.payload.odd-length', expected, `${length} bytes`, at('payload'));
}

/** Bytes that base64 text must give: the decoder skips foreign characters silently, so a shorter result betrays them. */
function decodedLength(base64: string): number {
  const { length } = base64;
  const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0;
  const symbols = length - padding;
  return symbols % 4 === 1 ? -1 : Math.floor((symbols * 3) / 4);
}

function noteUnknown(media: JsonRecord, ignored: IgnoredTally): void {
  for (const name in media) if (!mediaNames.has(name)) ignored.note(event, name);
}
