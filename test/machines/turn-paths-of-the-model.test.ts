import { describe, expect, it } from 'vitest';
import { createTestModel, type TestPath } from 'xstate/graph';
import { type TurnEvent, turnMachine } from '../../machines/index.ts';
import { leaves, turnPolicy } from '../helpers/machines.ts';
import { TableWalk } from './turn-checks.ts';
import { turnEvents, turnStates, wayName } from './turn-rig.ts';
import { turnTable } from './turn-table.ts';
import type { TurnState } from './turn-words.ts';

type TurnSnapshot = ReturnType<typeof turnMachine.getInitialSnapshot>;

/** What the chart does to itself; the rest is telling, and a model has no parent to tell anything. */
const remembering = /^(remember|count|note|forget)/;

const muted = Object.fromEntries(
  Object.keys(turnMachine.implementations.actions)
    .filter((name) => !remembering.test(name))
    .map((name) => [name, () => undefined]),
);

const model = createTestModel(turnMachine.provide({ actions: muted }), {
  // a path for every event in every state: an ignored event is a fact as well
  serializeState: (snapshot, event, previous) => {
    const memory = memoryOf(snapshot);
    const before = previous ? memoryOf(previous) : none;
    const isPlain = before === none;
    const isAnswer =
      event !== undefined && previous !== undefined && hangsOn(before, nameOf(previous), event.type);
    const step = `after ${event?.type ?? 'nothing'} in ${previous ? nameOf(previous) : 'nothing'}`;
    return `${nameOf(snapshot)} with ${memory} ${isPlain || isAnswer ? `${step} with ${before}` : ''}`;
  },
});

const none = 'nothing remembered';

function nameOf(snapshot: Pick<TurnSnapshot, 'value'>): string {
  return leaves(snapshot.value).join(' + ');
}

/** What is remembered, one thing at a time: several at once are followed no further than one of each. */
function memoryOf({ context, value }: Pick<TurnSnapshot, 'context' | 'value'>): string {
  const { stalls, unanswered, isReplyTorn, isToolRunning, isMoreOwed } = context;
  const remembered = [
    ...(stalls > 0 ? [stalls > 1 ? 'replies have stalled' : 'a reply has stalled'] : []),
    ...(unanswered > 0 ? [unanswered >= 3 ? 'turns were left unanswered' : `${unanswered} unanswered`] : []),
    ...(isReplyTorn ? ['the reply is torn'] : []),
    ...(isToolRunning && !nameOf({ value }).startsWith('working') ? ['a tool runs'] : []),
    ...(isMoreOwed ? ['more is owed'] : []),
  ];
  return remembered.length > 1 ? 'several' : (remembered[0] ?? none);
}

function hangsOn(memory: string, state: string, event: TurnEvent['type']): boolean {
  if (!isTurnState(state)) return false;
  return (turnTable[state].unless ?? []).some(([when, what]) => when === memory && what[event]);
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
      ...(turnTable[from].on[type] ? [wayName(from, type)] : []),
      ...(turnTable[from].unless ?? [])
        .filter(([, what]) => what[type])
        .map(([circumstance]) => wayName(from, type, circumstance)),
    ]);
    console.log(
      `turn, agent greets ${agentGreets}: ${paths.length} paths, ` +
        `states ${seen.states.size}/${reachable.length}, ` +
        `transitions ${seen.transitions.size}/${transitions.length}, pairs ${seen.pairs.size}/${pairs.length}`,
    );
    expect([...seen.states].sort()).toEqual([...reachable].sort());
    expect([...seen.transitions].sort()).toEqual(transitions.sort());
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
    const { state } = table;
    seen.pairs.add(`${state} × ${type}`);
    const circumstance = table.send(type);
    if (circumstance || turnTable[state].on[type]) seen.transitions.add(wayName(state, type, circumstance));
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
