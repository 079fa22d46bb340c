import { describe, expect, it } from 'vitest';
import { maxInboundFrameBytes, parseExotelFrame } from '../../../src/exotel/codec/index.ts';
import { liveStart, payloadOf, textFrame } from './frames.ts';

const media = (payload: unknown): unknown => ({ event: 'media', media: { payload } });
const field = 'exotel.field.invalid';

const frames: [situation: string, frame: unknown, problem: Record<string, unknown>][] = [
  ['an empty frame', '', { code: 'exotel.frame.not-json', found: '0 bytes that are not JSON' }],
  ['text that is not JSON', '<html>', { code: 'exotel.frame.not-json', found: '6 bytes that are not JSON' }],
  ['half a frame', '{"event":"media","media":{"payl', { code: 'exotel.frame.not-json' }],
  ['a list', [1, 2], { code: 'exotel.frame.not-object', found: 'a list of 2' }],
  ['null', 'null', { code: 'exotel.frame.not-object', found: 'null' }],
  ['a bare number', '7', { code: 'exotel.frame.not-object', found: 'a number' }],
  ['an object without an event', {}, { code: 'exotel.frame.no-event', field: 'event', found: 'nothing' }],
  ['a numeric event', { event: 7 }, { code: 'exotel.frame.no-event', found: 'a number' }],
  ['an empty event', { event: '' }, { code: 'exotel.frame.no-event', found: 'empty text' }],
  [
    'start without a body',
    { event: 'start' },
    { code: field, event: 'start', field: 'start', found: 'nothing' },
  ],
  ['start with a list', { event: 'start', start: [] }, { code: field, field: 'start', found: 'a list of 0' }],
  [
    'start without a call',
    liveStart({ call_sid: '' }),
    { code: field, field: 'start.call_sid', found: 'empty text' },
  ],
  [
    'start without a stream',
    { ...liveStart({ stream_sid: null }), stream_sid: null },
    {
      code: field,
      field: 'start.stream_sid',
      expected: "the stream's identifier: text or a number",
      found: 'nothing',
    },
  ],
  [
    'start with a format of the wrong type',
    liveStart({ media_format: 'raw' }),
    { code: field, field: 'start.media_format', found: 'text of 3 characters' },
  ],
  [
    'start at another rate',
    liveStart({ media_format: { sample_rate: '44100' } }),
    {
      code: 'exotel.sample-rate.unsupported',
      event: 'start',
      field: 'start.media_format.sample_rate',
      expected: '8000, 16000, 24000 Hz',
      found: '"44100"',
    },
  ],
  [
    'start at a rate that is no number',
    liveStart({ media_format: { sample_rate: 'fast' } }),
    { code: 'exotel.sample-rate.unsupported', found: '"fast"' },
  ],
  [
    'media without a body',
    { event: 'media' },
    { code: field, event: 'media', field: 'media', found: 'nothing' },
  ],
  [
    'media without a payload',
    { event: 'media', media: {} },
    { code: field, field: 'media.payload', found: 'nothing' },
  ],
  ['media with an empty payload', media(''), { code: field, field: 'media.payload', found: 'empty text' }],
  ['media with a numeric payload', media(12), { code: field, field: 'media.payload', found: 'a number' }],
  [
    'media with an odd number of bytes',
    media(Buffer.alloc(321).toString('base64')),
    { code: 'exotel.payload.odd-length', field: 'media.payload', found: '321 bytes' },
  ],
  [
    'media that is not base64',
    media('not base64 at all!'),
    {
      code: 'exotel.payload.not-base64',
      field: 'media.payload',
      found: 'text of 18 characters of which 10 bytes decode',
    },
  ],
  ['media of padding only', media('=='), { code: 'exotel.payload.not-base64' }],
  ['media with text after its padding', media(`${payloadOf(1)}AAAA`), { code: 'exotel.payload.not-base64' }],
  ['media cut inside a group of four', media('AAAAA'), { code: 'exotel.payload.not-base64' }],
  ['dtmf without a body', { event: 'dtmf' }, { code: field, field: 'dtmf' }],
  [
    'dtmf with two keys',
    { event: 'dtmf', dtmf: { digit: '12' } },
    { code: field, field: 'dtmf.digit', expected: 'one key of 0–9, *, #', found: 'text of 2 characters' },
  ],
  [
    'dtmf without a key',
    { event: 'dtmf', dtmf: {} },
    { code: field, field: 'dtmf.digit', expected: 'one key of 0–9, *, #', found: 'nothing' },
  ],
  ['mark without a name', { event: 'mark', mark: {} }, { code: field, field: 'mark.name', found: 'nothing' }],
  ['mark with a list', { event: 'mark', mark: ['a'] }, { code: field, field: 'mark', found: 'a list of 1' }],
];

describe('the reader says what is wrong with', () => {
  it.each(frames)('%s', (_, frame, problem) => {
    expect(parseExotelFrame(textFrame(frame), false)).toMatchObject({ kind: 'problem', ...problem });
  });

  it('a binary frame', () => {
    expect(parseExotelFrame(Buffer.alloc(320), true)).toMatchObject({
      kind: 'problem',
      code: 'exotel.frame.binary',
      expected: 'a text frame',
      found: 'a binary frame of 320 bytes',
    });
  });

  it('a frame over the limit, and takes one at it', () => {
    const frame = JSON.stringify({ event: 'connected' });
    const atLimit = Buffer.from(frame.padEnd(maxInboundFrameBytes));
    const overLimit = Buffer.from(frame.padEnd(maxInboundFrameBytes + 1));
    expect(parseExotelFrame(atLimit, false).kind).toBe('connected');
    expect(parseExotelFrame(overLimit, false)).toMatchObject({
      code: 'exotel.frame.too-large',
      expected: 'at most 262144 bytes',
      found: '262145 bytes',
    });
  });

  it('a frame of nothing but brackets', () => {
    const deep = '['.repeat(60_000) + ']'.repeat(60_000);
    expect(parseExotelFrame(textFrame(deep), false).kind).toBe('problem');
    const inParameters = `{"event":"start","start":{"stream_sid":"s","call_sid":"c","custom_parameters":{"a":${deep},"b":"1"}}}`;
    expect(parseExotelFrame(textFrame(inParameters), false)).toMatchObject({ customParameters: { b: '1' } });
  });
});

describe('a problem never repeats', () => {
  it("a person's number, a payload or a stream's identifier", () => {
    const secrets = ['09000000001', 'U0VDUkVU', 'sid-of-a-stream'];
    const bad: unknown[] = [
      liveStart({ call_sid: { number: '09000000001' } }),
      liveStart({ media_format: { sample_rate: '09000000001' } }),
      { event: 'media', stream_sid: 'sid-of-a-stream', media: { payload: 'U0VDUkVU!' } },
      { event: 'dtmf', dtmf: { digit: '09000000001' } },
      'hello 09000000001',
    ];
    for (const frame of bad) {
      const problem = JSON.stringify(parseExotelFrame(textFrame(frame), false));
      expect(problem).toContain('"kind":"problem"');
      for (const secret of secrets) expect(problem).not.toContain(secret);
    }
  });
});
