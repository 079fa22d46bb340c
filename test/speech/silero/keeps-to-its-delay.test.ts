import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createScorers, type Scorers, type SpeechScorer } from '../../../src/speech/index.ts';
import { batcherTiming } from '../../../src/speech/silero/frame-batcher.ts';
import { SimulatedClock } from '../../../src/time/index.ts';
import { quietLog, settings } from './listen-together.ts';
import { ScriptedInference } from './scripted-inference.ts';

const frameMs = 32;

interface Rig {
  readonly clock: SimulatedClock;
  readonly model: ScriptedInference;
  readonly scorers: Scorers;
}

async function rig(runMs = 2): Promise<Rig> {
  const clock = new SimulatedClock();
  const model = new ScriptedInference(clock, runMs);
  const scorers = await createScorers({ kind: 'silero', clock, log: quietLog, openModel: async () => model });
  return { clock, model, scorers };
}

/** A call that says when each frame was scored. */
class Call {
  readonly scored: { at: number; score: number; delayMs: number }[] = [];
  readonly #scorer: SpeechScorer;
  readonly #clock: SimulatedClock;
  readonly #arrivedMs = new Map<number, number>();
  #frames = 0;

  constructor({ clock, scorers }: Rig) {
    this.#clock = clock;
    this.#scorer = scorers.scorerFor(settings);
    this.#scorer.listen((score, at) => {
      this.scored.push({ at, score, delayMs: clock.nowMs() - (this.#arrivedMs.get(at) ?? 0) });
    });
  }

  get delaysMs(): number[] {
    return this.scored.map(({ delayMs }) => delayMs);
  }

  /** Hands in the next frame: noise that rises, so that it counts as sound, marked by its first sample. */
  push(): void {
    const at = this.#frames * 256;
    this.#frames += 1;
    this.#arrivedMs.set(at, this.#clock.nowMs());
    this.#scorer.push(new Int16Array(256).fill(500), at);
  }

  close(): void {
    this.#scorer.close();
  }
}

describe('a frame waits for its score', () => {
  it('as long as a run, when every call has one: the only call never waits for a tick', async () => {
    const all = await rig();
    const call = new Call(all);
    for (let i = 0; i < 10; i += 1) {
      call.push();
      await all.clock.run(frameMs);
    }
    expect(call.delaysMs).toEqual(new Array(10).fill(2));
    expect(all.model.runs).toHaveLength(10);
  });

  it('a tick and a run, when the other calls have none', async () => {
    const all = await rig();
    const call = new Call(all);
    const idle = new Call(all);
    call.push();
    await all.clock.run(100);
    expect(call.delaysMs).toEqual([batcherTiming.tickMs + 2]);
    expect(idle.scored).toEqual([]);
  });

  it('until the last call has one, when that is sooner', async () => {
    const all = await rig();
    const calls = [new Call(all), new Call(all), new Call(all)];
    for (const call of calls) {
      call.push();
      await all.clock.run(5);
    }
    await all.clock.run(50);
    expect(all.model.runs).toEqual([{ atMs: 10, seats: [0, 1, 2], isFirst: [1, 1, 1] }]);
    expect(calls.map(({ delaysMs }) => delaysMs[0])).toEqual([12, 7, 2]);
  });

  it('never longer than a tick and two runs, whenever the frames of 40 calls come', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: frameMs - 1 }), { minLength: 40, maxLength: 40 }),
        fc.integer({ min: 1, max: 12 }),
        async (phasesMs, runMs) => {
          const all = await rig(runMs);
          const calls = phasesMs.map((phaseMs) => {
            const call = new Call(all);
            for (let i = 0; i < 12; i += 1) all.clock.setTimeout(() => call.push(), phaseMs + i * frameMs);
            return call;
          });
          all.clock.advance(1000);
          for (const { scored } of calls) {
            expect(scored.map(({ at }) => at)).toEqual(Array.from({ length: 12 }, (_, i) => i * 256));
          }
          const longestMs = Math.max(...calls.flatMap(({ delaysMs }) => delaysMs));
          expect(longestMs).toBeLessThanOrEqual(batcherTiming.tickMs + 2 * runMs);
          expect(all.model.runs.length).toBeLessThanOrEqual(
            Math.ceil((13 * frameMs) / batcherTiming.tickMs) + 1,
          );
        },
      ),
      { numRuns: 25 },
    );
  });

  it('in order, when a whole second of frames comes at once', async () => {
    const all = await rig();
    const call = new Call(all);
    for (let i = 0; i < 31; i += 1) call.push();
    await all.clock.run(500);
    expect(call.scored.map(({ at }) => at / 256)).toEqual(Array.from({ length: 31 }, (_, i) => i));
    expect(Math.max(...call.delaysMs)).toBe(31 * 2);
    expect(all.scorers.counts).toMatchObject({ runs: 31, frames: 31, framesByLevel: 0 });
  });
});

describe('a seat', () => {
  it('begins anew for the call that takes it over', async () => {
    const all = await rig();
    const first = new Call(all);
    first.push();
    await all.clock.run(frameMs);
    first.push();
    first.close();
    const second = new Call(all);
    await all.clock.run(frameMs);
    second.push();
    await all.clock.run(frameMs);
    expect(all.model.runs.map(({ seats, isFirst }) => [seats, isFirst])).toEqual([
      [[0], [1]],
      [[0], [0]],
      [[0], [1]],
    ]);
    // what waited when the call ended was scored by its level, and nothing came after
    expect(first.scored).toHaveLength(2);
    expect(second.scored).toHaveLength(1);
  });

  it('is there for 1024 calls at a time; more get energy', async () => {
    const all = await rig();
    const names = Array.from({ length: 1025 }, () => all.scorers.scorerFor(settings).name);
    expect(names.slice(0, 1024).every((name) => name === 'silero')).toBe(true);
    expect(names[1024]).toBe('energy');
    expect(all.scorers.counts).toMatchObject({ seats: 1024, callsByEnergy: 1 });
  });
});
