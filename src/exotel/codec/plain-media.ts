import { PlainJson } from '../../wire/index.ts';
import { nothingIgnored } from './fields.ts';
import type { MediaMessage } from './messages.ts';
import { samplesOf } from './read-media.ts';

const json = new PlainJson();

/** What a `media` frame holds, as far as it has been read. */
interface Fields {
  isMedia: boolean;
  streamSid: string | undefined;
  sequence: number | undefined;
  chunk: number | undefined;
  timestampMs: number | undefined;
  pcm: Int16Array | undefined;
}

/**
 * Reads a `media` frame that is as Exotel sends it: the fields it documents, each once, in any order. Undefined for any
 * other frame, and for one in which something is wrong: {@link parseExotelFrame} then reads it, or says what it is.
 */
export function readPlainMedia(data: Buffer): MediaMessage | undefined {
  const fields: Fields = {
    isMedia: false,
    streamSid: undefined,
    sequence: undefined,
    chunk: undefined,
    timestampMs: undefined,
    pcm: undefined,
  };
  if (!json.begin(data).take('{')) return undefined;
  do {
    if (!json.takeName() || !readField(fields)) return undefined;
  } while (json.take(','));
  const { isMedia, streamSid, sequence, chunk, timestampMs, pcm } = fields;
  if (!json.take('}') || !json.isAtEnd || !isMedia || !pcm) return undefined;
  return { kind: 'media', streamSid, sequence, chunk, timestampMs, pcm, ignored: nothingIgnored };
}

function readField(fields: Fields): boolean {
  if (json.is('media')) return readBody(fields);
  if (json.is('event')) {
    if (fields.isMedia) return false;
    fields.isMedia = json.takeText() && json.is('media');
    return fields.isMedia;
  }
  if (json.is('sequence_number')) {
    if (fields.sequence !== undefined) return false;
    fields.sequence = json.takeNumber();
    return fields.sequence !== undefined;
  }
  if (!json.is('stream_sid') || fields.streamSid !== undefined || !json.takeText()) return false;
  fields.streamSid = json.text;
  return fields.streamSid !== '';
}

function readBody(fields: Fields): boolean {
  if (fields.pcm !== undefined || !json.take('{')) return false;
  do {
    if (!json.takeName()) return false;
    if (json.is('payload')) {
      if (fields.pcm !== undefined || !json.takeLongText()) return false;
      fields.pcm = samplesOf(json.text);
      if (fields.pcm === undefined) return false;
    } else if (json.is('chunk')) {
      if (fields.chunk !== undefined) return false;
      fields.chunk = json.takeNumber();
      if (fields.chunk === undefined) return false;
    } else {
      if (!json.is('timestamp') || fields.timestampMs !== undefined) return false;
      fields.timestampMs = json.takeNumber();
      if (fields.timestampMs === undefined) return false;
    }
  } while (json.take(','));
  return json.take('}');
}
