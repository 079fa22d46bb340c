import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withoutDoneWarnings } from '../machines/quiet-console.ts';
import { crossings } from './line-witness.ts';
import { type CallVerdict, callPlans, playCall } from './random-calls.ts';

withoutDoneWarnings();

const unhandled: unknown[] = [];
const noteUnhandled = (reason: unknown): void => {
  unhandled.push(reason);
};
beforeAll(() => {
  process.on('unhandledRejection', noteUnhandled);
});
afterAll(() => {
  process.off('unhandledRejection', noteUnhandled);
});

describe('whatever the caller and the model do', () => {
  const calls: CallVerdict[] = [];
  const sum = (of: (call: CallVerdict) => number): number =>
    calls.reduce((total, call) => total + of(call), 0);
  const crossed = (pair: string): number => sum((call) => call.crossed.get(pair) ?? 0);

  it('the call keeps what it promises, and ends without a trace', async () => {
    await fc.assert(
      fc.asyncProperty(callPlans, async (plan) => {
        const call = await playCall(plan);
        calls.push(call);
        expect(call.problems).toEqual([]);
      }),
      { numRuns: Number(process.env.BAARI_TEST_RUNS ?? 100), seed: 20_260_101 },
    );
    const outcomes = Map.groupBy(calls, ({ outcome }) => outcome);
    console.log(
      [
        `${calls.length} calls, ${Math.round(sum(({ figures }) => figures.simulatedMs) / 1000)} s simulated: ` +
          `${sum(({ figures }) => figures.steps)} steps of the turn, ${sum(({ figures }) => figures.replies)} replies ` +
          `(${sum(({ figures }) => figures.flushed)} flushed), ${sum(({ figures }) => figures.clears)} clears, ` +
          `${sum(({ figures }) => figures.sessions)} sessions`,
        `outcomes: ${[...outcomes].map(([outcome, of]) => `${outcome} ${of.length}`).join(', ')}`,
      ].join('\n'),
    );
    expect(unhandled).toEqual([]);
  });

  it('every two of what may cross each other do, in either order', () => {
    const pairs = crossings.flatMap((first) =>
      crossings.filter((second) => second !== first).map((second) => `${first}, then ${second}`),
    );
    console.log(pairs.map((pair) => `${String(crossed(pair)).padStart(4)} ${pair}`).join('\n'));
    expect(pairs.filter((pair) => crossed(pair) === 0)).toEqual([]);
  });
});
