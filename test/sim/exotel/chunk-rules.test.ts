import { expect, test } from 'vitest';
import type { ViolationKind } from '../../../src/sim/index.ts';
import { dialled, ramp, tone } from './scripted-bridge.ts';

const bytes = (count: number): string => Buffer.alloc(count, 1).toString('base64');
const media = (sid: string, fields: object): string =>
  JSON.stringify({ event: 'media', stream_sid: sid, media: { payload: bytes(320), ...fields } });

const breaches: { kind: ViolationKind; found: string; frame: (sid: string) => string | Uint8Array }[] = [
  { kind: 'binary-frame', found: 'a binary frame of 320 bytes', frame: () => new Uint8Array(320) },
  { kind: 'not-json', found: '{"event":', frame: () => '{"event":' },
  { kind: 'not-json', found: '["media"]', frame: () => '["media"]' },
  { kind: 'unknown-event', found: 'silence', frame: () => '{"event":"silence"}' },
  { kind: 'wrong-stream-sid', found: 'MZ1', frame: () => media('MZ1', {}) },
  {
    kind: 'wrong-stream-sid',
    found: 'nothing',
    frame: (sid) => JSON.stringify({ event: 'clear', streamSid: sid }),
  },
  { kind: 'bad-payload', found: '4 other characters', frame: (sid) => media(sid, { payload: '!!!!' }) },
  { kind: 'bad-payload', found: 'number', frame: (sid) => media(sid, { payload: 7 }) },
  { kind: 'bad-payload', found: 'no bytes', frame: (sid) => media(sid, { payload: '' }) },
  { kind: 'payload-not-in-320s', found: '642 bytes', frame: (sid) => media(sid, { payload: bytes(642) }) },
  {
    kind: 'payload-too-large',
    found: '100160 bytes',
    frame: (sid) => media(sid, { payload: bytes(100_160) }),
  },
  { kind: 'chunk-not-string', found: '1', frame: (sid) => media(sid, { chunk: 1 }) },
  { kind: 'timestamp-not-string', found: '20', frame: (sid) => media(sid, { timestamp: 20 }) },
  {
    kind: 'mark-without-name',
    found: 'nothing',
    frame: (sid) => JSON.stringify({ event: 'mark', stream_sid: sid, mark: {} }),
  },
];

test.each(breaches)('records $kind, found $found', async ({ kind, found, frame }) => {
  const { clock, caller, bridge } = await dialled();
  await clock.run(70);
  bridge.raw(frame(caller.identity.streamSid));
  await clock.run(10);
  expect(caller.violations).toEqual([{ kind, atMs: 70, expected: expect.any(String), found }]);
  expect(caller.state).toBe('streaming');
});

test('finds no fault with string chunk and timestamp, an aligned payload, marks, clear and stop', async () => {
  const { clock, caller, bridge } = await dialled();
  const { streamSid } = caller.identity;
  bridge.raw(media(streamSid, { chunk: '1', timestamp: '20' }));
  bridge.mark('m');
  bridge.clear();
  bridge.raw(JSON.stringify({ event: 'stop', stream_sid: streamSid }));
  await clock.run(100);
  expect(caller.violations).toEqual([]);
  expect(caller.events.map(({ kind }) => kind)).toContain('bridgeStop');
});

test('plays audio under a wrong identifier all the same', async () => {
  const { clock, caller, bridge } = await dialled();
  bridge.raw(media('MZ1', {}));
  await clock.run(100);
  expect(caller.received).toHaveLength(1);
});

test('records a queue that becomes deeper than the limit, once each time', async () => {
  const { clock, caller, bridge } = await dialled({ queueLimitMs: 200 });
  for (let at = 0; at < 8; at += 1) bridge.media(tone(40));
  await clock.run(200);
  for (let at = 0; at < 4; at += 1) bridge.media(tone(40));
  await clock.run(1000);
  expect(caller.violations.map(({ kind, atMs, found }) => [kind, atMs, found])).toEqual([
    ['queue-too-deep', 0, '240 ms'],
    ['queue-too-deep', 200, '240 ms'],
  ]);
  expect(caller.queue.maxMs).toBe(320);
  expect(caller.received.slice(0, 4).map(({ queuedMs }) => queuedMs)).toEqual([0, 40, 80, 120]);
});

test('follows a short chunk with 20 ms of silence when told so', async () => {
  const { clock, caller, bridge } = await dialled({ profile: { onChunkRuleBroken: 'gap' } });
  bridge.media(ramp(30, 1000));
  bridge.media(ramp(20, 5000));
  await clock.run(100);
  const heard = caller.heard.samples();
  expect(heard.slice(0, 240)).toEqual(ramp(30, 1000));
  expect(heard.slice(240, 400)).toEqual(new Int16Array(160));
  expect(heard.slice(400, 560)).toEqual(ramp(20, 5000));
});

const closes = [
  { samples: 161, code: 1007, reason: 'chunk not in 320s' },
  { samples: 50_080, code: 1009, reason: 'chunk too large' },
];

test.each(closes)('closes with $code when told so', async ({ samples, code, reason }) => {
  const { clock, caller, bridge } = await dialled({ profile: { onChunkRuleBroken: 'close' } });
  await clock.run(50);
  bridge.media(new Int16Array(samples));
  await clock.run(100);
  expect(caller.closeReport).toEqual({ code, reason, by: 'exotel', phase: 'streaming', atMs: 50 });
  expect(bridge.closes).toEqual([{ code, reason, atMs: 50 }]);
});
