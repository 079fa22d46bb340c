import { describe, expect, it } from 'vitest';
import { createScorers, type Scorers, type SpeechScorer } from '../../../src/speech/index.ts';
import { batcherTiming } from '../../../src/speech/silero/frame-batcher.ts';
import { mostWaitingFrames } from '../../../src/speech/silero/frame-queue.ts';
import { SimulatedClock } from '../../../src/time/index.ts';
import { whiteNoise } from '../sounds.ts';
import { settings } from './listen-together.ts';
import { ScriptedInference } from './scripted-inference.ts';

const frameMs = 32;
const { lateMs, silentMs } = batcherTiming;

/** A log that remembers. */
class Notes {
  readonly lines: [level: string, event: string, fields: object][] = [];
  readonly info = (fields: object, event: string): void => this.#note('info', fields, event);
  readonly warn = (fields: object, event: string): void => this.#note('warn', fields, event);
  readonly error = (fields: object, event: string): void => this.#note('error', fields, event);

  get events(): string[] {
    return this.lines.map(([level, event]) => `${level} ${event}`);
  }

  #note(level: string, fields: object, event: string): void {
    this.lines.push([level, event, fields]);
  }
}

/** One call whose caller is silent for a second and then makes a sound that the model takes for no speech. */
class Call {
  readonly scored: { frame: number; score: number; delayMs: number }[] = [];
  readonly #audio = whiteNoise(60_000, -62);
  readonly #scorer: SpeechScorer;
  readonly #clock: SimulatedClock;
  readonly #arrivedMs: number[] = [];

