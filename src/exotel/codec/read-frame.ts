import type { z } from 'zod';
import { readCustomParameters } from './custom-parameters.ts';
import { IgnoredTally, isRecord, type JsonRecord, takeFields, toNumber, toText } from './fields.ts';
import { maxInboundFrameBytes } from './limits.ts';
import type { ExotelMessage } from './messages.ts';
import { readPlainMedia } from './plain-media.ts';
import { describe, describeOpenly, type ExotelProblem, excerpt, problem } from './problem.ts';
import { readMedia } from './read-media.ts';
import { dtmfSchema, markSchema, startSchema, stopSchema } from './schemas.ts';

const names = (...list: string[]): ReadonlySet<string> => new Set(list);

const bodyNames = {
  start: names(
    'stream_sid',
    'call_sid',
    'account_sid',
    'leg_sid',
    'from',
    'to',
    'media_format',
    'custom_parameters',
  ),
  dtmf: names('digit', 'duration'),
  mark: names('name'),
  stop: names('call_sid', 'account_sid', 'reason'),
};
const formatNames = names('encoding', 'sample_rate', 'bit_rate');
const envelope = ['event', 'stream_sid', 'sequence_number'];
const envelopeNames = {
  connected: names(...envelope, 'protocol', 'version'),
  start: names(...envelope, 'start'),
  media: names(...envelope, 'media'),
  dtmf: names(...envelope, 'dtmf'),
  mark: names(...envelope, 'mark'),
  stop: names(...envelope, 'stop'),
  clear: names(...envelope),
};

type KnownEvent = keyof typeof envelopeNames;

/** What all events have: the envelope's fields, and where ignored ones are noted. */
interface Frame {
  readonly event: KnownEvent;
  readonly fields: JsonRecord;
  readonly streamSid: string | undefined;
  readonly sequence: number | undefined;
  readonly ignored: IgnoredTally;
}

/**
 * Reads one WebSocket frame from Exotel; gives a message or says what is wrong with it, and never throws.
 *
 * Exotel: JSON text frames; numbers may come as text; names are snake_case, camelCase is taken as a fallback. Events and
 * fields that are not known are passed over and counted.
 */
export function parseExotelFrame(data: Buffer, isBinary: boolean): ExotelMessage | ExotelProblem {
  if (isBinary)
    return problem('exotel.frame.binary', 'a text frame', `a binary frame of ${data.length} bytes`);
  if (data.length > maxInboundFrameBytes) {
    return problem('exotel.frame.too-large', `at most ${maxInboundFrameBytes} bytes`, `${data.length} bytes`);
  }
  const media = readPlainMedia(data);
  if (media) return media;
  let json: unknown;
  try {
    json = JSON.parse(data.toString());
  } catch {
    return problem('exotel.frame.not-json', 'a JSON object', `${data.length} bytes that are not JSON`);
  }
  if (!isRecord(json)) return problem('exotel.frame.not-object', 'a JSON object', describe(json));
  const { event } = json;
  if (typeof event !== 'string' || event === '') {
    return problem('exotel.frame.no-event', "the event's name", describe(event), { field: 'event' });
  }
  return isKnown(event) ? readKnown(event, json) : readUnknown(event, json);
}

function isKnown(event: string): event is KnownEvent {
  return Object.hasOwn(envelopeNames, event);
}

function readUnknown(event: string, json: JsonRecord): ExotelMessage {
  const ignored = new IgnoredTally();
  const fields = takeFields(json, envelopeNames.clear, '', ignored);
  return {
    kind: 'unknown',
    event: excerpt(event),
    streamSid: toText(fields.stream_sid),
    sequence: toNumber(fields.sequence_number),
    ignored: ignored.fields,
  };
}

