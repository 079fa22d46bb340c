import {
  type ActorLogicFrom,
  assign,
  type CallbackActorLogic,
  type NonReducibleUnknown,
  sendParent,
  sendTo,
  setup,
  spawnChild,
  stopChild,
} from 'xstate';
import {
  type ToolCallInput,
  type ToolCallOutcome,
  type ToolCallReport,
  toolCallMachine,
} from './tool-call.machine.ts';

/** A run that the desk asks for. */
interface RunAsked extends ToolCallInput {
  readonly type: 'desk.run';
  /** Whether the model stays silent until it has the result. */
  readonly blocking: boolean;
  /** So long the caller hears nothing, ms; without it as the agent has it. */
  readonly phraseAfterMs?: number | undefined;
}

/** What the desk, which takes the model's calls, tells the chart: the model calls, takes back, or waits no longer for a run. */
export type ToolDeskReport =
  | RunAsked
  | { readonly type: 'desk.cancel'; readonly run: string }
  | { readonly type: 'desk.release'; readonly run: string };

/** What the chart tells the desk. */
export interface ToolDeskCommand {
  readonly type: 'desk.settle';
  readonly run: string;
  readonly outcome: ToolCallOutcome;
}

interface ToolsContext {
  readonly running: readonly { readonly run: string; readonly blocking: boolean }[];
}

type ToolDeskLogic = CallbackActorLogic<ToolDeskCommand, NonReducibleUnknown, ToolDeskReport>;

/** The tools of one call: what runs, and whether the model waits for any of it. */
export const toolsMachine = setup({
  types: {
    context: {} as ToolsContext,
    events: {} as ToolDeskReport | ToolCallReport,
    tags: {} as 'modelWaits',
  },
  actors: {
    desk: {} as ToolDeskLogic,
    toolCall: toolCallMachine as ActorLogicFrom<typeof toolCallMachine>,
  },
  guards: {
    modelWaitsForIt: ({ event }) => event.type === 'desk.run' && event.blocking,
    modelWaitsForNothingElse: ({ context, event }) =>
      (event.type === 'toolCall.ended' || event.type === 'desk.release') &&
      !context.running.some(({ run, blocking }) => blocking && run !== event.run),
    isRunning: ({ context, event }) => context.running.some(({ run }) => run === event.run),
  },
  actions: {
    remember: assign({
      running: ({ context, event }) =>
        event.type === 'desk.run'
          ? [...context.running, { run: event.run, blocking: event.blocking }]
          : context.running,
    }),
    forget: assign({
      running: ({ context, event }) => context.running.filter(({ run }) => run !== event.run),
    }),
    startRun: spawnChild('toolCall', {
      id: ({ event }) => event.run,
      input: ({ event }) => ({
        run: event.run,
        tool: event.type === 'desk.run' ? event.tool : '',
        timeoutMs: event.type === 'desk.run' ? event.timeoutMs : 0,
      }),
    }),
    release: assign({
      running: ({ context, event }) =>
        context.running.map((one) => (one.run === event.run ? { ...one, blocking: false } : one)),
    }),
    cancelRun: sendTo(({ event }) => event.run, { type: 'toolCall.cancel' }),
    dropRun: stopChild(({ event }) => event.run),
    settle: sendTo('desk', ({ event }) => ({
      type: 'desk.settle',
      run: event.run,
      outcome: event.type === 'toolCall.ended' ? event.outcome : 'cancelled',
    })),
    reportStarted: sendParent(({ event }) => ({
      type: 'tool.started',
      ...(event.type === 'desk.run' && event.phraseAfterMs !== undefined
        ? { phraseAfterMs: event.phraseAfterMs }
        : {}),
    })),
    reportFinished: sendParent({ type: 'tool.finished' }),
  },
}).createMachine({
  id: 'tools',
  description: 'The tools that run for the model, and whether it waits for any of them.',
  context: { running: [] },
  invoke: { id: 'desk', src: 'desk' },
  initial: 'free',
  on: {
    'desk.cancel': { guard: 'isRunning', actions: 'cancelRun' },
  },
  states: {
    free: {
      description: 'No tool runs that the model waits for.',
      on: {
        'desk.run': [
          { guard: 'modelWaitsForIt', target: 'awaited', actions: ['remember', 'startRun', 'reportStarted'] },
          { actions: ['remember', 'startRun'] },
        ],
        'toolCall.ended': { actions: ['settle', 'dropRun', 'forget'] },
      },
    },
    awaited: {
      description: 'The model is silent until a tool, or several, have answered; each has its deadline.',
      tags: ['modelWaits'],
      on: {
        'desk.run': { actions: ['remember', 'startRun'] },
        'toolCall.ended': [
          {
            guard: 'modelWaitsForNothingElse',
            target: 'free',
            actions: ['settle', 'dropRun', 'forget', 'reportFinished'],
          },
          { actions: ['settle', 'dropRun', 'forget'] },
        ],
        // the caller has interrupted: the run goes on, and nobody waits for it
        'desk.release': [
          { guard: 'modelWaitsForNothingElse', target: 'free', actions: ['release', 'reportFinished'] },
          { actions: 'release' },
        ],
      },
    },
  },
});
