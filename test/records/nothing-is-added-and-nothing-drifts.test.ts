import { describe, expect, it } from 'vitest';
import { type DialogueStep, loadCaller, spoken } from '../../src/sim/index.ts';
import { recorded } from './recorded-call.ts';

const rateHz = 8000;
/** The recording is cut in the caller's frames of 20 ms. */
const frame = rateHz * 0.02;
/** What may be unlike around a clear: the chunk that was on its way. */
const chunk = rateHz * 0.1;
const minutes = Number(process.env.BAARI_TEST_MINUTES ?? 2);

/** What is heard without a pause of half a second: from where, and the samples. */
function runs(pcm: Int16Array): { from: number; pcm: Int16Array }[] {
  const found: { from: number; pcm: Int16Array }[] = [];
  let from = -1;
  let last = -1;
  for (const [at, sample] of pcm.entries()) {
    if (sample === 0) continue;
    if (from >= 0 && at - last > rateHz / 2) {
      found.push({ from, pcm: pcm.subarray(from, last + 1) });
      from = at;
    }
    if (from < 0) from = at;
    last = at;
  }
  return from < 0 ? found : [...found, { from, pcm: pcm.subarray(from, last + 1) }];
}

describe('the recording of a call with two barge-ins', () => {
  it('is what the caller said and heard, sample by sample', async () => {
    const [yes, sorry] = [await loadCaller('yes'), await loadCaller('sorry-one-moment')];
    const call = await recorded(
      [
        { wait: 'agentFinished', withinMs: 20_000 },
        { say: yes, afterMs: 500 },
        { say: sorry, afterAgentAudibleMs: 3000, withinMs: 10_000 },
        { say: sorry, afterAgentAudibleMs: 2500, withinMs: 20_000 },
        { wait: 'agentFinished', withinMs: 30_000, afterSilenceMs: 300 },
        { hangUp: true },
        { wait: 'ended', withinMs: 5000 },
      ],
      rateHz,
      {
        greeting: spoken('greeting'),
        turns: [
          { heard: 'Yes.', reply: spoken('cakes') },
          { heard: 'Sorry.', reply: spoken('cakes') },
          { heard: 'Sorry.', reply: spoken('goAhead') },
        ],
      },
    );
    expect(call.record).toMatchObject({ interruptions: { byCaller: 2 } });
    expect(call.left).toEqual(call.caller.spoken.samples().subarray(0, call.left.length));
    const [heard, found] = [runs(call.caller.heard.samples()), runs(call.right)];
    expect(found).toHaveLength(heard.length);
    for (const [at, run] of heard.entries()) {
      const recording = found[at];
      const isCut = at === 1 || at === 2;
      expect(Math.abs((recording?.from ?? 0) - run.from)).toBeLessThanOrEqual(frame);
      expect(Math.abs((recording?.pcm.length ?? 0) - run.pcm.length)).toBeLessThanOrEqual(isCut ? chunk : 0);
      const whole = Math.min(run.pcm.length, recording?.pcm.length ?? 0) - (isCut ? chunk : 0);
      expect(recording?.pcm.subarray(0, whole)).toEqual(run.pcm.subarray(0, whole));
    }
  });
});

describe(`the recording of ${minutes} minutes`, () => {
  it('has no gap, and the last reply where the first one is', async () => {
    const yes = await loadCaller('yes');
    const rounds = Math.ceil((minutes * 60) / 6);
    const steps: DialogueStep[] = [{ wait: 'agentFinished', withinMs: 20_000 }];
    for (let round = 0; round < rounds; round += 1)
      steps.push(
        { say: yes, afterMs: 700 },
        { wait: 'agentFinished', withinMs: 20_000, afterSilenceMs: 300 },
      );
    steps.push({ hangUp: true }, { wait: 'ended', withinMs: 5000 });
    const call = await recorded(
      steps,
      rateHz,
      { greeting: spoken('greeting'), turns: [{ heard: 'Yes.', reply: spoken('offer') }] },
      minutes * 120_000 + 60_000,
    );
    expect(call.left).toEqual(call.caller.spoken.samples().subarray(0, call.left.length));
    const [heard, found] = [runs(call.caller.heard.samples()), runs(call.right)];
    expect(found).toHaveLength(heard.length);
    const offsets = heard.map(({ from }, at) => (found[at]?.from ?? 0) - from);
    expect(Math.max(...offsets) - Math.min(...offsets)).toBeLessThanOrEqual(frame);
    for (const [at, { pcm }] of heard.entries()) expect(found[at]?.pcm).toEqual(pcm);
    const seconds = call.left.length / rateHz;
    console.log(
      `${Math.round(seconds)} s recorded, ${heard.length} replies, each moved by ${Math.min(...offsets) / 8} to ${Math.max(...offsets) / 8} ms`,
    );
    expect(seconds).toBeGreaterThan(minutes * 50);
  });
});
