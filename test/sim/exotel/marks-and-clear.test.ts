import { expect, test } from 'vitest';
import type { ExotelProfile } from '../../../src/sim/index.ts';
import { dialled, ramp, type ScriptedBridge, tone } from './scripted-bridge.ts';

function marksOf(bridge: ScriptedBridge): [string, number][] {
  return bridge.of('mark').map(({ text, atMs }) => [/"name":"([^"]*)"/.exec(text)?.[1] ?? '', atMs]);
}

test('returns a mark at once on an empty queue, else when the audio before it has played', async () => {
  const { clock, bridge } = await dialled();
  await clock.run(35);
  bridge.mark('empty');
  bridge.media(tone(200));
  bridge.mark('first');
  bridge.media(tone(60));
  bridge.media(tone(40));
  bridge.mark('second');
  bridge.mark('third');
  await clock.run(1000);
  expect(marksOf(bridge)).toEqual([
    ['empty', 35],
    ['first', 235],
    ['second', 335],
    ['third', 335],
  ]);
});

test('plays the chunk in progress to its end on clear and drops what has not started', async () => {
  const { clock, caller, bridge } = await dialled();
  for (const first of [1000, 2000, 3000]) bridge.media(ramp(100, first));
  await clock.run(130);
  bridge.clear();
  await clock.run(20);
  bridge.media(ramp(50, 9000));
  await clock.run(350);
  const heard = caller.heard.samples();
  expect(heard.slice(0, 800)).toEqual(ramp(100, 1000));
  expect(heard.slice(800, 1600)).toEqual(ramp(100, 2000));
  expect(heard.slice(1600, 2000)).toEqual(ramp(50, 9000));
  expect(heard.slice(2000)).toEqual(new Int16Array(2000));
  expect(caller.received.map((media) => media.droppedSamples)).toEqual([0, 0, 800, 0]);
  expect(caller.received.at(-1)?.playedFromMs).toBe(200);
});

test('does nothing on a clear of an empty queue', async () => {
  const { clock, caller, bridge } = await dialled();
  bridge.media(ramp(40));
  await clock.run(100);
  bridge.clear();
  await clock.run(100);
  expect(caller.heard.samples().slice(0, 320)).toEqual(ramp(40));
  expect(caller.violations).toEqual([]);
});

const onClear: { marksOnClear: ExotelProfile['marksOnClear']; expected: [string, number][] }[] = [
  { marksOnClear: 'dropped', expected: [['playing', 100]] },
  {
    marksOnClear: 'returned',
    expected: [
      ['queued', 50],
      ['playing', 100],
    ],
  },
  {
    marksOnClear: 'later',
    expected: [
      ['playing', 100],
      ['queued', 400],
    ],
  },
];

test.each(onClear)('marks of cleared audio are $marksOnClear', async ({ marksOnClear, expected }) => {
  const { clock, bridge } = await dialled({ profile: { marksOnClear } });
  bridge.media(tone(100));
  bridge.mark('playing');
  bridge.media(tone(300));
  bridge.mark('queued');
  await clock.run(50);
  bridge.clear();
  await clock.run(1000);
  expect(marksOf(bridge)).toEqual(expected);
});

test('delays every mark by the same time', async () => {
  const { clock, bridge } = await dialled({ profile: { markDelayMs: 700 } });
  bridge.media(tone(100));
  bridge.mark('late');
  await clock.run(2000);
  expect(marksOf(bridge)).toEqual([['late', 800]]);
});

test('loses the share of marks that the profile names', async () => {
  const all = await dialled({ profile: { markLossRate: 1 } });
  all.bridge.mark('lost');
  await all.clock.run(1000);
  expect(marksOf(all.bridge)).toEqual([]);
  expect(all.caller.events.map(({ kind }) => kind)).toContain('markLost');

  const half = await dialled({ profile: { markLossRate: 0.5 } });
  for (let at = 0; at < 400; at += 1) half.bridge.mark(`m${at}`);
  await half.clock.run(1000);
  expect(marksOf(half.bridge).length).toBeGreaterThan(150);
  expect(marksOf(half.bridge).length).toBeLessThan(250);
});

test('returns no pending mark once the caller has hung up', async () => {
  const { clock, caller, bridge } = await dialled({ profile: { dropAfterStopMs: 500 } });
  bridge.media(tone(100));
  bridge.mark('pending');
  await clock.run(50);
  caller.hangUp();
  await clock.run(1000);
  expect(marksOf(bridge)).toEqual([]);
});
