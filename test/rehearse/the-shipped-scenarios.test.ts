import { afterAll, beforeAll, expect, test } from 'vitest';
import { byLevel, Rehearsals } from './rehearsals.ts';

let rehearsals: Rehearsals;

beforeAll(async () => {
  rehearsals = await Rehearsals.load();
});

afterAll(() => rehearsals.close());

test('are the situations a phone bridge is judged by', () => {
  expect(rehearsals.names).toEqual([
    'backchannel',
    'echo',
    'end-of-turn',
    'greeting',
    'interruption',
    'long-reply',
    'noise',
    'pause',
    'short-answer',
    'silent-model',
    'stalling-model',
    'street',
  ]);
});

test.each([
  ['interruption', 3],
  ['backchannel', 3],
  ['noise', 2],
  ['echo', 1],
  ['short-answer', 2],
  ['end-of-turn', 2],
  ['greeting', 2],
  ['long-reply', 1],
  ['stalling-model', 2],
  ['silent-model', 1],
  ['street', 1],
])('%s meets its bars in the first %i calls', { timeout: 60_000 }, async (name, calls) => {
  const { bars } = await rehearsals.rehearse(name, name === 'street' ? {} : byLevel, calls);
  // medians of a few calls are not those of all: only what must hold in every call is held here
  const firm = bars.filter(({ bar }) => !/median|p95/.test(bar));
  expect(firm.filter(({ isMet }) => !isMet)).toEqual([]);
  expect(firm.length).toBeGreaterThan(0);
});
