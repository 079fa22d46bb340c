import { describe, expect, it } from 'vitest';
import type { EventObject } from 'xstate';
import { type ToolWorkReport, toolCallMachine } from '../../machines/index.ts';
import type { FakeEdge } from '../helpers/machines.ts';
import { play } from './situations.ts';

const input = { run: 'run-1', tool: 'book', timeoutMs: 9000 };
const answered = { type: 'work.answered' } as const;
const failed = { type: 'work.failed' } as const;
const cancel = { type: 'toolCall.cancel' } as const;

describe('a tool call', () => {
  it.each([
    { title: 'runs until something comes of it', steps: [8999], state: 'running', outcome: undefined },
    { title: 'is answered', steps: [answered], state: 'answered', outcome: 'answered' },
    { title: 'fails', steps: [failed], state: 'failed', outcome: 'failed' },
    { title: 'times out', steps: [9000], state: 'timedOut', outcome: 'timedOut' },
    { title: 'is cancelled', steps: [cancel], state: 'cancelled', outcome: 'cancelled' },
  ])('$title', ({ steps, state, outcome }) => {
    const seen = play(
      (edge: FakeEdge<EventObject, ToolWorkReport, { readonly run: string }>) =>
        toolCallMachine.provide({ actors: { work: edge.logic } }),
      input,
      steps,
    );
    expect(seen).toMatchObject({ state, commanded: [], pendingTimers: 0, isDisposed: true });
    expect(seen.reported.map((words) => words.includes(`${outcome}`))).toEqual(outcome ? [true] : []);
  });
});
