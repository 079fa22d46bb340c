import { type CallbackActorLogic, type EventObject, sendParent, setup } from 'xstate';

/** How one run of a tool ended. */
export type ToolCallOutcome = 'answered' | 'timedOut' | 'cancelled' | 'failed';

/** What one run of a tool is started with; arguments and results are personal data and stay outside the charts. */
export interface ToolCallInput {
  /** The name of this run, unique within the call. */
  readonly run: string;
  readonly tool: string;
  readonly timeoutMs: number;
}

/** What the work of a tool tells its chart; the result itself stays with the desk. */
export type ToolWorkReport = { readonly type: 'work.answered' } | { readonly type: 'work.failed' };

/** What a run tells its parent, once. */
export interface ToolCallReport {
  readonly type: 'toolCall.ended';
  readonly run: string;
  readonly outcome: ToolCallOutcome;
}

type ToolWorkLogic = CallbackActorLogic<EventObject, { readonly run: string }, ToolWorkReport>;

/** One run of a tool: whichever way out comes first is the one that the model is told of. */
export const toolCallMachine = setup({
  types: {
    input: {} as ToolCallInput,
    context: {} as ToolCallInput,
    events: {} as ToolWorkReport | { readonly type: 'toolCall.cancel' },
  },
  actors: {
    work: {} as ToolWorkLogic,
  },
  delays: {
    timeout: ({ context }) => context.timeoutMs,
  },
  actions: {
    reportEnded: sendParent(({ context }, params: { outcome: ToolCallOutcome }) => ({
      type: 'toolCall.ended',
      run: context.run,
      ...params,
    })),
  },
}).createMachine({
  id: 'toolCall',
  description: 'One run of a tool that the model has called.',
  context: ({ input }) => input,
  initial: 'running',
  states: {
    running: {
      description: 'The tool works; leaving this state aborts what is left of it.',
      invoke: { id: 'work', src: 'work', input: ({ context }) => ({ run: context.run }) },
      after: { timeout: 'timedOut' },
      on: {
        'work.answered': 'answered',
        'work.failed': 'failed',
        'toolCall.cancel': 'cancelled',
      },
    },
    answered: {
      description: 'The tool has a result.',
      entry: { type: 'reportEnded', params: { outcome: 'answered' } },
      type: 'final',
    },
    failed: {
      description: 'The tool threw, or its result cannot be told.',
      entry: { type: 'reportEnded', params: { outcome: 'failed' } },
      type: 'final',
    },
    timedOut: {
      description: 'The tool had no result in time.',
      entry: { type: 'reportEnded', params: { outcome: 'timedOut' } },
      type: 'final',
    },
    cancelled: {
      description: 'The model does not want the result any more.',
      entry: { type: 'reportEnded', params: { outcome: 'cancelled' } },
      type: 'final',
    },
  },
});
