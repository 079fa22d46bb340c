import { describe, expect, it } from 'vitest';
import { type EventObject, fromCallback } from 'xstate';
import {
  type ToolDeskCommand,
  type ToolDeskReport,
  type ToolWorkReport,
  toolCallMachine,
  toolsMachine,
} from '../../machines/index.ts';
import { FakeEdge, leaves, startUnderParent } from '../helpers/machines.ts';

/** What happens: the desk reports, the work of a run reports, or time passes, ms. */
type Step = ToolDeskReport | { readonly work: string; readonly says: ToolWorkReport } | number;

const run = (name: string, blocking = true, timeoutMs = 9000): Step => ({
  type: 'desk.run',
  run: name,
  tool: 'book',
  timeoutMs,
  blocking,
});
const answered = (work: string): Step => ({ work, says: { type: 'work.answered' } });
const failed = (work: string): Step => ({ work, says: { type: 'work.failed' } });
const cancel = (name: string): Step => ({ type: 'desk.cancel', run: name });
const release = (name: string): Step => ({ type: 'desk.release', run: name });
const settled = (name: string, outcome: string): string => `desk.settle ${name} ${outcome}`;

/** The work of every run, by the name of the run. */
class FakeWorks {
  readonly #reports = new Map<string, (report: ToolWorkReport) => void>();

  readonly logic = fromCallback<EventObject, { readonly run: string }, ToolWorkReport>(
    ({ input, sendBack }) => {
      this.#reports.set(input.run, sendBack);
      return () => this.#reports.delete(input.run);
    },
  );

  /** The runs whose work goes on. */
  get running(): string[] {
    return [...this.#reports.keys()].sort();
  }

  report(run: string, says: ToolWorkReport): void {
    this.#reports.get(run)?.(says);
  }
}

interface Situation {
  readonly title: string;
  readonly steps: readonly Step[];
  readonly state: 'free' | 'awaited';
  readonly reported: readonly string[];
  readonly commanded: readonly string[];
}

const situations: readonly Situation[] = [
  { title: 'wait for nothing at first', steps: [], state: 'free', reported: [], commanded: [] },
  {
    title: 'are awaited while one runs that the model waits for',
    steps: [run('a')],
    state: 'awaited',
    reported: ['tool.started'],
    commanded: [],
  },
  {
    title: 'are not awaited for one that it does not wait for',
    steps: [run('a', false), answered('a')],
    state: 'free',
    reported: [],
    commanded: [settled('a', 'answered')],
  },
  {
    title: 'tell of several that are awaited as of one',
    steps: [run('a'), run('b'), answered('b'), failed('a')],
    state: 'free',
    reported: ['tool.started', 'tool.finished'],
    commanded: [settled('b', 'answered'), settled('a', 'failed')],
  },
  {
    title: 'stay awaited when only one ends that nobody waits for',
    steps: [run('a'), run('b', false), answered('b')],
    state: 'awaited',
    reported: ['tool.started'],
    commanded: [settled('b', 'answered')],
  },
  {
    title: 'are free although one goes on that nobody waits for',
    steps: [run('b', false), run('a'), answered('a')],
    state: 'free',
    reported: ['tool.started', 'tool.finished'],
    commanded: [settled('a', 'answered')],
  },
  {
    title: 'end each in its own time',
    steps: [run('a', true, 2000), run('b', true, 5000), 2000],
    state: 'awaited',
    reported: ['tool.started'],
    commanded: [settled('a', 'timedOut')],
  },
  {
    title: 'can be cancelled',
    steps: [run('a'), cancel('a')],
    state: 'free',
    reported: ['tool.started', 'tool.finished'],
    commanded: [settled('a', 'cancelled')],
  },
  {
    title: 'go on, awaited by nobody, when they are released',
    steps: [run('a'), run('b'), release('a'), release('b'), answered('a')],
    state: 'free',
    reported: ['tool.started', 'tool.finished'],
    commanded: [settled('a', 'answered')],
  },
  {
    title: 'stay awaited when another is released',
    steps: [run('a'), run('b'), release('a')],
    state: 'awaited',
    reported: ['tool.started'],
    commanded: [],
  },
  {
    title: 'cannot be cancelled when they are over, or were never run',
    steps: [run('a'), answered('a'), cancel('a'), cancel('z')],
    state: 'free',
    reported: ['tool.started', 'tool.finished'],
    commanded: [settled('a', 'answered')],
  },
];

describe('the tools of a call', () => {
  it.each(situations)('$title', ({ steps, state, reported, commanded }) => {
    const desk = new FakeEdge<ToolDeskCommand, ToolDeskReport>(() => 0);
    const works = new FakeWorks();
    const rig = startUnderParent(
      toolsMachine.provide({
        actors: {
          desk: desk.logic,
          toolCall: toolCallMachine.provide({ actors: { work: works.logic } }),
        },
      }),
      undefined,
    );
    for (const step of steps) {
      if (typeof step === 'number') rig.clock.advance(step);
      else if ('work' in step) works.report(step.work, step.says);
      else desk.report(step);
    }
    const told = rig.take();
    const { value, children } = rig.actor.getSnapshot();
    expect(leaves(value)).toEqual([state]);
    expect(told).toEqual(reported);
    expect(desk.words).toEqual(commanded);
    const runs = Object.keys(children).filter((id) => id !== 'desk');
    expect(runs.sort()).toEqual(works.running);
    rig.stop();
    expect(works.running).toEqual([]);
    expect(rig.clock.pendingTimers).toBe(0);
  });
});
