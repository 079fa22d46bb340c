import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CallPicture } from '../../src/inspection/format.ts';
import type { Watcher } from '../helpers/watcher.ts';
import { withoutDoneWarnings } from '../machines/quiet-console.ts';
import { WatchedCall } from './watched-call.ts';

withoutDoneWarnings();

describe('a viewer who joins later', () => {
  it('has at every moment the picture of one who was there from the beginning', async () => {
    const joining = fc.array(fc.integer({ min: 1, max: 4000 }), { minLength: 6, maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(joining, async (pauses) => {
        const watched = await WatchedCall.open();
        const early = watched.watch();
        const late: Watcher[] = [];
        for (const ms of pauses) {
          if (!(await watched.pass(ms))) break;
          late.push(watched.watch());
          for (const viewer of late) expect(viewer.call).toEqual(early.call);
        }
        await watched.finish();
        for (const viewer of late) {
          expect(viewer.call).toEqual(early.call);
          expect(viewer.over).toEqual(early.over);
        }
        expect(early.over?.outcome).toBe('callerHungUp');
      }),
      { numRuns: Number(process.env.BAARI_TEST_RUNS ?? 2), seed: 7 },
    );
  });

  it('knows of a call nobody watched all but how its charts came to where they are, and its levels', async () => {
    const known = ({ row, charts, lines, words, turns, marks }: CallPicture): object => ({
      row,
      lines,
      words,
      turns,
      charts: charts.map(({ actor, chart, states }) => ({
        actor,
        chart,
        at: states.map(({ path }) => path),
      })),
      marks: marks.filter(({ kind }) => kind !== 'carrierMark'),
    });
    for (const ms of [3000, 9000, 15_000, 21_000]) {
      const [first, second] = [await WatchedCall.open(), await WatchedCall.open()];
      const early = first.watch();
      expect(await first.pass(ms)).toBe(await second.pass(ms));
      const late = second.watch();
      // both are told the same from here on
      await first.pass(100);
      await second.pass(100);
      if (!early.call || !late.call) throw new Error('expected two pictures');
      expect(known(late.call)).toEqual(known(early.call));
    }
  });
});

describe('a watched call', () => {
  it('shows what happened in it', async () => {
    const watched = await WatchedCall.open();
    const early = watched.watch();
    await watched.finish();
    const { call } = early;
    if (!call) throw new Error('expected a picture');
    const speakers = call.lines.map(({ who }) => who).join(' ');
    // the last caller's line but one is a key
    expect(speakers).toBe('agent caller agent caller agent caller caller agent');
    expect(call.lines[2]?.unheard).not.toBe('');
    expect(call.marks.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['ready', 'hold', 'bargeIn.confirmed', 'flush', 'key', 'carrierMark']),
    );
    const step = call.steps.find(
      ({ actor, to }) => actor === 'turn' && to.includes('modelSpeaking.yielding'),
    );
    expect(step).toMatchObject({ event: 'speech.started', from: [{ path: 'modelSpeaking.speaking' }] });
    const [loudest] = [...call.levels.agent.peaks].sort((a, b) => b - a);
    expect(loudest).toBeGreaterThan(20);
  });
});
