import { expect, test } from 'vitest';
import { dialled, ramp, tone } from './scripted-bridge.ts';

test('plays media at once on an empty queue and back to back behind a queue, sample by sample', async () => {
  const { clock, caller, bridge } = await dialled();
  await clock.run(100);
  bridge.media(ramp(40, 1000));
  bridge.media(ramp(40, 5000));
  await clock.run(200);
  const heard = caller.heard.samples();
  expect(heard.length).toBe(300 * 8);
  expect(heard.slice(0, 800)).toEqual(new Int16Array(800));
  expect(heard.slice(800, 1120)).toEqual(ramp(40, 1000));
  expect(heard.slice(1120, 1440)).toEqual(ramp(40, 5000));
  expect(heard.slice(1440)).toEqual(new Int16Array(960));
  expect(caller.received).toEqual([
    { arrivedMs: 100, samples: 320, queuedMs: 0, playedFromMs: 100, droppedSamples: 0 },
    { arrivedMs: 100, samples: 320, queuedMs: 40, playedFromMs: 140, droppedSamples: 0 },
  ]);
  expect(caller.queue).toEqual({ nowMs: 0, maxMs: 80 });
});

test('shows of a long chunk only what has been heard so far', async () => {
  const { clock, caller, bridge } = await dialled();
  bridge.media(ramp(1000));
  await clock.run(250);
  expect(caller.heard.samples()).toEqual(ramp(1000).slice(0, 2000));
  expect(caller.queue.nowMs).toBe(750);
});

test('rings until the first media', async () => {
  const { clock, caller, bridge } = await dialled();
  await clock.run(330);
  expect(caller.firstMediaMs).toBeUndefined();
  bridge.media(tone(20));
  await clock.run(1);
  expect(caller.firstMediaMs).toBe(330);
});

test('lists a short gap inside audible speech as an underrun, and no other gap', async () => {
  const { clock, caller, bridge } = await dialled();
  bridge.media(tone(100));
  await clock.run(130);
  bridge.media(tone(100)); // 30 ms too late, inside speech
  await clock.run(700);
  bridge.media(tone(100)); // a pause
  await clock.run(90);
  bridge.media(new Int16Array(4000)); // silence seamlessly behind it
  await clock.run(550);
  bridge.media(tone(100)); // late, but after silence
  await clock.run(200);
  expect(caller.underruns).toEqual([{ fromMs: 100, lengthMs: 30 }]);
});

test('hears nothing more once the call is over, and its call time stands still', async () => {
  const { clock, caller, bridge } = await dialled();
  bridge.media(ramp(1000));
  await clock.run(105);
  caller.hangUp();
  await clock.run(500);
  expect(caller.heard.samples()).toEqual(ramp(1000).slice(0, 840));
  expect(caller.nowMs).toBe(105);
});
