import { afterAll, beforeAll, expect, test } from 'vitest';
import { agentOf } from '../../src/cli/rehearse/agent-of.ts';
import { byLevel, Rehearsals } from './rehearsals.ts';

let rehearsals: Rehearsals;

beforeAll(async () => {
  rehearsals = await Rehearsals.load();
});

afterAll(() => rehearsals.close());

test.each([
  ['end-of-turn', 'told_ms', { turns: { end_silence_ms: 900 } }, 300],
  ['backchannel', 'gap_ms', { turns: { reject_ms: 300 } }, 60],
  ['interruption', 'to_clear_ms', { turns: { confirm_ms: 900 } }, 250],
  ['interruption', 'to_silence_ms', { playout: { lead_ms: 500 } }, 100],
  ['long-reply', 'lead_ms', { playout: { lead_ms: 600 } }, 300],
])('%s: %s moves with %o', { timeout: 60_000 }, async (name, figure, changes, byAtLeast) => {
  const usual = await rehearsals.summary(name, byLevel, 2);
  const changed = await rehearsals.summary(name, { ...byLevel, ...changes }, 2);
  expect((changed.figures[figure]?.max ?? 0) - (usual.figures[figure]?.max ?? 0)).toBeGreaterThan(byAtLeast);
});

test('a policy that names no field of the agent file is refused by name', () => {
  expect(() => agentOf(rehearsals.bakery, { turns: { confrim_ms: 1 } })).toThrow(
    'agent.turns.confrim_ms: expected a field',
  );
});

test('the same seed gives the same figures', { timeout: 60_000 }, async () => {
  const twice = [1, 2].map(() => rehearsals.rehearse('interruption', {}, 1));
  const [first, second] = await Promise.all(twice);
  expect(first).toEqual(second);
});
