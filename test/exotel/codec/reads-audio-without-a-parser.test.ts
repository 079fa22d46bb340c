import { describe, expect, it } from 'vitest';
import { readPlainMedia } from '../../../src/exotel/codec/plain-media.ts';
import { parseExotelFrame } from '../../../src/exotel/index.ts';
import { payloadOf, streamSid } from './frames.ts';

const payload = payloadOf(1, -2, 300, -32_768);
const media = { chunk: '2', timestamp: '20', payload };
const frame = { event: 'media', stream_sid: streamSid, sequence_number: '3', media };

const plain: Readonly<Record<string, string>> = {
  'as on live calls': JSON.stringify(frame),
  'numbers as numbers': JSON.stringify({
    ...frame,
    sequence_number: 3,
    media: { ...media, chunk: 2, timestamp: 20 },
  }),
  'another order': JSON.stringify({
    media: { payload, timestamp: '20', chunk: '2' },
    sequence_number: '3',
    event: 'media',
    stream_sid: streamSid,
  }),
  'on many lines': `\r\n${JSON.stringify(frame, null, '\t')} \n`,
  'nothing but the payload': JSON.stringify({ event: 'media', media: { payload } }),
};

const notPlain: Readonly<Record<string, string>> = {
  'another event': JSON.stringify({ ...frame, event: 'mark' }),
  'no event': JSON.stringify({ media }),
  'the event twice': `{"event":"media","event":"mark","media":{"payload":"${payload}"}}`,
  'the payload twice': `{"event":"media","media":{"payload":"${payload}","payload":"AAA="}}`,
  'audio twice': `{"event":"media","media":{"payload":"${payload}"},"media":{"payload":"${payload}"}}`,
  'a name with an escape': JSON.stringify(frame).replace('"media"', '"m\\u0065dia"'),
  'a payload with an escape': JSON.stringify(frame).replaceAll('/', '\\/'),
  'an unknown field': JSON.stringify({ ...frame, track: 'inbound' }),
  'an unknown field of the audio': JSON.stringify({ ...frame, media: { ...media, track: 'inbound' } }),
  'a name in camelCase': JSON.stringify(frame).replace('stream_sid', 'streamSid'),
  'a null': JSON.stringify({ ...frame, stream_sid: null }),
  'an empty stream': JSON.stringify({ ...frame, stream_sid: '' }),
  'a number with a fraction': JSON.stringify({ ...frame, sequence_number: 1.5 }),
  'a number that begins with 0': JSON.stringify(frame).replace('"3"', '03'),
  'a number that is too long': JSON.stringify({ ...frame, sequence_number: '1234567890123456' }),
  'a payload that is no base64': JSON.stringify({ ...frame, media: { payload: 'AAA*' } }),
  'half a sample': JSON.stringify({ ...frame, media: { payload: 'AAAA' } }),
  'an empty payload': JSON.stringify({ ...frame, media: { payload: '' } }),
  'no payload': JSON.stringify({ ...frame, media: { chunk: '2' } }),
  'audio that is no object': JSON.stringify({ ...frame, media: [media] }),
  'an end in the middle': JSON.stringify(frame).slice(0, -1),
  'more behind it': `${JSON.stringify(frame)}{}`,
  'a comma too many': JSON.stringify(frame).replace(/}$/, ',}'),
  nothing: '',
};

describe('an audio frame', () => {
  it.each(Object.entries(plain))('is read without a parser: %s', (_, text) => {
    const read = readPlainMedia(Buffer.from(text));
    expect(read?.pcm).toEqual(Int16Array.of(1, -2, 300, -32_768));
    // an escape makes the parser read it
    const parsed = parseExotelFrame(Buffer.from(text.replace('"media"', '"m\\u0065dia"')), false);
    expect(read).toEqual(parsed);
  });

  it.each(Object.entries(notPlain))('is left to the parser: %s', (_, text) => {
    expect(readPlainMedia(Buffer.from(text))).toBeUndefined();
  });
});
