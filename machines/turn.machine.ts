import { assign, cancel, raise, sendParent, setup } from 'xstate';
import type { Floor, GeminiReport, PlayoutReport, SpeechReport, ToolReport } from './events.ts';

/** The agent's turn policy, in milliseconds where it is time. */
export interface TurnPolicy {
  readonly greetingProtectedMs: number;
  readonly verdictMs: number;
  /** A short word over so much of a reply's end is an answer to it. */
  readonly tailAnswerMs: number;
  readonly longestCallerTurnMs: number;
  /** A caller who speaks again after so long does not go on but asks again. */
  readonly overdueMs: number;
  /** Turns in a row that are left unanswered for so long before the session is renewed. */
  readonly unansweredTurns: number;
  readonly nudgeMs: number;
  readonly newSessionMs: number;
  readonly apologyMs: number;
  /** What a new session is given to answer a caller who was speaking when the apology was due. */
  readonly lastAnswerMs: number;
  readonly phraseAfterMs: number;
  readonly phraseEveryMs: number;
  readonly longestToolMs: number;
}

/** What the turn machine is started with. */
export interface TurnInput {
  readonly agentGreets: boolean;
  /** The greeting tells the caller what they must know: not even one who speaks before it goes without. */
  readonly mustBeHeard?: boolean;
  readonly policy: TurnPolicy;
}

interface TurnContext extends TurnInput {
  /** Start of the caller's current speech, samples at 8 kHz since the stream began. */
  readonly onsetSample: number;
  /** Replies in a row that stalled until something was done about it. */
  readonly stalls: number;
  /** The caller's turns in a row that were left unanswered until an answer was overdue. */
  readonly unanswered: number;
  /** The reply that is heard was cut by the end of its connection. */
  readonly isReplyTorn: boolean;
  /** The model waits for a tool. */
  readonly isToolRunning: boolean;
  /** The model was asked for something while the agent was audible, or has a tool's answer, and has said nothing to it. */
  readonly isMoreOwed: boolean;
  /** How often the caller has been told that the tool takes a moment. */
  readonly phrases: number;
  /** So long the tool that runs may run in silence, ms; without it as the policy says. */
  readonly phraseAfterMs: number | undefined;
}

type Deadline =
  | { readonly type: 'deadline.greetingProtection' }
  | { readonly type: 'deadline.verdict' }
  | { readonly type: 'deadline.tailAnswer' }
  | { readonly type: 'deadline.callerTurn' }
  | { readonly type: 'deadline.overdue' }
  | { readonly type: 'deadline.nudge' }
  | { readonly type: 'deadline.newSession' }
  | { readonly type: 'deadline.apology' }
  | { readonly type: 'deadline.lastAnswer' }
  | { readonly type: 'deadline.phrase' }
  | { readonly type: 'deadline.tool' };

/** Everything the turn machine can be told. */
export type TurnEvent = SpeechReport | PlayoutReport | GeminiReport | ToolReport | Deadline;

/**
 * Who has the floor, as the caller hears it.
 *
 * It has no `invoke` and no `after`: each deadline is a named, delayed raise that is cancelled by name, so the chart that
 * runs in production is the very model that tests explore.
 */
