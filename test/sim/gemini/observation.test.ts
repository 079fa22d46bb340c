import { expect, test } from 'vitest';
import { AudioHistory, keptSamplesLimit } from '../../../src/sim/gemini/audio-history.ts';
import { observationLimit } from '../../../src/sim/gemini/observation.ts';
import { SessionLog } from '../../../src/sim/gemini/session-log.ts';
import { inMemory } from './support/memory-client.ts';
import { plain } from './support/scripts.ts';

test('a log keeps the newest entries up to its limit and counts the rest', () => {
  const log = new SessionLog(1, 'v1beta', 0, false, () => {});
  for (let atMs = 0; atMs < observationLimit + 3; atMs += 1) log.receive({ atMs, kind: 'audio' });
  expect(log.received).toHaveLength(observationLimit);
  expect(log.received[0]?.atMs).toBe(3);
  expect(log.dropped).toBe(3);
});

test('audio is kept up to its limit; positions go on', () => {
  const history = new AudioHistory(true);
  const minute = new Int16Array(keptSamplesLimit / 10).fill(1);
  for (let i = 0; i < 11; i += 1) history.append(minute);
  expect(history.totalSamples).toBe(keptSamplesLimit * 1.1);
  expect(history.slice(0, history.totalSamples)).toHaveLength(keptSamplesLimit);
});

test('a listener is told of everything in order, until it leaves', () => {
  const { gemini, clock, connect } = inMemory(plain);
  const types: string[] = [];
  const leave = gemini.observe((event) => types.push(event.type));
  const client = connect();
  client.send({ realtimeInput: { text: 'Hello.' } });
  clock.advance(5000);
  leave();
  client.close();
  const milestones = types.filter((type) => type !== 'sent' && type !== 'received');
  expect(milestones).toEqual(['opened', 'ready', 'reply.started', 'turn.ended', 'reply.ended']);
});

test('sent audio carries its position in its reply, received audio its position in the stream', () => {
  const { clock, connect } = inMemory(plain);
  const client = connect();
  client.silence(60);
  client.send({ realtimeInput: { text: 'Hello.' } });
  clock.advance(5000);
  expect(client.seen.received.filter((frame) => frame.kind === 'audio')).toMatchObject([
    { samples: 160, fromSample: 0, sampleRateHz: 8000 },
    { samples: 160, fromSample: 160 },
    { samples: 160, fromSample: 320 },
  ]);
  const sent = client.seen.sent.filter((frame) => frame.kind === 'audio');
  expect(sent[1]?.fromSample).toBe(sent[0]?.samples);
  expect(sent.reduce((sum, frame) => sum + (frame.samples ?? 0), 0)).toBe(24_000);
});
