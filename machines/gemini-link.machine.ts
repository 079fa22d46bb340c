import { assign, type CallbackActorLogic, type NonReducibleUnknown, sendParent, sendTo, setup } from 'xstate';
import type { Failure, FloorNotice, GeminiCommand, ToolReport } from './events.ts';

/** What one Gemini connection, or the lack of it, tells the Gemini link. */
export type GeminiWireReport =
  | { readonly type: 'wire.setUp'; readonly resumed: boolean }
  /** Something was sent that calls for an answer. */
  | { readonly type: 'wire.asked' }
  /** A reply begins: its first sound, or the call of a tool. */
  | { readonly type: 'wire.answering' }
  /** The server sends something, told once a second at most while an answer is owed or comes. */
  | { readonly type: 'wire.alive' }
  | { readonly type: 'wire.generationComplete' }
  | { readonly type: 'wire.interrupted' }
  /** The model's turn is over; `isEmpty` when an answer was owed and nothing of it can be heard. */
  | { readonly type: 'wire.turnComplete'; readonly isEmpty: boolean }
  /** The server has given a new handle. */
  | { readonly type: 'wire.handle' }
  /** The connection is going, or gone, in the middle of a reply. */
  | { readonly type: 'wire.replyTorn' }
  | { readonly type: 'wire.goingAway'; readonly timeLeftMs: number }
  | {
      readonly type: 'wire.lost';
      readonly failure: Failure;
      readonly remedy: 'resume' | 'renew' | 'none';
      /** How long the server asked us to wait. */
      readonly retryAfterMs?: number;
    };

/** What the link did about a session, for the count and the log. */
export type LinkIncident =
  | 'rotated'
  | 'rotatedInHaste'
  | 'silentConnection'
  | 'poisonedResume'
  | 'emptyTurnsInARow'
  | 'missingTurnComplete';

/**
 * What the Gemini link tells the wire; `renew` forgets the handle and recaps what was heard, `rotate` does so only when
 * the handle misses the last exchange.
 */
export type GeminiWireCommand =
  | { readonly type: 'wire.connect'; readonly how: 'first' | 'rotate' | 'resume' | 'renew' }
  | { readonly type: 'wire.close' }
  /** Drops a connection that would not answer the closing handshake. */
  | { readonly type: 'wire.drop' }
  | { readonly type: 'wire.note'; readonly what: LinkIncident }
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
  /** Attempts with a handle before a fresh session is tried instead. */
  readonly mostResumptions: number;
  /** Fresh sessions in a row that are lost without having been a success. */
  readonly mostRenewals: number;
  /** Age at which a session is left of our own accord. */
  readonly rotateAfterMs: number;
  /** Longest wait for a quiet moment after that. */
  readonly rotateGraceMs: number;
  /** An answer is owed, or comes, and the server sends nothing at all. */
  readonly silenceMs: number;
  /** A resumed session has been asked and generates nothing. */
  readonly poisonedMs: number;
  /** Wait for the end of a turn that has been generated and heard. */
  readonly turnCompleteMs: number;
  /** Wait for the handle that follows the end of a turn. */
  readonly handleMs: number;
  readonly mostEmptyTurns: number;
}

interface GeminiLinkContext extends GeminiLinkInput {
  readonly attempts: number;
  readonly renewals: number;
  readonly emptyTurns: number;
  readonly goAwayMs: number;
  readonly retryAfterMs: number;
  readonly isLeaving: boolean;
  readonly isFloorFree: boolean;
  readonly isToolRunning: boolean;
  /** It was resumed, and nothing has come of it yet. */
  readonly isResumed: boolean;
  readonly failure: Failure | undefined;
}

type GeminiWireLogic = CallbackActorLogic<GeminiWireCommand, NonReducibleUnknown, GeminiWireReport>;