  constructor(clock: SimulatedClock, scorers: Scorers) {
    this.#clock = clock;
    this.#scorer = scorers.scorerFor(settings);
    const sound = whiteNoise(59_000, -20, 2).map((sample, i) => (i % 800 < 400 ? sample : sample / 4));
    this.#audio.set(sound, 8000);
    this.#scorer.listen((score, at) => {
      const frame = at / 256;
      this.scored.push({ frame, score, delayMs: clock.nowMs() - (this.#arrivedMs[frame] ?? 0) });
    });
  }

  /** Frames that the level alone took for speech: the model gives no whole score. */
  get byLevel(): number[] {
    return this.scored.filter(({ score }) => score === 1).map(({ frame }) => frame);
  }

  push(): void {
    const frame = this.#arrivedMs.length;
    this.#arrivedMs.push(this.#clock.nowMs());
    const pcm = this.#audio.slice(frame * 256, (frame + 1) * 256);
    pcm[0] = 0;
    this.#scorer.push(pcm, frame * 256);
  }

  async pushFor(frames: number): Promise<void> {
    for (let i = 0; i < frames; i += 1) {
      this.push();
      await this.#clock.run(frameMs);
    }
  }
}

interface Rig {
  readonly clock: SimulatedClock;
  readonly model: ScriptedInference;
  readonly notes: Notes;
  readonly scorers: Scorers;
}

async function rig(): Promise<Rig> {
  const clock = new SimulatedClock();
  const model = new ScriptedInference(clock);
  const notes = new Notes();
  const scorers = await createScorers({ kind: 'auto', clock, log: notes, openModel: async () => model });
  return { clock, model, notes, scorers };
}

const frames = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

describe('a model that is late', () => {
  it('leaves the frames to their levels until it answers, in order and within its time', async () => {
    const { clock, model, notes, scorers } = await rig();
    const call = new Call(clock, scorers);
    await call.pushFor(40);
    expect(call.byLevel).toEqual([]);

    model.runMs = 300;
    await call.pushFor(10);
    model.runMs = 2;
    await call.pushFor(10);

    expect(call.scored.map(({ frame }) => frame)).toEqual(frames(0, 60));
    expect(Math.max(...call.scored.map(({ delayMs }) => delayMs))).toBe(lateMs);
    // the run that began with frame 40 ended after frame 49 had come
    expect(call.byLevel).toEqual(frames(40, 50));
    expect(scorers.counts).toMatchObject({ framesByLevel: 10, lateStretches: 1, frames: 50 });
    expect(notes.events).toEqual(['info speech.scorer.chosen', 'warn speech.scorer.late']);
    // it has missed frames: what it remembers of the call is of no use
    expect(model.runs.map(({ isFirst }) => isFirst[0]).indexOf(1, 1)).toBe(41);
  });

  it('is counted each time and logged once', async () => {
    const { clock, model, notes, scorers } = await rig();
    const call = new Call(clock, scorers);
    for (let i = 0; i < 3; i += 1) {
      model.runMs = 200;
      await call.pushFor(2);
      model.runMs = 2;
      await call.pushFor(20);
    }
    expect(scorers.counts.lateStretches).toBe(3);
    expect(notes.events.filter((event) => event === 'warn speech.scorer.late')).toHaveLength(1);
  });

  it('is not late when it has answered while this thread was held up', async () => {
    const { clock, model, scorers } = await rig();
    const call = new Call(clock, scorers);
    // both fall due at once, as after a pause of this thread
    model.runMs = lateMs;
    call.push();
    await clock.run(lateMs);
    expect(scorers.counts).toMatchObject({ frames: 1, framesByLevel: 0, lateStretches: 0 });
  });

  it('is given up when it stays silent, once and for all calls', async () => {
    const { clock, model, notes, scorers } = await rig();
    const calls = [new Call(clock, scorers), new Call(clock, scorers)];
    for (const call of calls) call.push();
    await clock.run(frameMs);
    model.runMs = undefined;
    for (let i = 0; i < 200; i += 1) {
      for (const call of calls) call.push();
      await clock.run(frameMs);
    }
    for (const call of calls) expect(call.scored.map(({ frame }) => frame)).toEqual(frames(0, 201));
    expect(notes.events).toEqual([
      'info speech.scorer.chosen',
      'warn speech.scorer.late',
      'error speech.scorer.lost',
    ]);
    expect(notes.lines[2]?.[2]).toEqual({ reason: `no scores for ${silentMs} ms`, scorer: 'energy' });
    expect(model.isClosed).toBe(true);
    expect(scorers.kind).toBe('energy');
    expect(scorers.scorerFor(settings).name).toBe('energy');
    expect(scorers.counts).toMatchObject({ framesByLevel: 400, callsByEnergy: 1 });
  });
});

describe('a model that fails', () => {
  it('leaves all further frames to their levels, and the log says so once', async () => {
    const { clock, model, notes, scorers } = await rig();
    const call = new Call(clock, scorers);
    await call.pushFor(40);
    model.failure = 'out of memory';
    await call.pushFor(40);
    expect(call.scored.map(({ frame }) => frame)).toEqual(frames(0, 80));
    expect(call.byLevel).toEqual(frames(40, 80));
    expect(scorers.counts.framesByLevel).toBe(40);
    expect(notes.lines.slice(1)).toEqual([
      ['error', 'speech.scorer.lost', { reason: 'out of memory', scorer: 'energy' }],
    ]);
  });
});

describe('a call', () => {
  it('that hands in more than two seconds at once gets the oldest scored by their levels', async () => {
    const { clock, scorers } = await rig();
    const call = new Call(clock, scorers);
    for (let i = 0; i <= mostWaitingFrames; i += 1) call.push();
    await clock.run(100);
    expect(call.scored.map(({ frame }) => frame)).toEqual(frames(0, mostWaitingFrames + 1));
    expect(scorers.counts).toMatchObject({ framesByLevel: mostWaitingFrames, frames: 1 });
  });

  it('goes on by its levels when the scorers are closed', async () => {
    const { clock, model, scorers } = await rig();
    const call = new Call(clock, scorers);
    await call.pushFor(40);
    await scorers.close();
    await call.pushFor(10);
    expect(call.byLevel).toEqual(frames(40, 50));
    expect(model.isClosed).toBe(true);
  });
});
