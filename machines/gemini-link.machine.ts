import { assign, type CallbackActorLogic, type NonReducibleUnknown, sendParent, sendTo, setup } from 'xstate';
import type { Failure, GeminiCommand } from './events.ts';

/** What one Gemini connection, or the lack of it, tells the Gemini link. */
export type GeminiWireReport =
  | { readonly type: 'wire.setUp'; readonly resumed: boolean }
  | { readonly type: 'wire.generationComplete' }
  | { readonly type: 'wire.interrupted' }
  | { readonly type: 'wire.turnComplete' }
  /** The connection is going, or gone, in the middle of a reply. */
  | { readonly type: 'wire.replyTorn' }
  | { readonly type: 'wire.goingAway'; readonly timeLeftMs: number }
  | { readonly type: 'wire.lost'; readonly failure: Failure; readonly remedy: 'resume' | 'renew' | 'none' };

/** What the Gemini link tells the wire; `renew` forgets the handle and recaps what was heard. */
export type GeminiWireCommand =
  | { readonly type: 'wire.connect'; readonly how: 'first' | 'resume' | 'renew' }
  | { readonly type: 'wire.close' }
  | GeminiCommand;

/** Deadlines of the link, milliseconds. */
export interface GeminiLinkInput {
  readonly setupMs: number;
  readonly resumeBudgetMs: number;
  readonly backoffMs: number;
  readonly longestBackoffMs: number;
  /** A session that lasts this long was a success. */
  readonly stableMs: number;
  readonly mostAttempts: number;
}

interface GeminiLinkContext extends GeminiLinkInput {
  readonly attempts: number;
  readonly goAwayMs: number;
  readonly failure: Failure | undefined;
}

type GeminiWireLogic = CallbackActorLogic<GeminiWireCommand, NonReducibleUnknown, GeminiWireReport>;