/** The caller's line to the model: one session after another, seen from above as one. */
export const geminiLinkMachine = setup({
  types: {
    input: {} as GeminiLinkInput,
    context: {} as GeminiLinkContext,
    events: {} as GeminiWireReport | GeminiCommand | FloorNotice | ToolReport,
    tags: {} as 'connected',
  },
  actors: {
    geminiWire: {} as GeminiWireLogic,
  },
  guards: {
    hasFailed: ({ context }) => context.failure !== undefined,
    mayTryAgain: ({ context, event }) =>
      event.type === 'wire.lost' && event.remedy === 'resume' && context.attempts === 0,
    canResume: ({ event }) => event.type === 'wire.lost' && event.remedy === 'resume',
    canRenew: ({ context, event }) =>
      event.type === 'wire.lost' && event.remedy === 'renew' && context.renewals < context.mostRenewals,
    triedTooOften: ({ context }) => context.attempts > context.mostAttempts,
    resumedInVain: ({ context }) => context.attempts > context.mostResumptions,
    isResumed: ({ context }) => context.isResumed,
    isFloorFree: ({ context }) => context.isFloorFree,
    isToolRunning: ({ context }) => context.isToolRunning,
    isMomentToLeave: ({ context }) => context.isLeaving && context.isFloorFree && !context.isToolRunning,
    isEmptyTurn: ({ event }) => event.type === 'wire.turnComplete' && event.isEmpty,
    isOneEmptyTurnTooMany: ({ context, event }) =>
      event.type === 'wire.turnComplete' && event.isEmpty && context.emptyTurns + 1 >= context.mostEmptyTurns,
  },
  delays: {
    setup: ({ context }) => context.setupMs,
    resumeBudget: ({ context }) => context.resumeBudgetMs,
    backoff: ({ context }) =>
      Math.max(
        Math.min(context.backoffMs * 2 ** Math.max(0, context.attempts - 1), context.longestBackoffMs),
        context.retryAfterMs,
      ),
    age: ({ context }) => context.rotateAfterMs,
    goAway: ({ context }) => context.goAwayMs,
    stable: ({ context }) => context.stableMs,
    silence: ({ context }) => context.silenceMs,
    poisoned: ({ context }) => context.poisonedMs,
    turnComplete: ({ context }) => context.turnCompleteMs,
    handle: ({ context }) => context.handleMs,
  },
  actions: {
    connectFirst: sendTo('wire', { type: 'wire.connect', how: 'first' }),
    connectRotated: sendTo('wire', { type: 'wire.connect', how: 'rotate' }),
    connectResumed: sendTo('wire', { type: 'wire.connect', how: 'resume' }),
    connectRenewed: sendTo('wire', { type: 'wire.connect', how: 'renew' }),
    closeWire: sendTo('wire', { type: 'wire.close' }),
    dropWire: sendTo('wire', { type: 'wire.drop' }),
    tellWire: sendTo('wire', ({ event }) => event),
    noteIncident: sendTo('wire', (_, params: { what: LinkIncident }) => ({ type: 'wire.note', ...params })),
    countAttempt: assign({ attempts: ({ context }) => context.attempts + 1 }),
    countRenewal: assign({ renewals: ({ context }) => context.renewals + 1 }),
    countEmptyTurn: assign({ emptyTurns: ({ context }) => context.emptyTurns + 1 }),
    forgetEmptyTurns: assign({ emptyTurns: 0 }),
    forgetAttempts: assign({ attempts: 0, renewals: 0 }),
    freeFloor: assign({ isFloorFree: true }),
    takeFloor: assign({ isFloorFree: false }),
    startTool: assign({ isToolRunning: true }),
    finishTool: assign({ isToolRunning: false }),
    begin: assign({
      isLeaving: false,
      isResumed: ({ event }) => event.type === 'wire.setUp' && event.resumed,
      retryAfterMs: 0,
    }),
    trust: assign({ isResumed: false }),
    leave: assign({ isLeaving: true }),
    rememberTimeLeft: assign({
      // a second is kept for the hand-over itself
      goAwayMs: ({ event }) => (event.type === 'wire.goingAway' ? Math.max(1, event.timeLeftMs - 1000) : 1),
    }),
    rememberGrace: assign({ goAwayMs: ({ context }) => context.rotateGraceMs }),
    rememberFailure: assign({
      failure: ({ context, event }) => (event.type === 'wire.lost' ? event.failure : context.failure),
      retryAfterMs: ({ event }) => (event.type === 'wire.lost' ? (event.retryAfterMs ?? 0) : 0),
    }),
    blameSetup: assign({
      failure: ({ context }) => ({
        code: 'gemini.setup-timeout',
        message: `expected the session to be set up within ${context.setupMs} ms, it was not`,
      }),
    }),
    blameSilence: assign({
      failure: ({ context }) => ({
        code: 'gemini.dead',
        message: `expected the server to send something within ${context.silenceMs} ms, nothing came`,
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
  context: ({ input }) => ({
    ...input,
    attempts: 0,
    renewals: 0,
    emptyTurns: 0,
    goAwayMs: 1,
    retryAfterMs: 0,
    isLeaving: false,
    isFloorFree: false,
    isToolRunning: false,
    isResumed: false,
    failure: undefined,
  }),
  invoke: { id: 'wire', src: 'geminiWire' },
  initial: 'connecting',
  on: {
    'wire.replyTorn': { actions: 'reportReplyTorn' },
    'floor.free': { actions: 'freeFloor' },
    'floor.taken': { actions: 'takeFloor' },
    'tool.started': { actions: 'startTool' },
    'tool.finished': { actions: 'finishTool' },
  },
  states: {
    connecting: {
      description: 'The first session is being set up; the SDK alone might never say that it cannot be.',
      // what went wrong before says more than that time is up
      after: {
        setup: [
          { guard: 'hasFailed', target: 'failed' },
          { target: 'failed', actions: 'blameSetup' },
        ],
      },
      initial: 'attempting',
      states: {
        attempting: {
          description: 'An attempt with nothing said yet.',
          entry: 'connectFirst',
          on: {
            'wire.setUp': { target: '#geminiLink.ready', actions: ['forgetAttempts', 'reportReady'] },
            'wire.lost': [
              { guard: 'mayTryAgain', target: 'pausing', actions: 'rememberFailure' },
              { target: '#geminiLink.failed', actions: 'rememberFailure' },
            ],
          },
        },
        pausing: {
          description: 'It may have been a moment’s trouble: once more, though the caller is waiting.',
          entry: 'countAttempt',
          after: { backoff: 'attempting' },
        },
      },
    },

    ready: {
      description: 'A session is set up.',
      type: 'parallel',
      tags: ['connected'],
      entry: 'begin',
      // a session that drops again at once counts as another failed attempt
      after: { stable: { actions: 'forgetAttempts' } },
      on: {
        'wire.lost': [
          { guard: 'canResume', target: 'resuming', actions: ['rememberFailure', 'reportLost'] },
          {
            guard: 'canRenew',
            target: 'resuming.renewing',
            actions: ['rememberFailure', 'countRenewal', 'reportLost'],
          },
          { target: 'failed', actions: 'rememberFailure' },
        ],
      },
      states: {
        line: {
          description: 'What the model says is reported, what it is to be told is passed on.',
          on: {
            'wire.generationComplete': { actions: 'reportGenerationComplete' },
            'wire.interrupted': { actions: 'reportInterrupted' },
            'wire.turnComplete': { actions: 'reportTurnComplete' },
            'gemini.renew': '#geminiLink.resuming.renewing',
            'gemini.*': { actions: 'tellWire' },
          },
        },

        age: {
          description: 'No connection lasts for ever (Google: about ten minutes, announced by goAway).',
          initial: 'steady',
          on: { 'wire.goingAway': { target: '.leaving', actions: ['rememberTimeLeft', 'leave'] } },
          states: {
            steady: {
              description: 'Nothing is known of an end.',
              after: { age: { target: 'leaving', actions: ['rememberGrace', 'leave'] } },
            },
            leaving: {
              description: 'The session is to be left; a quiet moment is waited for.',
              after: {
                goAway: {
                  target: '#geminiLink.rotating.inHaste',
                  // no quiet moment came: the rest of a reply that is under way is lost with the session
                  actions: ['reportLost', { type: 'noteIncident', params: { what: 'rotatedInHaste' } }],
                },
              },
            },
          },
        },

        answer: {
          description: 'What the model owes.',
          initial: 'idle',
          states: {
            idle: {
              description: 'Nothing is owed: this is the moment to leave, if nobody speaks.',
              always: {
                guard: 'isMomentToLeave',
                target: '#geminiLink.rotating',
                actions: { type: 'noteIncident', params: { what: 'rotated' } },
              },
              on: { 'wire.asked': 'owed', 'wire.answering': 'coming' },
            },
            owed: {
              description: 'Something was asked; a server that sends nothing at all is not there any more.',
              after: {
                silence: [
                  {
                    // it was resumed and has never spoken: its handle is no good
                    guard: 'isResumed',
                    target: '#geminiLink.resuming.renewing',
                    actions: [
                      { type: 'noteIncident', params: { what: 'poisonedResume' } },
                      'dropWire',
                      'reportLost',
                    ],
                  },
                  {
                    target: '#geminiLink.resuming.connecting',
                    actions: [
                      'blameSilence',
                      'countAttempt',
                      { type: 'noteIncident', params: { what: 'silentConnection' } },
                      'dropWire',
                      'reportLost',
                    ],
                  },
                ],
              },
              on: {
                'wire.alive': { target: 'owed', reenter: true },
                'wire.answering': { target: 'coming', actions: 'forgetEmptyTurns' },
                // the caller goes on: the answer is not owed yet
                'gemini.startCallerTurn': 'idle',
                'wire.turnComplete': [
                  {
                    guard: 'isOneEmptyTurnTooMany',
                    target: '#geminiLink.resuming.renewing',
                    actions: [
                      'forgetEmptyTurns',
                      { type: 'noteIncident', params: { what: 'emptyTurnsInARow' } },
                      'reportLost',
                    ],
                  },
                  // nothing more comes of it, and whoever waits asks again
                  {
                    guard: 'isEmptyTurn',
                    target: 'over',
                    actions: 'countEmptyTurn',
                  },
                ],
              },
            },
            coming: {
              description: 'A reply is being generated, or waits for a tool.',
              after: {
                silence: [
                  { guard: 'isToolRunning', target: 'coming', reenter: true },
                  {
                    target: '#geminiLink.resuming.connecting',
                    actions: [
                      'blameSilence',
                      'countAttempt',
                      { type: 'noteIncident', params: { what: 'silentConnection' } },
                      'dropWire',
                      'reportLost',
                    ],
                  },
                ],
              },
              on: {
                'wire.alive': { target: 'coming', reenter: true },
                'wire.asked': 'owed',
                'wire.generationComplete': 'generated',
                'wire.interrupted': 'generated',
                'wire.turnComplete': 'over',
                'gemini.cancelReply': 'generated',
              },
            },
            generated: {
              description:
                'The reply is generated; the server ends the turn when it believes that it has been played.',
              initial: 'heard',
              on: {
                'wire.asked': 'owed',
                'wire.answering': 'coming',
                'wire.turnComplete': 'over',
              },
              states: {
                heard: {
                  description: 'The caller is hearing it.',
                  always: { guard: 'isFloorFree', target: 'late' },
                },
                late: {
                  description: 'The caller has heard it; the end is known to be missing at times.',
                  after: {
                    turnComplete: {
                      target: '#geminiLink.ready.answer.idle',
                      actions: { type: 'noteIncident', params: { what: 'missingTurnComplete' } },
                    },
                  },
                },
              },
            },
            over: {
              description: 'The turn of the model is over; the handle that knows of it is waited for.',
              after: { handle: 'idle' },
              on: { 'wire.handle': 'idle', 'wire.asked': 'owed', 'wire.answering': 'coming' },
            },
          },
        },

        proof: {
          description: 'A resumed session may hear and never speak again.',
          initial: 'unknown',
          states: {
            unknown: {
              description: 'Was it resumed?',
              always: [{ guard: 'isResumed', target: 'onProbation' }, { target: 'sound' }],
            },
            onProbation: {
              description: 'It was resumed and has not been asked anything.',
              on: { 'wire.asked': 'suspected', 'wire.answering': 'sound' },
            },
            suspected: {
              description: 'It was resumed, has been asked, and has generated nothing so far.',
              after: {
                poisoned: {
                  target: '#geminiLink.resuming.renewing',
                  actions: [{ type: 'noteIncident', params: { what: 'poisonedResume' } }, 'reportLost'],
                },
              },
              on: {
                'wire.answering': 'sound',
                'wire.generationComplete': 'sound',
                'gemini.startCallerTurn': 'onProbation',
              },
            },
            sound: { description: 'It speaks, or is fresh.', entry: 'trust' },
          },
        },
      },
    },

    rotating: {
      description:
        'The old session is closed, then continued on a new connection; what the caller says is kept.',
      initial: 'atLeisure',
      after: { setup: 'resuming' },
      on: {
        'wire.setUp': { target: 'ready', actions: 'reportReady' },
        'wire.lost': [
          { guard: 'canRenew', target: 'resuming.renewing', actions: ['rememberFailure', 'countRenewal'] },
          { guard: 'canResume', target: 'resuming', actions: 'rememberFailure' },
          { target: 'failed', actions: 'rememberFailure' },
        ],
        'gemini.renew': 'resuming.renewing',
        'gemini.*': { actions: 'tellWire' },
      },
      states: {
        atLeisure: {
          description: 'Nobody speaks: the new session must know all that was said.',
          entry: ['closeWire', 'connectRotated'],
        },
        inHaste: {
          description: 'Somebody speaks: what was under way is said again, or gone on with.',
          entry: ['closeWire', 'connectResumed'],
        },
      },
    },

    resuming: {
      description: 'The connection was lost; it is tried again, with growing pauses, within a budget.',
      initial: 'waiting',
      after: { resumeBudget: { target: 'failed', actions: ['blameBudget', 'closeWire'] } },
      on: {
        'wire.setUp': { target: 'ready', actions: 'reportReady' },
        'gemini.renew': '.renewing',
        'gemini.*': { actions: 'tellWire' },
      },
      states: {
        waiting: {
          description: 'The pause before the next attempt.',
          entry: 'countAttempt',
          always: { guard: 'triedTooOften', target: '#geminiLink.failed' },
          after: { backoff: [{ guard: 'resumedInVain', target: 'renewing' }, { target: 'connecting' }] },
        },
        connecting: {
          description: 'An attempt with the newest handle.',
          entry: 'connectResumed',
          after: { setup: 'waiting' },
          on: {
            'wire.lost': [
              { guard: 'canRenew', target: 'renewing', actions: ['rememberFailure', 'countRenewal'] },
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
            // it is fresh already
            'gemini.renew': {},
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
