import { describe, expect, it } from 'vitest';
import { allStates } from '../helpers/machines.ts';
import { type Chart, charts, nameOf } from './charts.ts';
import { boundedElsewhere } from './timed-exits.ts';

type StateNode = Chart['machine']['root'];

/** A named action that raises an event later, or that cancels one. */
interface TimedAction {
  readonly raises?: { readonly id: string; readonly delay: string; readonly event: string };
  readonly cancels?: string;
}

/** What the named action of `machine` does to deadlines; the parts are those that XState's creators leave on it. */
function timedAction(machine: Chart['machine'], name: string): TimedAction {
  const action: unknown = machine.implementations.actions[name];
  if (typeof action !== 'function') return {};
  const { id, delay, event, sendId } = { ...action } as Readonly<Record<string, unknown>>;
  if (typeof sendId === 'string') return { cancels: sendId };
  if (typeof delay !== 'string' || typeof id !== 'string' || !isEvent(event)) return {};
  return { raises: { id, delay, event: event.type } };
}

function isEvent(value: unknown): value is { type: string } {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

function timed(machine: Chart['machine'], actions: readonly unknown[]): TimedAction[] {
  return actions.map((action) => timedAction(machine, nameOf(action)));
}

function lineage(node: StateNode): StateNode[] {
  return node.parent ? [node, ...lineage(node.parent)] : [node];
}

function resolve({ machine, context }: Chart, delay: string): unknown {
  const resolver: unknown = machine.implementations.delays[delay];
  return typeof resolver === 'function' ? resolver({ context, event: { type: 'x' } }, undefined) : resolver;
}

function delayNames({ machine }: Chart): string[] {
  const after = allStates(machine).flatMap(({ config }) => Object.keys(config.after ?? {}));
  const raised = Object.keys(machine.implementations.actions).flatMap((name) => {
    const { raises } = timedAction(machine, name);
    return raises ? [raises.delay] : [];
  });
  return [...new Set([...after, ...raised])];
}

/** Whether the state, or one around it, has an `after` that leads on, or sets a deadline on entry whose event does. */
function hasTimedExit(machine: Chart['machine'], node: StateNode): boolean {
  const line = lineage(node);
  return line.some((state) => {
    if (state.after.some(({ target, actions }) => target !== undefined || raisesAnything(machine, actions)))
      return true;
    return timed(machine, state.entry).some(({ raises }) => raises && leadsOn(line, raises.event));
  });
}

function raisesAnything(machine: Chart['machine'], actions: readonly unknown[]): boolean {
  return actions.some((action) => {
    const implementation: unknown = machine.implementations.actions[nameOf(action)];
    return typeof implementation === 'function' && Reflect.get(implementation, 'type') === 'xstate.raise';
  });
}

/** Whether the innermost state of `line` that reacts to `event` leaves for another. */
function leadsOn(line: readonly StateNode[], event: string): boolean {
  const reactions = line
    .map(({ transitions }) => transitions.get(event))
    .find((found) => found !== undefined);
  return reactions?.some(({ target }) => target !== undefined) ?? false;
}

function waits(node: StateNode): boolean {
  return node.type === 'atomic' && (node.always ?? []).length === 0;
}

const withDelays = charts.flatMap((chart) => delayNames(chart).map((delay) => ({ ...chart, delay })));

describe('deadlines', () => {
  it.each(withDelays)('$delay of the $name chart is a number of milliseconds', (chart) => {
    const ms = resolve(chart, chart.delay);
    expect(ms).toSatisfy(Number.isFinite);
    expect(ms).toBeGreaterThan(0);
  });

  it('end with the state that starts them', () => {
    const loose = charts.flatMap(({ machine }) =>
      allStates(machine).flatMap((node) => {
        const cancelled = timed(machine, node.exit).map(({ cancels }) => cancels);
        return timed(machine, node.entry)
          .filter(({ raises }) => raises && !cancelled.includes(raises.id))
          .map(({ raises }) => `${node.id} starts ${raises?.id}`);
      }),
    );
    expect(loose).toEqual([]);
  });

  it('of the turn are those of its policy', () => {
    const turn = charts.filter(({ name }) => name === 'turn');
    expect(turn.flatMap(delayNames).sort()).toEqual([
      'apology',
      'greetingProtection',
      'lastAnswer',
      'longestCallerTurn',
      'longestTool',
      'newSession',
      'nudge',
      'overdue',
      'phrase',
      'tailAnswer',
      'verdict',
    ]);
  });
});

describe('every state that waits', () => {
  const untimed = charts.flatMap(({ machine }) =>
    allStates(machine)
      .filter((node) => waits(node) && !hasTimedExit(machine, node))
      .map(({ id }) => id),
  );

  it('has a timed way out, or is bounded elsewhere for a reason that is written down', () => {
    console.log(
      `without a deadline of their own: ${untimed.length}; bounded elsewhere: ${boundedElsewhere.length}`,
    );
    expect(untimed.filter((id) => !boundedElsewhere.some(({ state }) => state === id))).toEqual([]);
  });

  it('is excused only while it needs to be', () => {
    expect(boundedElsewhere.filter(({ state }) => !untimed.includes(state))).toEqual([]);
  });
});