function readKnown(event: KnownEvent, json: JsonRecord): ExotelMessage | ExotelProblem {
  const ignored = new IgnoredTally();
  const fields = takeFields(json, envelopeNames[event], '', ignored);
  const streamSid = toText(fields.stream_sid);
  const sequence = toNumber(fields.sequence_number);
  const frame: Frame = { event, fields, streamSid, sequence, ignored };
  switch (event) {
    case 'media':
      return readMedia(fields.media, streamSid, sequence, ignored);
    case 'start':
      return readStart(frame);
    case 'dtmf':
      return readDtmf(frame);
    case 'mark':
      return readMark(frame);
    case 'stop':
      return readStop(frame);
    default:
      return { kind: event, streamSid, sequence, ignored: ignored.fields };
  }
}

function readStart({ fields, streamSid, sequence, ignored }: Frame): ExotelMessage | ExotelProblem {
  if (!isRecord(fields.start)) return wrong('start', 'start', 'an object', fields.start);
  const body = takeFields(fields.start, bodyNames.start, 'start', ignored);
  const format = body.media_format ?? {};
  if (!isRecord(format)) return wrong('start', 'start.media_format', 'an object', format);
  const { sample_rate } = takeFields(format, formatNames, 'start.media_format', ignored);
  const read = startSchema.safeParse({ ...body, stream_sid: streamSid ?? body.stream_sid, sample_rate });
  if (!read.success) return wrongField('start', read.error, { ...body, sample_rate });
  return {
    kind: 'start',
    streamSid: read.data.stream_sid,
    callSid: read.data.call_sid,
    accountSid: read.data.account_sid ?? '',
    from: read.data.from ?? '',
    to: read.data.to ?? '',
    sampleRateHz: read.data.sample_rate,
    customParameters: readCustomParameters(body.custom_parameters, ignored),
    sequence,
    ignored: ignored.fields,
  };
}

function readDtmf({ fields, streamSid, sequence, ignored }: Frame): ExotelMessage | ExotelProblem {
  if (!isRecord(fields.dtmf)) return wrong('dtmf', 'dtmf', 'an object', fields.dtmf);
  const body = takeFields(fields.dtmf, bodyNames.dtmf, 'dtmf', ignored);
  const read = dtmfSchema.safeParse(body);
  if (!read.success) return wrongField('dtmf', read.error, body);
  const { digit, duration } = read.data;
  return { kind: 'dtmf', digit, durationMs: duration, streamSid, sequence, ignored: ignored.fields };
}

function readMark({ fields, streamSid, sequence, ignored }: Frame): ExotelMessage | ExotelProblem {
  if (!isRecord(fields.mark)) return wrong('mark', 'mark', 'an object', fields.mark);
  const body = takeFields(fields.mark, bodyNames.mark, 'mark', ignored);
  const read = markSchema.safeParse(body);
  if (!read.success) return wrongField('mark', read.error, body);
  return { kind: 'mark', name: read.data.name, streamSid, sequence, ignored: ignored.fields };
}

/** A stop is final whatever it carries, so it is never a problem. */
function readStop({ fields, streamSid, sequence, ignored }: Frame): ExotelMessage | ExotelProblem {
  if (fields.stop !== undefined && !isRecord(fields.stop)) ignored.note('', 'stop');
  const body = takeFields(isRecord(fields.stop) ? fields.stop : {}, bodyNames.stop, 'stop', ignored);
  const read = stopSchema.safeParse(body);
  if (!read.success) return wrongField('stop', read.error, body);
  return {
    kind: 'stop',
    callSid: read.data.call_sid,
    accountSid: read.data.account_sid,
    reason: read.data.reason ?? '',
    streamSid,
    sequence,
    ignored: ignored.fields,
  };
}

function wrong(event: KnownEvent, field: string, expected: string, value: unknown): ExotelProblem {
  return problem('exotel.field.invalid', expected, describe(value), { event, field });
}

function wrongField(event: KnownEvent, error: z.ZodError, body: JsonRecord): ExotelProblem {
  const issue = error.issues[0];
  const name = String(issue?.path[0] ?? '');
  const expected = issue?.message ?? 'other fields';
  if (name === 'sample_rate') {
    const at = { event, field: 'start.media_format.sample_rate' };
    return problem('exotel.sample-rate.unsupported', expected, describeOpenly(body[name]), at);
  }
  return wrong(event, `${event}.${name}`, expected, body[name]);
}