/** The caller's line to the model: one session after another, seen from above as one. */
export const geminiLinkMachine = setup({
  types: {
    input: {} as GeminiLinkInput,
    context: {} as GeminiLinkContext,
    events: {} as GeminiWireReport | GeminiCommand,
    tags: {} as 'connected',
  },
  actors: {
    geminiWire: {} as GeminiWireLogic,
  },
  guards: {
    canResume: ({ event }) => event.type === 'wire.lost' && event.remedy === 'resume',
    canRenew: ({ event }) => event.type === 'wire.lost' && event.remedy === 'renew',
    triedTooOften: ({ context }) => context.attempts > context.mostAttempts,
  },
  delays: {
    setup: ({ context }) => context.setupMs,
    resumeBudget: ({ context }) => context.resumeBudgetMs,
    backoff: ({ context }) =>
      Math.min(context.backoffMs * 2 ** Math.max(0, context.attempts - 1), context.longestBackoffMs),
    goAway: ({ context }) => context.goAwayMs,
    stable: ({ context }) => context.stableMs,
  },
  actions: {
    connectFirst: sendTo('wire', { type: 'wire.connect', how: 'first' }),
    connectResumed: sendTo('wire', { type: 'wire.connect', how: 'resume' }),
    connectRenewed: sendTo('wire', { type: 'wire.connect', how: 'renew' }),
    closeWire: sendTo('wire', { type: 'wire.close' }),
    tellWire: sendTo('wire', ({ event }) => event),
    countAttempt: assign({ attempts: ({ context }) => context.attempts + 1 }),
    forgetAttempts: assign({ attempts: 0 }),
    rememberTimeLeft: assign({
      // a second is kept for the hand-over itself
      goAwayMs: ({ event }) => (event.type === 'wire.goingAway' ? Math.max(0, event.timeLeftMs - 1000) : 0),
    }),
    rememberFailure: assign({
      failure: ({ context, event }) => (event.type === 'wire.lost' ? event.failure : context.failure),
    }),
    blameSetup: assign({
      failure: ({ context }) => ({
        code: 'gemini.setup-timeout',
        message: `expected the session to be set up within ${context.setupMs} ms, it was not`,
      }),
    }),
    blameBudget: assign({
      failure: ({ context }) => ({
        code: 'gemini.resume-timeout',
        message: `no new connection within ${context.resumeBudgetMs} ms; last: ${context.failure?.message ?? 'unknown'}`,
      }),
    }),
    reportReady: sendParent(({ event }) => ({
      type: 'gemini.ready',
      resumed: event.type === 'wire.setUp' && event.resumed,
    })),
    reportGenerationComplete: sendParent({ type: 'gemini.generationComplete' }),
    reportInterrupted: sendParent({ type: 'gemini.interrupted' }),
    reportTurnComplete: sendParent({ type: 'gemini.turnComplete' }),
    reportLost: sendParent({ type: 'gemini.lost' }),
    reportReplyTorn: sendParent({ type: 'gemini.replyTorn' }),
    reportFailed: sendParent(({ context }) => ({ type: 'gemini.failed', failure: context.failure })),
  },
}).createMachine({
  id: 'geminiLink',
  description: 'The caller’s line to the model: one session after another, seen from above as one.',
  context: ({ input }) => ({ ...input, attempts: 0, goAwayMs: 0, failure: undefined }),
  invoke: { id: 'wire', src: 'geminiWire' },
  initial: 'connecting',
  on: { 'wire.replyTorn': { actions: 'reportReplyTorn' } },
  states: {
    connecting: {
      description: 'The first session is being set up; the SDK alone might never say that it cannot be.',
      entry: 'connectFirst',
      after: { setup: { target: 'failed', actions: 'blameSetup' } },
      on: {
        'wire.setUp': { target: 'ready', actions: 'reportReady' },
        'wire.lost': { target: 'failed', actions: 'rememberFailure' },
      },
    },
    ready: {
      description: 'A session is set up.',
      tags: ['connected'],
      initial: 'steady',
      // a session that drops again at once counts as another failed attempt
      after: { stable: { actions: 'forgetAttempts' } },
      on: {
        'wire.generationComplete': { actions: 'reportGenerationComplete' },
        'wire.interrupted': { actions: 'reportInterrupted' },
        'wire.turnComplete': { actions: 'reportTurnComplete' },
        'wire.lost': [
          { guard: 'canResume', target: 'resuming', actions: ['rememberFailure', 'reportLost'] },
          { guard: 'canRenew', target: 'resuming.renewing', actions: ['rememberFailure', 'reportLost'] },
          { target: 'failed', actions: 'rememberFailure' },
        ],
        'gemini.renew': { target: 'resuming.renewing' },
        'gemini.*': { actions: 'tellWire' },
      },
      states: {
        steady: {
          description: 'Nothing is known of an end.',
          on: { 'wire.goingAway': { target: 'leaving', actions: 'rememberTimeLeft' } },
        },
        leaving: {
          description: 'The server has announced the end of this session; a quiet moment is waited for.',
          // no quiet moment came: the rest of a reply that is under way is lost with the session
          after: { goAway: { target: '#geminiLink.rotating', actions: 'reportLost' } },
          on: { 'wire.turnComplete': { target: '#geminiLink.rotating', actions: 'reportTurnComplete' } },
        },
      },
    },
    rotating: {
      description:
        'The old session is closed, then resumed on a new connection; what the caller says is kept.',
      entry: ['closeWire', 'connectResumed'],
      after: { setup: 'resuming' },
      on: {
        'wire.setUp': { target: 'ready', actions: 'reportReady' },
        'wire.lost': [
          { guard: 'canRenew', target: 'resuming.renewing', actions: 'rememberFailure' },
          { target: 'resuming', actions: 'rememberFailure' },
        ],
        'gemini.*': { actions: 'tellWire' },
      },
    },
    resuming: {
      description: 'The connection was lost; it is tried again, with growing pauses, within a budget.',
      initial: 'waiting',
      after: { resumeBudget: { target: 'failed', actions: ['blameBudget', 'closeWire'] } },
      on: {
        'wire.setUp': { target: 'ready', actions: 'reportReady' },
        'gemini.*': { actions: 'tellWire' },
      },
      states: {
        waiting: {
          description: 'The pause before the next attempt.',
          entry: 'countAttempt',
          always: { guard: 'triedTooOften', target: '#geminiLink.failed' },
          after: { backoff: 'connecting' },
        },
        connecting: {
          description: 'An attempt with the newest handle.',
          entry: 'connectResumed',
          after: { setup: 'waiting' },
          on: {
            'wire.lost': [
              { guard: 'canRenew', target: 'renewing', actions: 'rememberFailure' },
              { guard: 'canResume', target: 'waiting', actions: 'rememberFailure' },
              { target: '#geminiLink.failed', actions: 'rememberFailure' },
            ],
          },
        },
        renewing: {
          description: 'A fresh session is told what was said so far.',
          entry: 'connectRenewed',
          after: { setup: 'waiting' },
          on: {
            'wire.lost': [
              { guard: 'canResume', target: 'waiting', actions: 'rememberFailure' },
              { target: '#geminiLink.failed', actions: 'rememberFailure' },
            ],
          },
        },
      },
    },
    failed: {
      description: 'The model cannot be had for the rest of this call.',
      entry: ['closeWire', 'reportFailed'],
      type: 'final',
    },
  },
});