export const turnMachine = setup({
  types: {
    input: {} as TurnInput,
    context: {} as TurnContext,
    events: {} as TurnEvent,
    tags: {} as 'agentAudible' | 'callerSpeaking' | 'modelOwesReply' | 'verdictPending',
  },
  guards: {
    agentGreets: ({ context }) => context.agentGreets,
    greetingMustBeHeard: ({ context }) => context.mustBeHeard === true,
    stalledOnce: ({ context }) => context.stalls === 1,
    stalledOften: ({ context }) => context.stalls > 1,
    unansweredOften: ({ context }) => context.unanswered >= context.policy.unansweredTurns,
    replyIsTorn: ({ context }) => context.isReplyTorn,
    toolIsRunning: ({ context }) => context.isToolRunning,
    moreIsOwed: ({ context }) => context.isMoreOwed,
  },
  delays: {
    greetingProtection: ({ context }) => context.policy.greetingProtectedMs,
    verdict: ({ context }) => context.policy.verdictMs,
    tailAnswer: ({ context }) => context.policy.tailAnswerMs,
    longestCallerTurn: ({ context }) => context.policy.longestCallerTurnMs,
    overdue: ({ context }) => context.policy.overdueMs,
    nudge: ({ context }) => context.policy.nudgeMs,
    newSession: ({ context }) => context.policy.newSessionMs,
    apology: ({ context }) => context.policy.apologyMs,
    lastAnswer: ({ context }) => context.policy.lastAnswerMs,
    phrase: ({ context: { phrases, phraseAfterMs, policy } }) =>
      phrases > 0 ? policy.phraseEveryMs : (phraseAfterMs ?? policy.phraseAfterMs),
    longestTool: ({ context }) => context.policy.longestToolMs,
  },
  actions: {
    rememberOnset: assign({
      onsetSample: ({ context, event }) => ('onsetSample' in event ? event.onsetSample : context.onsetSample),
    }),
    countStall: assign({ stalls: ({ context }) => context.stalls + 1 }),
    noteGenerated: assign({ stalls: 0, isMoreOwed: false }),
    countUnanswered: assign({ unanswered: ({ context }) => context.unanswered + 1 }),
    noteHeard: assign({ unanswered: 0 }),
    noteTear: assign({ isReplyTorn: true }),
    forgetTear: assign({ isReplyTorn: false }),
    noteAskedToGoOn: assign({ isReplyTorn: false, isMoreOwed: true }),
    noteToolRunning: assign({
      isToolRunning: true,
      isMoreOwed: false,
      phrases: 0,
      phraseAfterMs: ({ event }) => (event.type === 'tool.started' ? event.phraseAfterMs : undefined),
    }),
    noteToolAnswered: assign({ isToolRunning: false, isMoreOwed: true }),
    noteToolOver: assign({ isToolRunning: false }),
    forgetWhatIsOwed: assign({ isMoreOwed: false }),
    countPhrase: assign({ phrases: ({ context }) => context.phrases + 1 }),
    reportFloor: sendParent((_, params: { floor: Floor; because: string }) => ({
      type: 'turn.floor',
      ...params,
    })),
    reportVerdict: sendParent((_, params: { verdict: 'confirmed' | 'rejected' }) => ({
      type: 'turn.verdict',
      ...params,
    })),
    reportModelSilent: sendParent(({ context }) => ({
      type: 'turn.modelSilent',
      failure: {
        code: 'gemini.silent',
        message: `expected an answer within ${context.policy.apologyMs} ms, also from a new session, none came`,
      },
    })),
    askForGreeting: sendParent({ type: 'gemini.greet' }),
    startCallerTurn: sendParent(({ context }) => ({
      type: 'gemini.startCallerTurn',
      onsetSample: context.onsetSample,
    })),
    endCallerTurn: sendParent({ type: 'gemini.endCallerTurn' }),
    cancelReply: sendParent({ type: 'gemini.cancelReply' }),
    nudgeModel: sendParent({ type: 'gemini.nudge' }),
    renewSession: sendParent({ type: 'gemini.renew' }),
    askToGoOn: sendParent({ type: 'gemini.goOn' }),
    askWhetherSustained: sendParent({ type: 'speech.repeatSustained' }),
    holdPlayout: sendParent({ type: 'playout.hold' }),
    releasePlayout: sendParent({ type: 'playout.release' }),
    finishPlayout: sendParent({ type: 'playout.finish' }),
    finishPlayoutAtGap: sendParent({ type: 'playout.finishAtGap' }),
    flushPlayout: sendParent({ type: 'playout.flush' }),
    fillSilence: sendParent({ type: 'playout.fill' }),
    startGreetingProtection: raise(
      { type: 'deadline.greetingProtection' },
      { id: 'greetingProtection', delay: 'greetingProtection' },
    ),
    stopGreetingProtection: cancel('greetingProtection'),
    startVerdictDeadline: raise({ type: 'deadline.verdict' }, { id: 'verdict', delay: 'verdict' }),
    stopVerdictDeadline: cancel('verdict'),
    startTailDeadline: raise({ type: 'deadline.tailAnswer' }, { id: 'tailAnswer', delay: 'tailAnswer' }),
    stopTailDeadline: cancel('tailAnswer'),
    startCallerTurnDeadline: raise(
      { type: 'deadline.callerTurn' },
      { id: 'longestCallerTurn', delay: 'longestCallerTurn' },
    ),
    stopCallerTurnDeadline: cancel('longestCallerTurn'),
    startOverdueDeadline: raise({ type: 'deadline.overdue' }, { id: 'overdue', delay: 'overdue' }),
    stopOverdueDeadline: cancel('overdue'),
    startNudgeDeadline: raise({ type: 'deadline.nudge' }, { id: 'nudge', delay: 'nudge' }),
    startNewSessionDeadline: raise(
      { type: 'deadline.newSession' },
      { id: 'newSession', delay: 'newSession' },
    ),
    startApologyDeadline: raise({ type: 'deadline.apology' }, { id: 'apology', delay: 'apology' }),
    stopNudgeDeadline: cancel('nudge'),
    stopNewSessionDeadline: cancel('newSession'),
    stopApologyDeadline: cancel('apology'),
    startLastAnswerDeadline: raise(
      { type: 'deadline.lastAnswer' },
      { id: 'lastAnswer', delay: 'lastAnswer' },
    ),
    stopLastAnswerDeadline: cancel('lastAnswer'),
    startPhraseDeadline: raise({ type: 'deadline.phrase' }, { id: 'phrase', delay: 'phrase' }),
    stopPhraseDeadline: cancel('phrase'),
    startToolDeadline: raise({ type: 'deadline.tool' }, { id: 'longestTool', delay: 'longestTool' }),
    stopToolDeadline: cancel('longestTool'),
  },
}).createMachine({
  id: 'turn',
  description: 'Who has the floor, as the caller hears it.',
  context: ({ input }) => ({
    ...input,
    onsetSample: 0,
    stalls: 0,
    unanswered: 0,
    isReplyTorn: false,
    isToolRunning: false,
    isMoreOwed: false,
    phrases: 0,
    phraseAfterMs: undefined,
  }),
  initial: 'opening',
  on: {
    'tool.started': { actions: 'noteToolRunning' },
    'tool.finished': { actions: 'noteToolOver' },
  },
  states: {
    opening: {
      description: 'Decides who speaks first.',
      always: [{ guard: 'agentGreets', target: 'greeting' }, { target: 'listening' }],
    },

    greeting: {
      description: 'The agent speaks first; its first words are protected from the caller’s "hello?".',
      initial: 'awaited',
      states: {
        awaited: {
          description: 'The model has been asked to greet and owes its first audible sample.',
          tags: ['modelOwesReply'],
          entry: ['askForGreeting', 'startNudgeDeadline', 'startNewSessionDeadline', 'startApologyDeadline'],
          exit: ['stopNudgeDeadline', 'stopNewSessionDeadline', 'stopApologyDeadline'],
          initial: 'undisturbed',
          on: {
            'playout.started': 'protected',
            // its audio is here, though not enough of it to start: asking again would only interrupt it
            'playout.primed': { actions: ['stopNudgeDeadline', 'startNudgeDeadline'] },
            'gemini.generationComplete': { actions: 'finishPlayout' },
            // an interrupted generation is complete: nothing more of it comes
            'gemini.interrupted': { actions: 'finishPlayout' },
            'gemini.ready': { actions: 'askForGreeting' },
            'deadline.nudge': { actions: 'askForGreeting' },
            'deadline.newSession': { actions: 'renewSession' },
            'deadline.apology': { target: '#turn.modelSilent' },
          },
          states: {
            undisturbed: {
              description: 'The caller waits.',
              on: {
                'speech.started': { target: 'disturbed', actions: 'rememberOnset' },
                'speech.resumed': { target: 'disturbed', actions: 'rememberOnset' },
              },
            },
            disturbed: {
              description: 'The caller says something before the greeting: a "hello?", or the first turn.',
              on: {
                'speech.paused': 'undisturbed',
                'speech.ended': 'undisturbed',
                'playout.started': '#turn.greeting.protected.disturbed',
                // nothing of the greeting has been heard: whoever keeps talking has the floor
                'speech.sustained': [
                  { guard: 'greetingMustBeHeard' },
                  {
                    target: '#turn.listening.callerSpeaking',
                    actions: ['cancelReply', 'flushPlayout', 'startCallerTurn'],
                  },
                ],
              },
            },
          },
        },
        protected: {
          description: 'The greeting is audible and the caller cannot interrupt it yet.',
          tags: ['agentAudible'],
          initial: 'undisturbed',
          entry: [
            { type: 'reportFloor', params: { floor: 'agent', because: 'greeting' } },
            'startGreetingProtection',
          ],
          exit: 'stopGreetingProtection',
          on: {
            'gemini.generationComplete': { actions: 'finishPlayout' },
            'gemini.interrupted': { actions: 'finishPlayout' },
            'gemini.replyTorn': { actions: ['noteTear', 'finishPlayoutAtGap'] },
            'gemini.ready': { guard: 'replyIsTorn', actions: ['noteAskedToGoOn', 'askToGoOn'] },
            // the model says no more before the tool has answered
            'tool.started': { actions: ['noteToolRunning', 'finishPlayout'] },
            'tool.finished': { actions: 'noteToolAnswered' },
            'deadline.greetingProtection': '#turn.modelSpeaking.speaking',
            'playout.underran': '#turn.modelSpeaking.stalled',
            'playout.drained': '#turn.said',
          },
          states: {
            undisturbed: {
              description: 'The caller is quiet.',
              on: {
                'speech.started': { target: 'disturbed', actions: 'rememberOnset' },
                'speech.resumed': { target: 'disturbed', actions: 'rememberOnset' },
              },
            },
            disturbed: {
              description: 'The caller speaks into the protected words.',
              on: {
                'speech.sustained': 'insisted',
                'speech.paused': 'undisturbed',
                'speech.ended': 'undisturbed',
                'deadline.greetingProtection': '#turn.modelSpeaking.yielding',
                'playout.drained': '#turn.saidIntoSpeech',
              },
            },
            insisted: {
              description: 'The caller has kept talking and gets the floor as soon as the protection ends.',
              on: {
                'speech.paused': 'undisturbed',
                'speech.ended': 'undisturbed',
                'deadline.greetingProtection': '#turn.bargeIn',
                'playout.underran': '#turn.bargeIn',
                'playout.drained': '#turn.saidIntoSpeech',
              },
            },
          },
        },
      },
    },

    said: {
      description: 'The caller has heard all there is: whose turn is it?',
      always: [
        { guard: 'toolIsRunning', target: 'working', actions: 'forgetTear' },
        { guard: 'replyIsTorn', target: 'owing', actions: ['forgetTear', 'askToGoOn'] },
        { guard: 'moreIsOwed', target: 'owing' },
        { target: 'listening.quiet' },
      ],
    },

    saidIntoSpeech: {
      description:
        'The caller has heard all there is, and is speaking: a turn, unless a tool would be lost to it.',
      always: [
        { guard: 'toolIsRunning', target: 'working.disturbed' },
        { target: 'listening.callerSpeaking', actions: 'startCallerTurn' },
      ],
    },

    listening: {
      description: 'The floor is the caller’s.',
      initial: 'quiet',
      entry: ['forgetTear', 'forgetWhatIsOwed'],
      states: {
        quiet: {
          description: 'Nobody speaks.',
          entry: { type: 'reportFloor', params: { floor: 'nobody', because: 'quiet' } },
          on: {
            'speech.started': { target: 'callerSpeaking', actions: ['rememberOnset', 'startCallerTurn'] },
            'speech.resumed': { target: 'callerSpeaking', actions: ['rememberOnset', 'startCallerTurn'] },
            // the caller had not stopped while the model spoke
            'speech.sustained': { target: 'callerSpeaking', actions: ['rememberOnset', 'startCallerTurn'] },
            'playout.primed': '#turn.modelSpeaking.priming',
            'tool.started': { target: '#turn.working', actions: 'noteToolRunning' },
          },
        },
        callerSpeaking: {
          description: 'The caller speaks and the model is being sent every word.',
          tags: ['callerSpeaking'],
          entry: [
            { type: 'reportFloor', params: { floor: 'caller', because: 'speech' } },
            'startCallerTurnDeadline',
          ],
          exit: 'stopCallerTurnDeadline',
          on: {
            'speech.ended': { target: '#turn.owing', actions: 'endCallerTurn' },
            'deadline.callerTurn': { target: '#turn.owing', actions: 'endCallerTurn' },
            'playout.primed': {
              target: '#turn.modelSpeaking.priming',
              actions: ['endCallerTurn', 'askWhetherSustained'],
            },
          },
        },
      },
    },

    owing: {
      description:
        'An answer is owed: is it a tool that keeps the model, and has it left too many unanswered?',
      entry: 'forgetWhatIsOwed',
      always: [
        { guard: 'toolIsRunning', target: 'working' },
        { guard: 'unansweredOften', target: 'awaitingReply.renewing', actions: 'renewSession' },
        { target: 'awaitingReply' },
      ],
    },

    awaitingReply: {
      description: 'The caller’s turn is over and the model owes an answer: never dead air.',
      tags: ['modelOwesReply'],
      initial: 'patient',
      entry: [
        { type: 'reportFloor', params: { floor: 'nobody', because: 'awaitingReply' } },
        'startNudgeDeadline',
        'startNewSessionDeadline',
        'startApologyDeadline',
      ],
      exit: ['stopNudgeDeadline', 'stopNewSessionDeadline', 'stopApologyDeadline'],
      on: {
        'playout.primed': 'modelSpeaking.priming',
        // a connection that was renewed or resumed while an answer was owed does not know that it is
        'gemini.ready': { actions: 'nudgeModel' },
        'tool.started': { target: 'working', actions: 'noteToolRunning' },
        'deadline.apology': 'modelSilent',
      },
      states: {
        patient: {
          description: 'The reply is not late yet; a caller who goes on simply has not finished.',
          entry: 'startOverdueDeadline',
          exit: 'stopOverdueDeadline',
          on: {
            // a caller who speaks from now on asks again: how often, is counted
            'deadline.overdue': { actions: 'countUnanswered' },
            'deadline.nudge': { target: 'nudged', actions: 'nudgeModel' },
            'speech.started': {
              target: '#turn.listening.callerSpeaking',
              actions: ['rememberOnset', 'cancelReply', 'startCallerTurn'],
            },
            'speech.resumed': {
              target: '#turn.listening.callerSpeaking',
              actions: ['rememberOnset', 'cancelReply', 'startCallerTurn'],
            },
            'speech.sustained': {
              target: '#turn.listening.callerSpeaking',
              actions: ['rememberOnset', 'cancelReply', 'startCallerTurn'],
            },
          },
        },
        nudged: {
          description:
            'The model has been asked again; a caller’s "hello?" is passed on and stops no deadline.',
          initial: 'quiet',
          states: {
            quiet: {
              description: 'The caller waits.',
              on: {
                'deadline.newSession': { target: '#turn.awaitingReply.renewing', actions: 'renewSession' },
                'speech.started': {
                  target: 'callerSpeaking',
                  actions: ['rememberOnset', 'cancelReply', 'startCallerTurn'],
                },
                'speech.resumed': {
                  target: 'callerSpeaking',
                  actions: ['rememberOnset', 'cancelReply', 'startCallerTurn'],
                },
                'speech.sustained': {
                  target: 'callerSpeaking',
                  actions: ['rememberOnset', 'cancelReply', 'startCallerTurn'],
                },
              },
            },
            callerSpeaking: {
              description: 'The caller asks again.',
              tags: ['callerSpeaking'],
              on: {
                'deadline.newSession': {
                  target: '#turn.awaitingReply.renewing.callerSpeaking',
                  actions: 'renewSession',
                },
                'speech.ended': { target: 'quiet', actions: 'endCallerTurn' },
                'playout.primed': {
                  target: '#turn.modelSpeaking.priming',
                  actions: ['endCallerTurn', 'askWhetherSustained'],
                },
                // the caller's turn cancels the tool
                'tool.started': { actions: 'noteToolRunning' },
                // the caller's turn is open: its end asks for the answer
                'gemini.ready': {},
              },
            },
          },
        },
        renewing: {
          description: 'A new session has been asked to answer; a caller’s "hello?" is passed on to it.',
          initial: 'quiet',
          states: {
            quiet: {
              description: 'The caller waits.',
              on: {
                'speech.started': {
                  target: 'callerSpeaking',
                  actions: ['rememberOnset', 'cancelReply', 'startCallerTurn'],
                },
                'speech.resumed': {
                  target: 'callerSpeaking',
                  actions: ['rememberOnset', 'cancelReply', 'startCallerTurn'],
                },
                'speech.sustained': {
                  target: 'callerSpeaking',
                  actions: ['rememberOnset', 'cancelReply', 'startCallerTurn'],
                },
              },
            },
            callerSpeaking: {
              description: 'The caller asks again.',
              tags: ['callerSpeaking'],
              on: {
                'speech.ended': { target: 'quiet', actions: 'endCallerTurn' },
                'playout.primed': {
                  target: '#turn.modelSpeaking.priming',
                  actions: ['endCallerTurn', 'askWhetherSustained'],
                },
                // the caller's turn cancels the tool
                'tool.started': { actions: 'noteToolRunning' },
                // the caller's turn is open: its end asks for the answer
                'gemini.ready': {},
                // nobody apologises into a caller's sentence
                'deadline.apology': '#turn.pressing',
              },
            },
          },
        },
      },
    },

    pressing: {
      description:
        'The apology is due: the caller is let finish, and the new session has a last moment to answer.',
      tags: ['modelOwesReply'],
      initial: 'callerSpeaking',
      states: {
        callerSpeaking: {
          description: 'The caller asks again.',
          tags: ['callerSpeaking'],
          entry: 'startCallerTurnDeadline',
          exit: 'stopCallerTurnDeadline',
          on: {
            'speech.ended': { target: 'quiet', actions: 'endCallerTurn' },
            'deadline.callerTurn': { target: 'quiet', actions: 'endCallerTurn' },
            'playout.primed': {
              target: '#turn.modelSpeaking.priming',
              actions: ['endCallerTurn', 'askWhetherSustained'],
            },
          },
        },
        quiet: {
          description: 'The last wait; what the caller says now changes nothing.',
          entry: 'startLastAnswerDeadline',
          exit: 'stopLastAnswerDeadline',
          on: {
            'playout.primed': { target: '#turn.modelSpeaking.priming', actions: 'askWhetherSustained' },
            'gemini.ready': { actions: 'nudgeModel' },
            'tool.started': { target: '#turn.working', actions: 'noteToolRunning' },
            'deadline.lastAnswer': '#turn.modelSilent',
          },
        },
      },
    },

    working: {
      description:
        'The model waits for a tool: the ladder rests, and the caller is told that it takes a moment.',
      tags: ['modelOwesReply'],
      initial: 'quiet',
      entry: [
        { type: 'reportFloor', params: { floor: 'nobody', because: 'toolRunning' } },
        'startPhraseDeadline',
        'startToolDeadline',
      ],
      exit: ['stopPhraseDeadline', 'stopToolDeadline'],
      on: {
        'playout.primed': 'modelSpeaking.priming',
        'tool.finished': { target: 'owing', actions: 'noteToolOver' },
        'deadline.tool': { target: 'owing', actions: 'noteToolOver' },
        'deadline.phrase': {
          actions: ['stopPhraseDeadline', 'countPhrase', 'fillSilence', 'startPhraseDeadline'],
        },
      },
      states: {
        quiet: {
          description: 'The caller waits.',
          on: {
            'speech.started': { target: 'disturbed', actions: 'rememberOnset' },
            'speech.resumed': { target: 'disturbed', actions: 'rememberOnset' },
          },
        },
        disturbed: {
          description: 'The caller says something: an "ok" costs no tool, a sentence is a turn.',
          on: {
            'speech.paused': 'quiet',
            'speech.ended': 'quiet',
            'playout.primed': '#turn.modelSpeaking.yielding',
            'speech.sustained': {
              target: '#turn.listening.callerSpeaking',
              actions: ['cancelReply', 'startCallerTurn'],
            },
          },
        },
      },
    },

    modelSilent: {
      description: 'The model cannot be had: the call apologises.',
      entry: 'reportModelSilent',
    },

    modelSpeaking: {
      description: 'The model is generating and the agent is audible.',
      initial: 'priming',
      on: {
        'playout.drained': 'said',
        'tool.finished': { actions: 'noteToolAnswered' },
      },
      states: {
        priming: {
          description: 'Audio has arrived and the prebuffer fills.',
          tags: ['modelOwesReply'],
          entry: ['forgetTear', 'startApologyDeadline'],
          exit: 'stopApologyDeadline',
          on: {
            'playout.started': 'speaking',
            'gemini.generationComplete': { actions: ['noteGenerated', 'finishPlayout'] },
            // the model says no more before the tool has answered
            'tool.started': { actions: ['noteToolRunning', 'finishPlayout'] },
            'speech.started': { target: 'yielding', actions: 'rememberOnset' },
            'speech.resumed': { target: 'yielding', actions: 'rememberOnset' },
            'speech.sustained': { target: '#turn.bargeIn', actions: 'rememberOnset' },
            'gemini.interrupted': '#turn.overruled',
            // a blip is no part of an answer, and nothing of it was heard
            'gemini.replyTorn': { target: '#turn.owing', actions: 'flushPlayout' },
            // rather a part of the answer than none
            'deadline.apology': { actions: 'finishPlayout' },
          },
        },
        speaking: {
          description: 'The caller hears the agent.',
          tags: ['agentAudible'],
          entry: ['noteHeard', { type: 'reportFloor', params: { floor: 'agent', because: 'reply' } }],
          on: {
            'speech.started': { target: 'yielding', actions: 'rememberOnset' },
            'speech.resumed': { target: 'yielding', actions: 'rememberOnset' },
            // the model took the floor from a caller who has not stopped
            'speech.sustained': { target: '#turn.bargeIn', actions: 'rememberOnset' },
            'playout.underran': 'stalled',
            'gemini.generationComplete': {
              target: '#turn.draining',
              actions: ['noteGenerated', 'finishPlayout'],
            },
            'tool.started': { target: '#turn.draining', actions: ['noteToolRunning', 'finishPlayout'] },
            'gemini.replyTorn': { target: '#turn.draining', actions: ['noteTear', 'finishPlayoutAtGap'] },
            'gemini.interrupted': '#turn.overruled',
          },
        },
        stalled: {
          description: 'The model has fallen silent inside a reply; the caller hears nothing.',
          tags: ['modelOwesReply'],
          entry: 'startNudgeDeadline',
          exit: 'stopNudgeDeadline',
          on: {
            'playout.refilled': 'speaking',
            'speech.started': { target: '#turn.bargeIn', actions: 'rememberOnset' },
            'speech.resumed': { target: '#turn.bargeIn', actions: 'rememberOnset' },
            // the caller was speaking when the greeting stalled
            'speech.sustained': { target: '#turn.bargeIn', actions: 'rememberOnset' },
            'gemini.generationComplete': {
              target: '#turn.draining',
              actions: ['noteGenerated', 'finishPlayout'],
            },
            'tool.started': { target: '#turn.draining', actions: ['noteToolRunning', 'finishPlayout'] },
            'gemini.replyTorn': { target: '#turn.owing', actions: ['flushPlayout', 'askToGoOn'] },
            'gemini.interrupted': '#turn.overruled',
            // dropped, so that what comes late is a reply that begins, and is noticed as one
            'deadline.nudge': [
              { guard: 'stalledOften', target: '#turn.modelSilent' },
              {
                guard: 'stalledOnce',
                target: '#turn.awaitingReply.renewing',
                actions: ['countStall', 'flushPlayout', 'renewSession'],
              },
              {
                target: '#turn.awaitingReply.nudged',
                actions: ['countStall', 'flushPlayout', 'nudgeModel'],
              },
            ],
          },
        },
        yielding: {
          description: 'The caller may be interrupting: the playout is held and a verdict is awaited.',
          tags: ['agentAudible', 'verdictPending'],
          entry: ['holdPlayout', 'startVerdictDeadline'],
          exit: 'stopVerdictDeadline',
          on: {
            'speech.sustained': '#turn.bargeIn',
            'deadline.verdict': '#turn.bargeIn',
            'gemini.interrupted': '#turn.bargeIn',
            'speech.paused': {
              target: 'speaking',
              actions: ['releasePlayout', { type: 'reportVerdict', params: { verdict: 'rejected' } }],
            },
            'speech.ended': {
              target: 'speaking',
              actions: ['releasePlayout', { type: 'reportVerdict', params: { verdict: 'rejected' } }],
            },
            'gemini.generationComplete': {
              target: '#turn.draining.yielding',
              actions: ['noteGenerated', 'finishPlayout'],
            },
            'tool.started': {
              target: '#turn.draining.yielding',
              actions: ['noteToolRunning', 'finishPlayout'],
            },
            'gemini.replyTorn': {
              target: '#turn.draining.yielding',
              actions: ['noteTear', 'finishPlayoutAtGap'],
            },
            'playout.drained': '#turn.saidIntoSpeech',
          },
        },
      },
    },

    draining: {
      description: 'The model has finished; the caller is still hearing it and may still interrupt.',
      tags: ['agentAudible'],
      initial: 'playingOut',
      entry: 'noteHeard',
      on: {
        'playout.drained': 'said',
        // the model went on before the caller had heard the end
        'gemini.generationComplete': { actions: ['noteGenerated', 'finishPlayout'] },
        'tool.finished': { actions: 'noteToolAnswered' },
        'gemini.replyTorn': { actions: ['noteTear', 'finishPlayoutAtGap'] },
        // the rest is wanted at once: it plays behind what there is
        'gemini.ready': { guard: 'replyIsTorn', actions: ['noteAskedToGoOn', 'askToGoOn'] },
      },
      states: {
        playingOut: {
          description: 'The rest of the reply is on its way to the caller.',
          on: {
            'speech.started': { target: 'yielding', actions: ['rememberOnset', 'holdPlayout'] },
            'speech.resumed': { target: 'yielding', actions: ['rememberOnset', 'holdPlayout'] },
            // the model took the floor from a caller who has not stopped
            'speech.sustained': { target: '#turn.bargeIn', actions: 'rememberOnset' },
            'playout.underran': '#turn.modelSpeaking.stalled',
            'gemini.interrupted': '#turn.overruled',
          },
        },
        yielding: {
          description: 'As in a reply that is still being generated: held until the verdict.',
          tags: ['verdictPending'],
          entry: 'startVerdictDeadline',
          exit: 'stopVerdictDeadline',
          on: {
            'speech.sustained': '#turn.bargeIn',
            'deadline.verdict': '#turn.bargeIn',
            'gemini.interrupted': '#turn.bargeIn',
            'speech.paused': {
              target: 'answered.pausing',
              actions: ['releasePlayout', { type: 'reportVerdict', params: { verdict: 'rejected' } }],
            },
            'speech.ended': {
              target: 'answered.over',
              actions: ['releasePlayout', { type: 'reportVerdict', params: { verdict: 'rejected' } }],
            },
            'playout.drained': '#turn.saidIntoSpeech',
          },
        },
        answered: {
          description:
            'A short word came over the end of the reply: an answer, if there is hardly more to hear.',
          entry: 'startTailDeadline',
          exit: 'stopTailDeadline',
          on: {
            'deadline.tailAnswer': 'playingOut',
            'speech.started': { target: 'yielding', actions: ['rememberOnset', 'holdPlayout'] },
            'playout.underran': '#turn.modelSpeaking.stalled',
            'gemini.interrupted': '#turn.overruled',
          },
          initial: 'pausing',
          states: {
            pausing: {
              description: 'The caller may go on.',
              on: {
                'speech.ended': 'over',
                // the same word goes on: its onset stays
                'speech.resumed': { target: '#turn.draining.yielding', actions: 'holdPlayout' },
                'playout.drained': '#turn.saidIntoSpeech',
              },
            },
            over: {
              description: 'The caller has said it.',
              on: {
                'speech.resumed': {
                  target: '#turn.draining.yielding',
                  actions: ['rememberOnset', 'holdPlayout'],
                },
                'playout.drained': [
                  { guard: 'toolIsRunning', target: '#turn.working' },
                  { target: '#turn.owing', actions: ['startCallerTurn', 'endCallerTurn'] },
                ],
              },
            },
          },
        },
      },
    },

    bargeIn: {
      description: 'The caller has the floor: what was not heard is dropped and the model is told.',
      tags: ['callerSpeaking'],
      entry: [
        { type: 'reportVerdict', params: { verdict: 'confirmed' } },
        'cancelReply',
        'flushPlayout',
        'startCallerTurn',
        'startVerdictDeadline',
      ],
      exit: 'stopVerdictDeadline',
      on: {
        'playout.flushed': 'listening.callerSpeaking',
        'speech.ended': { target: 'owing', actions: 'endCallerTurn' },
        'deadline.verdict': 'listening.callerSpeaking',
      },
    },

    overruled: {
      description: 'The model itself says it was interrupted while we hear no caller: its reply is dropped.',
      entry: ['cancelReply', 'flushPlayout', 'startVerdictDeadline'],
      exit: 'stopVerdictDeadline',
      on: {
        'playout.flushed': 'owing',
        'speech.started': {
          target: 'listening.callerSpeaking',
          actions: ['rememberOnset', 'startCallerTurn'],
        },
        'speech.resumed': {
          target: 'listening.callerSpeaking',
          actions: ['rememberOnset', 'startCallerTurn'],
        },
        'speech.sustained': {
          target: 'listening.callerSpeaking',
          actions: ['rememberOnset', 'startCallerTurn'],
        },
        'deadline.verdict': 'owing',
      },
    },
  },
});
