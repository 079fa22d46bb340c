import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Scorers } from '../../src/speech/index.ts';
import { loadUtterances } from '../helpers/speech.ts';
import { only } from './detect.ts';
import { describeWithSilero } from './silero/installed.ts';
import { listenTogether, simulatedScorers } from './silero/listen-together.ts';
import { mixed, silence, tones, whiteNoise } from './sounds.ts';

const lowHz = [697, 770, 852, 941];
const highHz = [1209, 1336, 1477, 1633];
/** Where a key begins, relative to the detectors' frames of 10 and 32 ms. */
const phasesMs = [0, 5, 10, 15, 20, 25, 30];

/** Every key once a second, at every phase. */
function keys(toneMs: number, levelDbov: number): Int16Array[] {
  const pairs = lowHz.flatMap((low) => highHz.map((high) => [low, high] as const));
  const ms = 1000 * (pairs.length + 1);
  const line = whiteNoise(ms, -62);
  return phasesMs.map((phaseMs) => {
    const pcm = silence(ms);
    for (const [i, [low, high]] of pairs.entries()) {
      pcm.set(tones(toneMs, levelDbov, low, high), (1000 * i + 512 + phaseMs) * 8);
    }
    return mixed(pcm, line);
  });
}

const situations = [60, 100, 200, 500].flatMap((toneMs) =>
  [-12, -20, -30].map((levelDbov) => [toneMs, levelDbov] as const),
);

function testsWith(kind: 'energy' | 'silero'): void {
  let scorers: Scorers;
  beforeAll(async () => {
    scorers = await simulatedScorers(kind);
  });
  afterAll(() => scorers?.close());

  it.each(situations)(`with ${kind}, keys of %i ms at %i dBov begin no turn`, (toneMs, levelDbov) => {
    const heard = listenTogether(scorers, keys(toneMs, levelDbov));
    const onsets = heard.reduce((sum, reports) => sum + only('onset', reports).length, 0);
    expect(onsets).toBe(0);
  });

  it(`with ${kind}, a voice is heard right after a key`, () => {
    const [voice] = loadUtterances();
    const words = voice?.samples.subarray((voice.strongStartMs ?? 0) * 8) ?? silence(0);
    const pcm = mixed(silence(3000), whiteNoise(3000, -62));
    pcm.set(tones(200, -15), 1000 * 8);
    pcm.set(words.subarray(0, 8000), 1300 * 8);
    const [onset] = only('onset', listenTogether(scorers, [pcm])[0] ?? []);
    expect(onset && onset.atSample / 8).toBeLessThanOrEqual(1300 + 150);
  });
}

describe('telephone keys', () => testsWith('energy'));
describeWithSilero('telephone keys, to Silero', () => testsWith('silero'));
