import { describe, expect, it } from 'vitest';
import { parseExotelFrame } from '../../../src/exotel/codec/index.ts';
import { callSid, liveStart, payloadOf, streamSid, textFrame } from './frames.ts';

const nothing = { count: 0, names: [] };
const start = {
  kind: 'start',
  streamSid,
  callSid,
  accountSid: 'acmeclinic1',
  from: '09000000001',
  to: '08000000002',
  sampleRateHz: 8000,
  customParameters: {},
  sequence: 1,
  ignored: nothing,
};

const frames: [situation: string, frame: unknown, message: unknown][] = [
  [
    'connected',
    { event: 'connected' },
    { kind: 'connected', streamSid: undefined, sequence: undefined, ignored: nothing },
  ],
  [
    'connected with protocol and version',
    { event: 'connected', protocol: 'Call', version: '1.0.0' },
    { kind: 'connected', ignored: nothing },
  ],
  ['a live start', liveStart(), start],
  ['a live start with a leg', liveStart({ leg_sid: 'b61f0a' }), start],
  [
    'a start as documented, with numbers',
    {
      event: 'start',
      stream_sid: streamSid,
      sequence_number: 1,
      start: {
        stream_sid: streamSid,
        call_sid: callSid,
        account_sid: 'acmeclinic1',
        from: '+919000000001',
        to: '+918000000002',
        custom_parameters: { tenant: 'acme', vip: true, tries: 3, note: null },
        media_format: { encoding: 'audio/x-raw', sample_rate: 16000, bit_rate: '256kbps' },
      },
    },
    {
      ...start,
      from: '+919000000001',
      to: '+918000000002',
      sampleRateHz: 16_000,
      customParameters: { tenant: 'acme', vip: 'true', tries: '3', note: '' },
    },
  ],
  [
    'a start in camelCase',
    {
      event: 'start',
      streamSid,
      sequenceNumber: '1',
      start: {
        callSid,
        accountSid: 'acmeclinic1',
        from: '09000000001',
        to: '08000000002',
        mediaFormat: { sampleRate: '24000' },
        customParameters: { tenant: 'acme' },
      },
    },
    { ...start, sampleRateHz: 24_000, customParameters: { tenant: 'acme' } },
  ],
  [
    'a start whose snake_case names win over camelCase ones',
    { ...liveStart({ callSid: 'other' }), streamSid: 'other' },
    start,
  ],
  ['a start without a sample rate', liveStart({ media_format: undefined }), start],
  [
    'a start from a withheld number',
    liveStart({ from: null, account_sid: null }),
    { ...start, from: '', accountSid: '' },
  ],
  ['a start with numeric identifiers', liveStart({ call_sid: 42 }), { ...start, callSid: '42' }],
  [
    'live media',
    {
      event: 'media',
      stream_sid: streamSid,
      sequence_number: '2',
      media: { chunk: '1', timestamp: '20', payload: payloadOf(0, 1, -1, 32_767, -32_768) },
    },
    {
      kind: 'media',
      streamSid,
      sequence: 2,
      chunk: 1,
      timestampMs: 20,
      pcm: Int16Array.of(0, 1, -1, 32_767, -32_768),
      ignored: nothing,
    },
  ],
  [
    'media with numbers, no stream and an unknown track',
    {
      event: 'media',
      sequence_number: 9,
      media: { chunk: 8, timestamp: 160, track: 'inbound', payload: payloadOf(7) },
    },
    {
      kind: 'media',
      streamSid: undefined,
      sequence: 9,
      chunk: 8,
      timestampMs: 160,
      pcm: Int16Array.of(7),
      ignored: { count: 1, names: ['media.track'] },
    },
  ],
  [
    'media with counters that are no numbers',
    { event: 'media', sequence_number: 'x', media: { chunk: {}, timestamp: '', payload: payloadOf(7) } },
    { kind: 'media', sequence: undefined, chunk: undefined, timestampMs: undefined, pcm: Int16Array.of(7) },
  ],
  [
    'a key',
    { event: 'dtmf', stream_sid: streamSid, sequence_number: '88', dtmf: { digit: '4', duration: '120' } },
    { kind: 'dtmf', digit: '4', durationMs: 120, streamSid, sequence: 88, ignored: nothing },
  ],
  [
    'a key as a number without a duration',
    { event: 'dtmf', dtmf: { digit: 0 } },
    { kind: 'dtmf', digit: '0', durationMs: undefined },
  ],
  ['the hash key', { event: 'dtmf', dtmf: { digit: '#' } }, { kind: 'dtmf', digit: '#' }],
  [
    'a mark',
    { event: 'mark', stream_sid: streamSid, sequence_number: '134', mark: { name: 'utt-1' } },
    { kind: 'mark', name: 'utt-1', streamSid, sequence: 134, ignored: nothing },
  ],
  [
    'a live stop',
    {
      event: 'stop',
      stream_sid: streamSid,
      sequence_number: '1190',
      stop: { call_sid: callSid, account_sid: 'acmeclinic1', reason: 'canceled or call ended' },
    },
    {
      kind: 'stop',
      callSid,
      accountSid: 'acmeclinic1',
      reason: 'canceled or call ended',
      streamSid,
      sequence: 1190,
      ignored: nothing,
    },
  ],
  ['a bare stop', { event: 'stop' }, { kind: 'stop', callSid: undefined, reason: '', ignored: nothing }],
  [
    'a stop with a body of the wrong type',
    { event: 'stop', stop: 'now' },
    { kind: 'stop', reason: '', ignored: { count: 1, names: ['stop'] } },
  ],
  [
    'an inbound clear',
    { event: 'clear', stream_sid: streamSid },
    { kind: 'clear', streamSid, ignored: nothing },
  ],
  [
    'an event that nobody knows',
    { event: 'silence', stream_sid: streamSid, sequence_number: '5', silence: { for: '9' } },
    { kind: 'unknown', event: 'silence', streamSid, sequence: 5, ignored: { count: 1, names: ['silence'] } },
  ],
  [
    'an event named like a built-in property',
    { event: 'constructor' },
    { kind: 'unknown', event: 'constructor' },
  ],
  [
    'fields that nobody knows',
    { ...liveStart({ region: 'mumbai' }), extra: 1 },
    { ...start, ignored: { count: 2, names: ['extra', 'start.region'] } },
  ],
];

describe('the reader understands', () => {
  it.each(frames)('%s', (_, frame, message) => {
    expect(parseExotelFrame(textFrame(frame), false)).toMatchObject(message as object);
  });
});

describe('the reader keeps within bounds', () => {
  it('names the first 16 ignored fields and counts the rest', () => {
    const extras = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`x${i}`, i]));
    const message = parseExotelFrame(textFrame({ event: 'connected', ...extras }), false);
    expect(message).toMatchObject({ kind: 'connected', ignored: { count: 40 } });
    expect(message.kind === 'connected' && message.ignored.names).toHaveLength(16);
  });

  it('takes audio of any even length', () => {
    for (const samples of [1, 3, 160, 161, 800, 40_000]) {
      const payload = payloadOf(...Array.from({ length: samples }, (_, i) => i % 100));
      const message = parseExotelFrame(textFrame({ event: 'media', media: { payload } }), false);
      expect(message.kind === 'media' && message.pcm.length).toBe(samples);
    }
  });
});
