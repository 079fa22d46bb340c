import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { levelDbov, readWavFile } from '../../../src/audio/index.ts';
import { dialled, ramp, tone } from './scripted-bridge.ts';

test('says samples from the very moment, inside a frame, and reports when the last one was sent', async () => {
  const { clock, caller, bridge } = await dialled();
  await clock.run(107);
  let doneAtMs: number | undefined;
  const utterance = caller.say(ramp(50), {
    onDone: () => {
      doneAtMs = clock.nowMs();
    },
  });
  expect(utterance).toMatchObject({ onsetMs: 107, endMs: 157, isSaid: false });
  await clock.run(93);
  expect(doneAtMs).toBe(160);
  expect(utterance.isSaid).toBe(true);
  const uplink = bridge.uplink;
  expect(uplink.slice(0, 856)).toEqual(new Int16Array(856));
  expect(uplink.slice(856, 1256)).toEqual(ramp(50));
  expect(uplink.slice(1256)).toEqual(new Int16Array(344));
  expect(caller.spoken.samples()).toEqual(uplink);
});

test('says at a later call time, never at an earlier one', async () => {
  const { clock, caller } = await dialled();
  await clock.run(100);
  expect(caller.say(ramp(20), { atMs: 333 }).onsetMs).toBe(333);
  expect(caller.say(ramp(20), { atMs: 50 }).onsetMs).toBe(100);
});

test('mixes overlapping speech, limits it to full scale and applies a gain', async () => {
  const { clock, caller, bridge } = await dialled();
  caller.say(Int16Array.from({ length: 160 }, () => 20_000));
  caller.say(Int16Array.from({ length: 80 }, () => 20_000));
  caller.say(
    Int16Array.from({ length: 40 }, () => 10_000),
    { atMs: 20, gainDb: 20 * Math.log10(0.5) },
  );
  await clock.run(40);
  expect([...new Set(bridge.uplink.slice(0, 80))]).toEqual([32_767]);
  expect([...new Set(bridge.uplink.slice(80, 160))]).toEqual([20_000]);
  expect([...new Set(bridge.uplink.slice(160, 200))]).toEqual([5000]);
});

test('tells where in a clip the speech is', async () => {
  const { caller } = await dialled();
  const clip = new Int16Array(8000);
  clip.set(tone(300), 2400);
  expect(caller.say(clip)).toMatchObject({ onsetMs: 0, endMs: 1000, speechOnsetMs: 300, speechEndMs: 600 });
  const labelled = { samples: clip, sampleRateHz: 8000, speech: { fromMs: 290, toMs: 650 } };
  expect(caller.say(labelled, { atMs: 2000 })).toMatchObject({ speechOnsetMs: 2290, speechEndMs: 2650 });
});

const rates = [
  { from: 8000, to: 16_000 },
  { from: 24_000, to: 8000 },
  { from: 8000, to: 24_000 },
  { from: 16_000, to: 8000 },
] as const;

test.each(rates)('brings a clip from $from to $to Hz in step with the original', async ({ from, to }) => {
  const { clock, caller } = await dialled({ profile: { sampleRateHz: to } });
  const sine = (rateHz: number): Int16Array =>
    Int16Array.from({ length: rateHz / 2 }, (_, at) => 10_000 * Math.sin((2 * Math.PI * 440 * at) / rateHz));
  const utterance = caller.say({ samples: sine(from), sampleRateHz: from });
  expect(utterance.endMs - utterance.onsetMs).toBe(500);
  await clock.run(500);
  const expected = sine(to);
  const difference = caller.spoken.samples().map((sample, at) => sample - (expected[at] ?? 0));
  expect(levelDbov(difference.slice(to / 20, -to / 20))).toBeLessThan(-60);
});

test('returns the agent as an echo, weaker and later, mixed with what is said', async () => {
  const { clock, caller, bridge } = await dialled({ profile: { echo: { returnLossDb: 20, delayMs: 45 } } });
  await clock.run(10);
  bridge.media(Int16Array.from({ length: 320 }, () => 5000));
  await clock.run(0);
  caller.say(
    Int16Array.from({ length: 80 }, () => 100),
    { atMs: 60 },
  );
  await clock.run(190);
  const expected = new Int16Array(1600);
  expected.fill(500, 55 * 8, 95 * 8);
  expected.fill(600, 60 * 8, 70 * 8);
  expect(bridge.uplink).toEqual(expected);
});

test('lets no echo come of audio that a clear took away', async () => {
  const { clock, bridge } = await dialled({ profile: { echo: { returnLossDb: 0, delayMs: 0 } } });
  bridge.media(tone(40));
  bridge.media(tone(200));
  await clock.run(20);
  bridge.clear();
  await clock.run(280);
  expect(bridge.uplink.slice(0, 320)).toEqual(tone(40));
  expect(bridge.uplink.slice(320)).toEqual(new Int16Array(2080));
});

test('adds line noise of the level asked for, the same for the same chance', async () => {
  const [one, two] = [
    await dialled({ profile: { noiseDbov: -60 } }),
    await dialled({ profile: { noiseDbov: -60 } }),
  ];
  await one.clock.run(2000);
  await two.clock.run(2000);
  expect(levelDbov(one.bridge.uplink)).toBeCloseTo(-60, 0);
  expect(one.bridge.uplink).toEqual(two.bridge.uplink);
});

test('keeps no more of each side than the limit, and counts the rest', async () => {
  const { clock, caller, bridge } = await dialled({ trackLimitMs: 100 });
  bridge.media(ramp(250));
  caller.say(ramp(250));
  await clock.run(300);
  expect(caller.heard.samples()).toEqual(ramp(250).slice(0, 800));
  expect(caller.heard.lostSamples).toBe(1200);
  expect(caller.spoken.samples()).toEqual(ramp(250).slice(0, 800));
  expect(bridge.uplink.slice(0, 2000)).toEqual(ramp(250));
});

test('refuses what cannot be said: no stream, a wrong key, another rate, too much', async () => {
  const { clock, caller } = await dialled();
  expect(() => caller.pressDigit('12')).toThrow('expected 0 to 9, * or #, found "12"');
  expect(() => caller.say({ samples: ramp(20), sampleRateHz: 44_100 })).toThrow('found 44100');
  expect(() => caller.say(new Int16Array(8000 * 601))).toThrow('at most 600000 ms, found 601000 ms');
  expect(() => caller.call()).toThrow('never dialled, found one streaming');
  caller.hangUp();
  await clock.run(100);
  expect(() => caller.say(ramp(20))).toThrow('found a call that is ended');
});

test('finds the speech in recorded clips near where it is labelled', async () => {
  const { caller } = await dialled();
  const folder = new URL('../../fixtures/speech/', import.meta.url);
  for (const { file, endMs } of [
    { file: 'en_allison_ss-noservice.wav', endMs: 5030 },
    { file: 'en_cards_005.wav', endMs: 3278 },
    { file: 'en_librivox_0870.wav', endMs: 7010 },
  ]) {
    const clip = await readWavFile(fileURLToPath(new URL(file, folder)));
    const { onsetMs, speechOnsetMs, speechEndMs } = caller.say(clip);
    expect(Math.abs(speechOnsetMs - onsetMs - 500)).toBeLessThan(60);
    expect(Math.abs(speechEndMs - onsetMs - endMs)).toBeLessThan(120);
  }
});
