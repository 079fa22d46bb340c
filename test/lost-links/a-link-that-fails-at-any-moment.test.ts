import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withoutDoneWarnings } from '../machines/quiet-console.ts';
import { loopbackWorld } from '../service-paths/loopback-world.ts';
import { type CellResult, playCell } from './cell.ts';
import { type Mishap, mishaps } from './mishaps.ts';
import { type Situation, situations } from './situations.ts';

withoutDoneWarnings();

const results = new Map<string, CellResult>();
const nameOf = (situation: Situation, mishap: Mishap): string => `${mishap.name} after ${situation.name}`;
const unhandled: unknown[] = [];
const noteUnhandled = (reason: unknown): void => {
  unhandled.push(reason);
};

beforeAll(() => {
  process.on('unhandledRejection', noteUnhandled);
});

afterAll(() => {
  process.off('unhandledRejection', noteUnhandled);
  const line = (first: string, rest: readonly string[]): string =>
    [first.padEnd(16), ...rest.map((words) => words.padEnd(13))].join(' ').trimEnd();
  const rows = situations.map((situation) =>
    line(
      situation.name,
      mishaps.map((mishap) => wordsOf(results.get(nameOf(situation, mishap)))),
    ),
  );
  console.log(
    [
      line(
        'what became of it',
        mishaps.map(({ name }) => name),
      ),
      ...rows,
    ].join('\n'),
  );
});

function wordsOf(result: CellResult | undefined): string {
  if (!result) return 'failed';
  return `${result.outcome === 'answered' ? 'answered' : 'sorry'} ${(result.recoveredMs / 1000).toFixed(1)} s`;
}

describe.each(situations)('$name', (situation) => {
  it.each(mishaps)('$name', async (mishap) => {
    const { script } = situation;
    const open = ({ faults }: Parameters<Parameters<typeof playCell>[0]>[0]) =>
      loopbackWorld({ script, faults, setupMs: 20, keepAudio: true });
    const result = await playCell(open, situation, mishap);
    results.set(nameOf(situation, mishap), result);
    expect(result.problems).toEqual([]);
  });
});

it('leaves no rejection unhandled', () => {
  expect(unhandled).toEqual([]);
});
