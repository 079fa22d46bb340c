import { describe, expect, it } from 'vitest';
import { createResampler, type SampleRateHz } from '../../src/audio/index.ts';
import { CallerEar } from '../../src/call/caller-ear.ts';
import { loadCaller } from '../../src/sim/index.ts';
import { EnergyScorer } from '../../src/speech/index.ts';

interface Heard {
  readonly type: string;
  readonly atMs: number;
  readonly onsetSample: number | undefined;
}

/** Plays pieces of audio to an ear in frames of 20 ms; silence is given in ms. */
function hear(
  pieces: readonly (Int16Array | number)[],
  rateHz: SampleRateHz = 8000,
  prepare: (ear: CallerEar) => void = () => undefined,
): { heard: Heard[]; ear: CallerEar } {
  const ear = new CallerEar({}, new EnergyScorer({ marginDb: 8 }));
  const heard: Heard[] = [];
  let atMs = 0;
  ear.listen((report) =>
    heard.push({
      type: report.type,
      atMs,
      onsetSample: 'onsetSample' in report ? report.onsetSample : undefined,
    }),
  );
  ear.setCallRate(rateHz);
  prepare(ear);
  const frame = rateHz / 50;
  for (const piece of pieces) {
    const pcm = typeof piece === 'number' ? new Int16Array((piece * rateHz) / 1000) : piece;
    for (let at = 0; at < pcm.length; at += frame) {
      ear.hear(pcm.subarray(at, at + frame));
      atMs += 20;
    }
  }
  return { heard, ear };
}

const marks = (heard: readonly Heard[]): string[] =>
  heard.map(({ type }) => type).filter((type) => type !== 'score.rose' && type !== 'score.fell');

describe('the caller’s ear', () => {
  it('tells the onset, that it lasts, and the end', async () => {
    const { samples } = await loadCaller('thank-you-goodbye');
    const { heard, ear } = hear([1000, samples, 2000]);
    expect(marks(heard)[0]).toBe('score.onset');
    expect(marks(heard)).toContain('score.sustained');
    expect(marks(heard).at(-1)).toBe('score.ended');
    // the end is decided within a frame whose beginning was noted
    const endedMs = (heard.at(-1)?.atMs ?? 0) + 20;
    expect(ear.lastSpeech.onsetMs).toBeGreaterThan(950);
    expect(endedMs - ear.lastSpeech.endedMs).toBeGreaterThanOrEqual(500);
    expect(endedMs - ear.lastSpeech.endedMs).toBeLessThan(540);
  });

  it.each([16_000, 24_000] as const)('counts in samples at 8 kHz on a call at %s Hz', async (rateHz) => {
    const { samples } = await loadCaller('yes');
    const up = createResampler(8000, rateHz);
    const wide = up.push(samples).slice();
    up.dispose();
    const narrow = hear([1000, samples, 1500]).heard.find(({ type }) => type === 'score.onset');
    const found = hear([1000, wide, 1500], rateHz).heard.find(({ type }) => type === 'score.onset');
    expect(Math.abs((found?.onsetSample ?? 0) - (narrow?.onsetSample ?? 0))).toBeLessThan(8 * 40);
  });

  it('takes a bare "yes" for an answer sooner after a question', async () => {
    const { samples } = await loadCaller('yes');
    const end = (isExpected: boolean): number =>
      hear([1000, samples, 1500], 8000, (ear) => ear.expectShortAnswer(isExpected)).heard.at(-1)?.atMs ?? 0;
    expect(Math.abs(end(false) - end(true) - 150)).toBeLessThanOrEqual(20);
  });

  it('hears no caller in the echo of the agent, once it knows how loud that is', async () => {
    const { samples } = await loadCaller('for-tomorrow-at-five');
    const ear = new CallerEar({}, new EnergyScorer({ marginDb: 8 }));
    const told: string[] = [];
    ear.listen(({ type }) => told.push(type));
    ear.setCallRate(8000);
    ear.handle({ type: 'speech.agentAudible' });
    const delay = 400;
    const played = new Int16Array(samples.length * 4);
    for (let copy = 0; copy < 4; copy += 1) played.set(samples, copy * samples.length);
    let onsetsLate = 0;
    for (let at = 0; at < played.length; at += 160) {
      ear.expectEchoOf(played.subarray(at, at + 160), 0);
      const echo = Int16Array.from({ length: 160 }, (_, i) =>
        Math.round((played[at + i - delay] ?? 0) * 0.05),
      );
      const before = told.length;
      ear.hear(echo);
      if (at > samples.length && told.slice(before).includes('score.onset')) onsetsLate += 1;
    }
    expect(onsetsLate).toBe(0);
  });

  it('waits longer for a caller who went on just after being taken for done', async () => {
    const { samples } = await loadCaller('yes');
    const slow = hear([1000, samples, 600, samples, 2000]).heard;
    const quick = hear([1000, samples, 2000, samples, 2000]).heard;
    const lastWait = (heard: readonly Heard[]): number => {
      const paused = heard.findLast(({ type }) => type === 'score.paused')?.atMs ?? 0;
      return (heard.findLast(({ type }) => type === 'score.ended')?.atMs ?? 0) - paused;
    };
    expect(lastWait(slow)).toBeGreaterThan(lastWait(quick));
  });

  it('tells nothing after it is disposed, and may go on to be fed', async () => {
    const { samples } = await loadCaller('yes');
    const { heard, ear } = hear([500], 16_000);
    ear.dispose();
    ear.dispose();
    ear.hear(samples);
    expect(heard).toEqual([]);
  });
});
