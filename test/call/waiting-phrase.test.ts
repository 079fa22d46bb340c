import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { levelDbov } from '../../src/audio/index.ts';
import { waitingPhrase } from '../../src/call/waiting-phrase.ts';
import { folderWith } from '../agents/temporary-folder.ts';

describe('the phrase for a caller who waits', () => {
  it('is a soft tone of two notes that comes and goes without a click', () => {
    const { samples, sampleRateHz, problem } = waitingPhrase('tone');
    expect(problem).toBeUndefined();
    expect((samples.length * 1000) / sampleRateHz).toBe(300);
    // the middle of each note, without its fades
    expect(levelDbov(samples.subarray(400, 800))).toBeCloseTo(-30, 0);
    expect(levelDbov(samples.subarray(1600, 2000))).toBeCloseTo(-30, 0);
    const steps = [...samples].map((sample, at) => Math.abs(sample - (samples[at - 1] ?? 0)));
    expect(Math.abs(samples[0] ?? 0)).toBeLessThan(10);
    expect(Math.abs(samples.at(-1) ?? 0)).toBeLessThan(30);
    expect(Math.max(...steps)).toBeLessThan(800);
  });

  it('may be none', () => {
    expect(waitingPhrase('none').samples).toHaveLength(0);
  });

  it('is the tone in place of a recording that cannot be used, and says why', () => {
    const folder = folderWith({ 'bad.wav': 'not a recording' });
    const file = join(folder, 'bad.wav');
    const tone = waitingPhrase('tone').samples;
    expect(waitingPhrase(file)).toMatchObject({ samples: tone, problem: expect.any(String) });
    const gone = waitingPhrase(join(folder, 'none.wav'));
    expect(gone).toMatchObject({ samples: tone, problem: 'the file cannot be read' });
  });

  it('is a recording of one’s own, of a few seconds at most', () => {
    const short = new URL('../fixtures/speech/en_allison_hello-world.wav', import.meta.url).pathname;
    expect(waitingPhrase(short).problem).toBeUndefined();
    const long = new URL('../../src/sim/voices/prices.wav', import.meta.url).pathname;
    expect(waitingPhrase(long).problem).toMatch(/^expected a phrase of at most 5000 ms, found \d+ ms$/);
  });
});
