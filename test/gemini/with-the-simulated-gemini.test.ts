import { describe, expect, it } from 'vitest';
import {
  type GeminiScript,
  type Reply,
  SimulatedGemini,
  type SimulatedGeminiOptions,
} from '../../src/sim/index.ts';
import { SimulatedClock, seededChance } from '../../src/time/index.ts';
import { memorySocketPair } from '../../src/wire/index.ts';
import { WireRig } from './wire-rig.ts';

/** A reply of `ms` whose samples all have one value. */
function reply(text: string, ms: number, value: number): Reply {
  return { text, voice: { samples: new Int16Array(ms * 24).fill(value), sampleRateHz: 24_000 } };
}

const script: GeminiScript = {
  greeting: reply('Good morning.', 500, 11),
  turns: [
    { heard: 'Two cakes.', reply: reply('Two cakes it is.', 2000, 22) },
    { heard: 'Tomorrow.', reply: reply('See you tomorrow.', 1000, 33) },
  ],
};

function simulated(options: Partial<SimulatedGeminiOptions> = {}) {
  const clock = new SimulatedClock();
  const gemini = new SimulatedGemini({ clock, chance: seededChance(5), script, keepAudio: true, ...options });
  const rig = new WireRig({
    clock,
    dial: (url, headers) => {
      const [near, far] = memorySocketPair(clock, 10);
      const { pathname, search } = new URL(url);
      gemini.accept(far, { path: pathname + search, headers });
      return near;
    },
  });
  return { clock, gemini, rig };
}

/** The caller says something of `ms`, told to the model as a turn. */
async function turn(rig: WireRig, ms: number): Promise<void> {
  rig.tell({ type: 'gemini.startCallerTurn', onsetSample: rig.clock.nowMs() * 8 });
  await rig.hear(ms, 3000);
  rig.tell({ type: 'gemini.endCallerTurn' });
}

describe('with the simulated Gemini and the real SDK', () => {
  it('greets when it is told to', async () => {
    const { rig, clock } = simulated();
    await rig.connect();
    rig.tell({ type: 'gemini.greet' });
    await clock.run(2000);
    expect(rig.audio).toEqual(new Array(500 * 24).fill(11));
    expect(rig.texts.join('').replaceAll('agent: ', '')).toBe('Good morning.');
    expect(rig.told).toEqual(['wire.setUp', 'wire.generationComplete', 'wire.turnComplete']);
  });

  it('answers a turn that Baari marks', async () => {
    const { rig, clock, gemini } = simulated();
    await rig.connect();
    await turn(rig, 600);
    await clock.run(4000);
    const [observed] = gemini.sessions[0]?.observation.turns ?? [];
    expect(observed).toMatchObject({ by: 'manual', outcome: 'answered' });
    expect(observed?.audio).toHaveLength(600 * 16);
    expect(rig.audio).toHaveLength(2000 * 24);
    expect(rig.tokens.at(-1)?.response).toBe(50);
  });

  it('is interrupted by a turn, and nothing of the old reply comes through after', async () => {
    const { rig, clock, gemini } = simulated();
    await rig.connect();
    await turn(rig, 600);
    await clock.run(600);
    const before = rig.audio.length;
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(2000 * 24);
    rig.tell({ type: 'gemini.cancelReply' });
    await turn(rig, 600);
    await clock.run(4000);
    expect(rig.audio.slice(before)).toEqual(new Array(1000 * 24).fill(33));
    expect(gemini.sessions[0]?.observation.replies[0]?.interruptedAtMs).toBeDefined();
    expect(rig.told).not.toContain('wire.interrupted');
  });

  it('resumes a conversation on a new connection, in its place', async () => {
    const { rig, clock, gemini } = simulated();
    await rig.connect();
    await turn(rig, 600);
    await clock.run(4000);
    rig.tell({ type: 'wire.close' });
    await rig.connect('resume', 500);
    expect(gemini.sessions[1]?.observation.resumed).toBe(true);
    const before = rig.audio.length;
    await turn(rig, 600);
    await clock.run(3000);
    expect(rig.audio.slice(before)).toEqual(new Array(1000 * 24).fill(33));
  });

  it('announces that the server goes away', async () => {
    const { rig, clock } = simulated({
      faults: [{ fault: { kind: 'goAway', timeLeftMs: 5000, at: { at: 'ready', afterMs: 1000 } } }],
    });
    await rig.connect();
    await clock.run(1500);
    expect(rig.reports.at(-1)).toEqual({ type: 'wire.goingAway', timeLeftMs: 5000 });
    await clock.run(5000);
    expect(rig.reports.at(-1)).toMatchObject({ type: 'wire.lost', remedy: 'resume' });
  });

  it('goes on with the turn after a drop in the middle of it', async () => {
    const { rig, clock, gemini } = simulated();
    await rig.connect();
    rig.tell({ type: 'gemini.startCallerTurn', onsetSample: 0 });
    await rig.hear(300, 3000);
    gemini.sessions[0]?.kill();
    await rig.hear(100, 3000);
    expect(rig.told.at(-1)).toBe('wire.lost');
    rig.tell({ type: 'wire.connect', how: 'resume' });
    await rig.hear(400, 3000);
    rig.tell({ type: 'gemini.endCallerTurn' });
    await clock.run(4000);
    expect(gemini.sessions[1]?.observation).toMatchObject({ resumed: true });
    expect(gemini.sessions[1]?.observation.turns[0]).toMatchObject({ by: 'manual', outcome: 'answered' });
    expect(rig.audio).toHaveLength(2000 * 24);
  });

  it('starts afresh with a recap when the handle is not known any more', async () => {
    const { rig, clock } = simulated({ handleLifeMs: 100 });
    await rig.connect();
    rig.tell({ type: 'wire.close' });
    await clock.run(1000);
    await rig.connect('resume', 500);
    expect(rig.reports.at(-1)).toMatchObject({
      type: 'wire.lost',
      remedy: 'renew',
      failure: { code: 'gemini.not-found' },
    });
    await rig.connect('renew', 700);
    expect(rig.reports).toContainEqual({ type: 'wire.setUp', resumed: false });
  });
});
