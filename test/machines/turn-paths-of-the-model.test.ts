import { describe, expect, it } from 'vitest';
import { createTestModel, type TestPath } from 'xstate/graph';
import { type TurnEvent, turnMachine } from '../../machines/index.ts';
import { leaves, turnPolicy } from '../helpers/machines.ts';
import { TableWalk } from './turn-checks.ts';
import { turnEvents, turnStates } from './turn-rig.ts';
import { turnTable } from './turn-table.ts';
import type { TurnState } from './turn-words.ts';

type TurnSnapshot = ReturnType<typeof turnMachine.getInitialSnapshot>;

const remembering = ['rememberOnset', 'countStall', 'forgetStalls'];

/** A model has no parent to tell anything: what the chart would say is checked on the running chart. */
const muted = Object.fromEntries(
  Object.keys(turnMachine.implementations.actions)
    .filter((name) => !remembering.includes(name))
    .map((name) => [name, () => undefined]),
);

const model = createTestModel(turnMachine.provide({ actions: muted }), {
  // a path for every event in every state: an ignored event is a fact as well
  serializeState: (snapshot, event, previous) =>
    [
      `${nameOf(snapshot)} with ${stallsOf(snapshot)}`,
      `after ${event?.type ?? 'nothing'} in ${previous ? nameOf(previous) : 'nothing'}`,
    ].join(' '),
});

function nameOf(snapshot: Pick<TurnSnapshot, 'value'>): string {
  return leaves(snapshot.value).join(' + ');
}

function stallsOf({ context }: Pick<TurnSnapshot, 'context'>): string {
  return `${Math.min(context.stalls, 2)} stalls`;
}

function isTurnState(name: string): name is TurnState {
  return name in turnTable;
}

function pathsOf(agentGreets: boolean): TestPath<TurnSnapshot, TurnEvent>[] {
  return model.getShortestPaths({
    events: [...turnEvents],
    input: { agentGreets, policy: turnPolicy },
  });
}

describe.each([true, false])('the model of the turn, agent greets: %s', (agentGreets) => {
  const paths = pathsOf(agentGreets);

  it('is walked by the running chart along every path', async () => {
    const seen = { states: new Set<string>(), transitions: new Set<string>(), pairs: new Set<string>() };
    for (const path of paths) await walk(path, agentGreets, seen);
    const reachable = turnStates.filter((state) => agentGreets || !state.startsWith('greeting'));
    const pairs = reachable.flatMap((from) => turnEvents.map(({ type }) => ({ from, type })));
    const transitions = pairs.flatMap(({ from, type }) => [
      ...(turnTable[from].on[type] ? [type] : []),
      ...(turnTable[from].again?.[type] ?? []),
    ]);
    console.log(
      `turn, agent greets ${agentGreets}: ${paths.length} paths, ` +
        `states ${seen.states.size}/${reachable.length}, ` +
        `transitions ${seen.transitions.size}/${transitions.length}, pairs ${seen.pairs.size}/${pairs.length}`,
    );
    expect([...seen.states].sort()).toEqual([...reachable].sort());
    expect(seen.transitions.size).toBe(transitions.length);
    expect(seen.pairs.size).toBe(pairs.length);
  });
});

interface Seen {
  readonly states: Set<string>;
  readonly transitions: Set<string>;
  readonly pairs: Set<string>;
}

/** Walks one path with a running chart; the table says what each step must lead to. */
async function walk(
  path: TestPath<TurnSnapshot, TurnEvent>,
  agentGreets: boolean,
  seen: Seen,
): Promise<void> {
  const table = new TableWalk(turnMachine, agentGreets);
  const take = ({ event: { type } }: { event: TurnEvent }): void => {
    const { state, stalls } = table;
    const pair = `${state} × ${type}`;
    seen.pairs.add(pair);
    if (turnTable[state].on[type]) seen.transitions.add(pair);
    if (turnTable[state].again?.[type] && stalls > 0) seen.transitions.add(`${pair}, ${stalls} times before`);
    table.send(type);
    expect(table.differences, path.description).toEqual([]);
  };
  await path.test({
    events: Object.fromEntries(turnEvents.map(({ type }) => [type, take])),
    states: {
      '*': (snapshot) => {
        const name = nameOf(snapshot);
        expect(table.rig.state, path.description).toBe(name);
        if (isTurnState(name)) seen.states.add(name);
      },
    },
  });
  table.rig.stop();
}
