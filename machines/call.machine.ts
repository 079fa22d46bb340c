import { type ActorLogicFrom, assign, raise, sendTo, setup } from 'xstate';
import type {
  ExotelReport,
  Failure,
  Floor,
  GeminiCommand,
  GeminiReport,
  KeypadCommand,
  KeypadReport,
  PlayoutCommand,
  PlayoutReport,
  PromptTopic,
  SpeechCommand,
  SpeechReport,
  ToolReport,
  TurnReport,
} from './events.ts';
import { type ExotelLinkInput, exotelLinkMachine } from './exotel-link.machine.ts';
import { type GeminiLinkInput, geminiLinkMachine } from './gemini-link.machine.ts';
import { type KeypadInput, keypadMachine } from './keypad.machine.ts';
import { playoutMachine } from './playout.machine.ts';
import { speechDetectorMachine } from './speech-detector.machine.ts';
import { toolsMachine } from './tools.machine.ts';
import { type TurnInput, turnMachine } from './turn.machine.ts';

/** How a call can end. */
export type CallOutcome =
  | 'callerHungUp'
  | 'agentEnded'
  /** Passed on to a person: the flow's next applet dials them. */
  | 'transferred'
  | 'callerSilent'
  | 'timeLimit'
  | 'modelUnavailable'
  | 'lineFailed'
  | 'stopped';

/** Deadlines of the call, milliseconds, and the policies of its children. */
export interface CallInput {
  readonly callId: string;
  readonly turn: TurnInput;
  readonly exotelLink: ExotelLinkInput;
  readonly geminiLink: GeminiLinkInput;
  readonly keypad: KeypadInput;
  /** The number that a key passes the call on to; personal data, empty when the agent has none. */
  readonly transferNumber: string;
  readonly apologyMs: number;
  readonly lastWordsMs: number;
  readonly repromptAfterMs: number;
  /** How often a silent caller is asked before goodbye. */
  readonly reprompts: number;
  readonly goodbyeAfterMs: number;
  readonly goodbyeMs: number;
  readonly warnAfterMs: number;
  readonly warningMs: number;
}

interface CallContext extends CallInput {
  readonly floor: Floor;
  /** Nobody speaks and nobody owes an answer. */
  readonly isQuiet: boolean;
  /** How often the silent caller has been asked since they last spoke. */
  readonly asked: number;
  readonly outcome: CallOutcome;
  readonly failure: Failure | undefined;
  /** How the call ends once the agent has said what it is saying farewell with. */
  readonly farewell: CallOutcome;
  readonly transferTo: string;
  /** Where the caller's phone menu goes on after the agent's farewell; empty when that was not chosen. */
  readonly branch: string;
  /** What the agent is to say in a quiet moment; personal data, empty when nothing waits. */
  readonly sentence: string;
}

/** What a finished call leaves behind. */
export interface CallOutput {
  readonly outcome: CallOutcome;
  readonly failure: Failure | undefined;
  /** The number that a call with the outcome `transferred` is passed on to; personal data. */
  readonly transferTo: string | undefined;
}

/** Everything the call can be told. */
export type CallEvent =
  | ExotelReport
  | GeminiReport
  | GeminiCommand
  | SpeechReport
  | PlayoutReport
  | PlayoutCommand
  | SpeechCommand
  | TurnReport
  | ToolReport
  | KeypadReport
  | Extract<KeypadCommand, { type: 'keypad.ask' | 'keypad.withdraw' }>
  | { readonly type: 'call.wrapUp'; readonly outcome: CallOutcome }
  /** Passes the call on to the number `to`; with `announce` the model is asked to say so first. */
  | { readonly type: 'call.transfer'; readonly to: string; readonly announce: boolean }
  /** The agent is to say this very sentence in the next quiet moment; taken when no other waits. */
  | { readonly type: 'call.say'; readonly sentence: string }
  /** The model and the turns do not hear the caller from now on, until `call.unmute`; the record does. */
  | { readonly type: 'call.mute' }
  | { readonly type: 'call.unmute' }
  | { readonly type: 'call.end' }
  /** The model is done with the call: its last sentence is heard, then it ends, goes on at `branch` of the flow, or is passed on to the number `to`. */
  | { readonly type: 'call.leave'; readonly to: string; readonly branch: string }
  /** The service goes away: the agent says goodbye, then the call ends. */
  | { readonly type: 'call.takeLeave' }
  /** No more words: the line is closed. */
  | { readonly type: 'call.hangUp' };

/** Keys have no audio of their own: the turn that they begin has no pre-roll. */
const fromNowOn = Number.MAX_SAFE_INTEGER;

/** A model that has ended the call may have something to say yet, ms; and once it has said something. */
const lastSentenceMs = 4_000;
const afterLastSentenceMs = 1_200;

/** One phone call: the only parent and the only router of its children. */
export const callMachine = setup({
  types: {
    input: {} as CallInput,
    context: {} as CallContext,
    events: {} as CallEvent,
    output: {} as CallOutput,
    tags: {} as 'live',
    children: {} as {
      exotelLink: 'exotelLink';
      geminiLink: 'geminiLink';
      speechDetector: 'speechDetector';
      playout: 'playout';
      keypad: 'keypad';
      tools: 'tools';
      turn: 'turn';
    },
  },
  actors: {
    exotelLink: exotelLinkMachine as ActorLogicFrom<typeof exotelLinkMachine>,
    geminiLink: geminiLinkMachine as ActorLogicFrom<typeof geminiLinkMachine>,
    speechDetector: speechDetectorMachine as ActorLogicFrom<typeof speechDetectorMachine>,
    playout: playoutMachine as ActorLogicFrom<typeof playoutMachine>,
    keypad: keypadMachine as ActorLogicFrom<typeof keypadMachine>,
    tools: toolsMachine as ActorLogicFrom<typeof toolsMachine>,
    turn: turnMachine as ActorLogicFrom<typeof turnMachine>,
  },
  guards: {
    callerHasFloor: ({ event }) => event.type === 'turn.floor' && event.floor === 'caller',
    agentHasFloor: ({ event }) => event.type === 'turn.floor' && event.floor === 'agent',
    nobodySpeaks: ({ event }) =>
      event.type === 'turn.floor' && event.floor === 'nobody' && event.because === 'quiet',
    nobodyHasFloor: ({ context }) => context.floor === 'nobody',
    leavesForNumber: ({ event }) => event.type === 'call.leave' && event.to !== '',
    /** A caller who speaks into a goodbye is not done; one who is passed on is in good hands. */
    callerStays: ({ context, event }) =>
      event.type === 'turn.floor' && event.floor === 'caller' && context.farewell !== 'transferred',
    saysGoodbye: ({ event }) => event.type === 'call.transfer' && event.announce,
    keyTransfers: ({ context, event }) =>
      event.type === 'keypad.entered' && event.meaning === 'transfer' && context.transferNumber !== '',
    keyEnds: ({ event }) => event.type === 'keypad.entered' && event.meaning === 'end',
    isQuiet: ({ context }) => context.isQuiet,
    isUnasked: ({ context }) => context.asked === 0,
    mayAskFirst: ({ context }) => context.asked === 0 && context.reprompts > 0,
    mayAskAgain: ({ context }) => context.asked < context.reprompts,
    agentAsksLate: ({ context, event }) =>
      event.type === 'turn.floor' && event.floor === 'agent' && context.asked > 0,
    nobodySpeaksUnasked: ({ context, event }) =>
      event.type === 'turn.floor' &&
      event.floor === 'nobody' &&
      event.because === 'quiet' &&
      context.asked === 0,
    agentIsAudible: ({ context }) => context.floor === 'agent',
  },
  delays: {
    /** A sentence that is said later than this has lost its occasion. */
    sayWithin: 60_000,
    apology: ({ context }) => context.apologyMs,
    lastWords: ({ context }) => context.lastWordsMs,
    repromptAfter: ({ context }) => context.repromptAfterMs,
    /** Until the caller is asked, or after the last time is said goodbye. */
    patience: ({ context }) =>
      context.asked < context.reprompts ? context.repromptAfterMs : context.goodbyeAfterMs,
    goodbye: ({ context }) => context.goodbyeMs,
    lastSentence: lastSentenceMs,
    afterLastSentence: afterLastSentenceMs,
    warnAfter: ({ context }) => context.warnAfterMs,
    warning: ({ context }) => context.warningMs,
  },
  actions: {
    /** Given at the edge: tells the record, the log and the metrics. */
    note: () => undefined,
    /** Given at the edge: tells at once whom the caller will be passed on to; Exotel may ask before the call is over. */
    tellTransfer: () => undefined,
    muteCaller: () => undefined,
    unmuteCaller: () => undefined,
    /** Given at the edge: tells at once where the flow goes on, and again when a caller who stays has taken that back. */
    tellBranch: () => undefined,
    rememberFloor: assign(({ context, event }) =>
      event.type === 'turn.floor'
        ? { floor: event.floor, isQuiet: event.because === 'quiet' }
        : { floor: context.floor },
    ),
    rememberOutcome: assign({
      outcome: ({ context, event }) => (event.type === 'call.wrapUp' ? event.outcome : context.outcome),
    }),
    blame: assign({
      failure: ({ context, event }) => ('failure' in event ? event.failure : context.failure),
    }),
    concludeWith: assign({ outcome: (_, params: { outcome: CallOutcome }) => params.outcome }),
    planTransfer: assign({
      farewell: 'transferred',
      transferTo: ({ context, event }) =>
        event.type === 'call.transfer' || event.type === 'call.leave' ? event.to : context.transferNumber,
    }),
    keepSentence: assign({
      sentence: ({ context, event }) => (event.type === 'call.say' ? event.sentence : context.sentence),
    }),
    forgetSentence: assign({ sentence: '' }),
    askToSay: sendTo('geminiLink', ({ context }) => ({ type: 'gemini.say', sentence: context.sentence })),
    planEnd: assign({
      farewell: 'agentEnded',
      branch: ({ context, event }) => (event.type === 'call.leave' ? event.branch : context.branch),
    }),
    forgetBranch: assign({ branch: '' }),
    countAsk: assign({ asked: ({ context }) => context.asked + 1 }),
    forgetAsks: assign({ asked: 0 }),
    wrapUpAsPlanned: raise(({ context }) => ({ type: 'call.wrapUp', outcome: context.farewell })),
    forwardToTurn: sendTo('turn', ({ event }) => event),
    forwardToKeypad: sendTo('keypad', ({ event }) => event),
    // unlike a sound, a key is never a mistake: it needs no verdict
    tellTurnKeysBegan: sendTo('turn', { type: 'speech.sustained', onsetSample: fromNowOn }),
    tellTurnKeysEnded: sendTo('turn', { type: 'speech.ended' }),
    tellModelKeys: sendTo('geminiLink', ({ event }) => ({
      type: 'gemini.keys',
      digits: event.type === 'keypad.entered' ? event.digits : '',
      meaning: event.type === 'keypad.entered' ? event.meaning : 'tell',
    })),
    forwardToPlayout: sendTo('playout', ({ event }) => event),
    forwardToGemini: sendTo('geminiLink', ({ event }) => event),
    tellGeminiFloor: sendTo('geminiLink', ({ event }) => ({
      type:
        event.type === 'turn.floor' && event.floor === 'nobody' && event.because === 'quiet'
          ? 'floor.free'
          : 'floor.taken',
    })),
    tellDetectorAgentAudible: sendTo('speechDetector', { type: 'speech.agentAudible' }),
    tellDetectorAgentSilent: sendTo('speechDetector', { type: 'speech.agentSilent' }),
    forwardToDetector: sendTo('speechDetector', ({ event }) => event),
    askDetectorToRepeat: sendTo('speechDetector', { type: 'speech.repeat' }),
    prompt: sendTo('geminiLink', (_, params: { about: PromptTopic }) => ({
      type: 'gemini.prompt',
      ...params,
    })),
    wrapUp: raise((_, params: { outcome: CallOutcome }) => ({ type: 'call.wrapUp', ...params })),
    apologise: sendTo('playout', { type: 'playout.apologise' }),
    releasePlayout: sendTo('playout', { type: 'playout.release' }),
    finishPlayout: sendTo('playout', { type: 'playout.finish' }),
    flushPlayout: sendTo('playout', { type: 'playout.flush' }),
    closeLine: sendTo('exotelLink', { type: 'exotel.close' }),
  },
}).createMachine({
  id: 'call',
  description: 'One phone call, from the accepted socket to its record.',
  context: ({ input }) => ({
    ...input,
    floor: 'nobody',
    isQuiet: false,
    asked: 0,
    outcome: 'stopped',
    failure: undefined,
    farewell: 'agentEnded',
    transferTo: '',
    branch: '',
    sentence: '',
  }),
  output: ({ context: { outcome, failure, transferTo } }) => ({
    outcome,
    failure,
    transferTo: outcome === 'transferred' ? transferTo : undefined,
  }),
  initial: 'live',
  states: {
    live: {
      description: 'Somebody is on the line.',
      tags: ['live'],
      invoke: [
        { id: 'exotelLink', src: 'exotelLink', input: ({ context }) => context.exotelLink },
        { id: 'speechDetector', src: 'speechDetector' },
        { id: 'playout', src: 'playout' },
        { id: 'keypad', src: 'keypad', input: ({ context }) => context.keypad },
      ],
      initial: 'arriving',
      on: {
        'exotel.hungUp': {
          target: '.closing.hangingUp',
          actions: [{ type: 'concludeWith', params: { outcome: 'callerHungUp' } }, 'note'],
        },
        'exotel.failed': {
          target: '.closing.hangingUp',
          actions: ['blame', { type: 'concludeWith', params: { outcome: 'lineFailed' } }, 'note'],
        },
        'exotel.closed': { target: 'ended', actions: 'note' },
        'call.hangUp': {
          target: '.closing.hangingUp',
          actions: [{ type: 'concludeWith', params: { outcome: 'agentEnded' } }, 'note'],
        },
        'call.takeLeave': {
          target: '.closing',
          actions: [{ type: 'concludeWith', params: { outcome: 'agentEnded' } }, 'note'],
        },
        'exotel.digit': { actions: ['forwardToKeypad', 'note'] },
        'keypad.ask': { actions: 'forwardToKeypad' },
        'keypad.withdraw': { actions: 'forwardToKeypad' },
        'keypad.answered': { actions: 'note' },
        'call.end': {
          target: '.closing',
          actions: [{ type: 'concludeWith', params: { outcome: 'agentEnded' } }, 'note'],
        },
        'playout.hold': { actions: 'forwardToPlayout' },
        'playout.release': { actions: 'forwardToPlayout' },
        'playout.finish': { actions: 'forwardToPlayout' },
        'playout.finishAtGap': { actions: 'forwardToPlayout' },
        'playout.fill': { actions: ['forwardToPlayout', 'note'] },
        'playout.flush': { actions: 'forwardToPlayout' },
      },
      states: {
        arriving: {
          description: 'The socket is open; Exotel has not said yet whose call it is.',
          on: {
            'exotel.started': { target: 'answered', actions: 'note' },
            'exotel.closed': {
              target: '#call.ended',
              actions: [{ type: 'concludeWith', params: { outcome: 'callerHungUp' } }, 'note'],
            },
          },
        },

        answered: {
          description: 'The line is ours and the model is, or is being, connected.',
          invoke: [
            { id: 'geminiLink', src: 'geminiLink', input: ({ context }) => context.geminiLink },
            { id: 'tools', src: 'tools' },
          ],
          initial: 'connecting',
          on: {
            'gemini.failed': {
              target: 'apologising',
              actions: ['blame', { type: 'concludeWith', params: { outcome: 'modelUnavailable' } }, 'note'],
            },
            'exotel.closed': {
              target: '#call.ended',
              actions: [{ type: 'concludeWith', params: { outcome: 'callerHungUp' } }, 'note'],
            },
          },
          states: {
            connecting: {
              description: 'The caller hears silence instead of ringing; the model is being set up.',
              on: { 'gemini.ready': { target: 'conversing', actions: 'note' } },
            },

            conversing: {
              description: 'Caller and agent take turns.',
              type: 'parallel',
              entry: 'askDetectorToRepeat',
              on: {
                'call.wrapUp': { target: '#call.live.closing', actions: ['rememberOutcome', 'note'] },
              },
              states: {
                turn: {
                  description: 'Who has the floor.',
                  invoke: { id: 'turn', src: 'turn', input: ({ context }) => context.turn },
                  on: {
                    'speech.*': { actions: ['forwardToTurn', 'note'] },
                    'playout.primed': { actions: ['forwardToTurn', 'note'] },
                    'playout.underran': { actions: ['forwardToTurn', 'note'] },
                    'playout.refilled': { actions: ['forwardToTurn', 'note'] },
                    'playout.started': { actions: ['tellDetectorAgentAudible', 'forwardToTurn', 'note'] },
                    'playout.drained': { actions: ['tellDetectorAgentSilent', 'forwardToTurn', 'note'] },
                    'playout.flushed': { actions: ['tellDetectorAgentSilent', 'forwardToTurn', 'note'] },
                    'gemini.generationComplete': { actions: ['forwardToTurn', 'note'] },
                    'gemini.interrupted': { actions: ['forwardToTurn', 'note'] },
                    'gemini.turnComplete': { actions: ['forwardToTurn', 'note'] },
                    'gemini.lost': { actions: 'note' },
                    'gemini.replyTorn': { actions: ['forwardToTurn', 'note'] },
                    'speech.repeatSustained': { actions: 'forwardToDetector' },
                    'gemini.ready': { actions: ['forwardToTurn', 'note'] },
                    'tool.started': { actions: ['forwardToTurn', 'forwardToGemini', 'note'] },
                    'tool.finished': { actions: ['forwardToTurn', 'forwardToGemini', 'note'] },
                    'gemini.greet': { actions: 'forwardToGemini' },
                    'gemini.startCallerTurn': { actions: 'forwardToGemini' },
                    'gemini.endCallerTurn': { actions: ['forwardToGemini', 'note'] },
                    'gemini.cancelReply': { actions: 'forwardToGemini' },
                    'gemini.nudge': { actions: ['forwardToGemini', 'note'] },
                    'gemini.goOn': { actions: ['forwardToGemini', 'note'] },
                    'gemini.renew': { actions: ['forwardToGemini', 'note'] },
                    // keys are a turn of the caller's, whatever of it can be heard
                    'keypad.began': { actions: ['tellTurnKeysBegan', 'note'] },
                    'keypad.entered': {
                      actions: [
                        'note',
                        'tellTurnKeysBegan',
                        'tellModelKeys',
                        'tellTurnKeysEnded',
                        // whoever speaks beside the keys has not finished
                        'askDetectorToRepeat',
                      ],
                    },
                    'turn.floor': {
                      actions: ['rememberFloor', 'forwardToKeypad', 'tellGeminiFloor', 'note'],
                    },
                    'turn.verdict': { actions: 'note' },
                    'turn.modelSilent': {
                      target: '#call.live.apologising',
                      actions: [
                        'blame',
                        { type: 'concludeWith', params: { outcome: 'modelUnavailable' } },
                        'note',
                      ],
                    },
                  },
                },

                patience: {
                  description: 'Asks a caller who says nothing, as often as it may, then says goodbye.',
                  initial: 'resting',
                  on: { 'call.mute': { target: '.muted', actions: ['muteCaller', 'note'] } },
                  states: {
                    muted: {
                      description: 'The caller is not let through: nobody is asked why they say nothing.',
                      entry: 'forgetAsks',
                      on: {
                        'call.mute': {},
                        'call.unmute': [
                          { guard: 'isQuiet', target: 'waiting', actions: ['unmuteCaller', 'note'] },
                          { target: 'resting', actions: ['unmuteCaller', 'note'] },
                        ],
                      },
                    },
                    resting: {
                      description: 'Somebody speaks, or an answer is owed.',
                      entry: 'forgetAsks',
                      on: { 'turn.floor': { guard: 'nobodySpeaks', target: 'waiting' } },
                    },
                    waiting: {
                      description: 'The caller has heard us and says nothing.',
                      after: {
                        patience: [
                          {
                            guard: 'mayAskFirst',
                            target: 'asked',
                            actions: ['countAsk', { type: 'prompt', params: { about: 'callerSilent' } }],
                          },
                          {
                            guard: 'mayAskAgain',
                            target: 'asked',
                            actions: ['countAsk', { type: 'prompt', params: { about: 'callerStillSilent' } }],
                          },
                          {
                            target: 'partingWords',
                            actions: { type: 'prompt', params: { about: 'goodbye' } },
                          },
                        ],
                      },
                      on: {
                        'turn.floor': [
                          { guard: 'callerHasFloor', target: 'resting' },
                          // a slow model asks only now
                          { guard: 'agentAsksLate', target: 'asking' },
                          { guard: 'nobodySpeaksUnasked', target: 'waiting' },
                          { guard: 'isUnasked', target: 'resting' },
                        ],
                      },
                    },
                    asked: {
                      description: 'The model has been told to ask whether the caller is there.',
                      after: { repromptAfter: 'waiting' },
                      on: {
                        'turn.floor': [
                          { guard: 'callerHasFloor', target: 'resting' },
                          { guard: 'agentHasFloor', target: 'asking' },
                          { guard: 'nobodySpeaks', target: 'waiting' },
                        ],
                      },
                    },
                    asking: {
                      description: 'The agent asks whether the caller is there.',
                      on: {
                        'turn.floor': [
                          { guard: 'callerHasFloor', target: 'resting' },
                          { guard: 'nobodySpeaks', target: 'waiting' },
                        ],
                      },
                    },
                    partingWords: {
                      description: 'The agent says goodbye.',
                      after: {
                        goodbye: { actions: { type: 'wrapUp', params: { outcome: 'callerSilent' } } },
                      },
                      on: {
                        'turn.floor': [
                          { guard: 'callerHasFloor', target: 'resting' },
                          {
                            guard: 'nobodySpeaks',
                            actions: { type: 'wrapUp', params: { outcome: 'callerSilent' } },
                          },
                        ],
                      },
                    },
                  },
                },

                errand: {
                  description: 'Somebody who is not on the line may have something for the agent to say.',
                  initial: 'nothing',
                  states: {
                    nothing: {
                      description: 'Nothing is to be said.',
                      on: { 'call.say': { target: 'toBeSaid', actions: ['keepSentence', 'note'] } },
                    },
                    toBeSaid: {
                      description: 'A quiet moment is waited for: nobody is talked over.',
                      always: { guard: 'isQuiet', target: 'asked', actions: ['askToSay', 'forgetSentence'] },
                      after: { sayWithin: { target: 'nothing', actions: 'forgetSentence' } },
                    },
                    asked: {
                      description:
                        'The model has been asked; the next sentence waits until somebody has spoken.',
                      on: { 'turn.floor': 'nothing' },
                      after: { sayWithin: 'nothing' },
                    },
                  },
                },

                farewell: {
                  description: 'The agent may have something to say before the call ends or is passed on.',
                  initial: 'staying',
                  states: {
                    staying: {
                      description: 'Nobody wants to leave.',
                      on: {
                        'call.transfer': [
                          {
                            guard: 'saysGoodbye',
                            target: 'asked',
                            actions: [
                              'planTransfer',
                              'tellTransfer',
                              { type: 'prompt', params: { about: 'transfer' } },
                              'note',
                            ],
                          },
                          { actions: ['planTransfer', 'tellTransfer', 'wrapUpAsPlanned', 'note'] },
                        ],
                        'call.leave': [
                          {
                            guard: 'leavesForNumber',
                            target: 'parting',
                            actions: ['planTransfer', 'tellTransfer', 'note'],
                          },
                          { target: 'parting', actions: ['planEnd', 'tellBranch', 'note'] },
                        ],
                        'keypad.entered': [
                          {
                            guard: 'keyTransfers',
                            target: 'asked',
                            actions: ['planTransfer', 'tellTransfer'],
                          },
                          { guard: 'keyEnds', target: 'asked', actions: 'planEnd' },
                        ],
                      },
                    },
                    parting: {
                      description: 'The model has ended the call: what it still says is heard.',
                      initial: 'deciding',
                      on: {
                        'turn.floor': {
                          guard: 'callerStays',
                          target: 'staying',
                          actions: ['forgetBranch', 'tellBranch'],
                        },
                        'call.transfer': {
                          guard: 'saysGoodbye',
                          target: 'asked',
                          actions: [
                            'forgetBranch',
                            'tellBranch',
                            'planTransfer',
                            'tellTransfer',
                            { type: 'prompt', params: { about: 'transfer' } },
                            'note',
                          ],
                        },
                      },
                      states: {
                        deciding: {
                          description: 'Is it speaking?',
                          always: [{ guard: 'agentIsAudible', target: 'heard' }, { target: 'awaited' }],
                        },
                        awaited: {
                          description: 'It may have something to say yet.',
                          after: { lastSentence: { actions: 'wrapUpAsPlanned' } },
                          on: { 'turn.floor': { guard: 'agentHasFloor', target: 'heard' } },
                        },
                        heard: {
                          description: 'The caller hears it.',
                          after: { goodbye: { actions: 'wrapUpAsPlanned' } },
                          on: { 'turn.floor': { guard: 'nobodySpeaks', target: 'said' } },
                        },
                        said: {
                          description: 'It has been heard; an afterthought may follow.',
                          after: { afterLastSentence: { actions: 'wrapUpAsPlanned' } },
                          on: { 'turn.floor': { guard: 'agentHasFloor', target: 'heard' } },
                        },
                      },
                    },
                    asked: {
                      description: 'The model has been asked for its last sentence.',
                      after: { goodbye: { actions: 'wrapUpAsPlanned' } },
                      on: { 'turn.floor': { guard: 'agentHasFloor', target: 'leaving' } },
                    },
                    leaving: {
                      description: 'The caller hears it.',
                      after: { goodbye: { actions: 'wrapUpAsPlanned' } },
                      on: { 'turn.floor': { guard: 'nobodySpeaks', actions: 'wrapUpAsPlanned' } },
                    },
                  },
                },

                limits: {
                  description: 'No call lasts for ever.',
                  initial: 'withinTime',
                  states: {
                    withinTime: {
                      description: 'There is time.',
                      on: { 'call.takeLeave': { target: 'takingLeave', actions: 'note' } },
                      after: {
                        warnAfter: 'almostOver',
                      },
                    },
                    almostOver: {
                      description: 'The call is ended when this time is over, whatever happens.',
                      on: { 'call.takeLeave': { target: 'takingLeave', actions: 'note' } },
                      after: {
                        warning: { actions: { type: 'wrapUp', params: { outcome: 'timeLimit' } } },
                      },
                      initial: 'toBeSaid',
                      states: {
                        toBeSaid: {
                          description: 'A quiet moment is waited for: a warning must not cut into a reply.',
                          always: {
                            guard: 'isQuiet',
                            target: 'said',
                            actions: { type: 'prompt', params: { about: 'timeAlmostUp' } },
                          },
                        },
                        said: {
                          description: 'The agent has been told to bring the call to an end.',
                        },
                      },
                    },
                    takingLeave: {
                      description: 'The service goes away: the agent says goodbye, within a deadline.',
                      initial: 'deciding',
                      after: {
                        goodbye: { actions: { type: 'wrapUp', params: { outcome: 'agentEnded' } } },
                      },
                      on: { 'call.takeLeave': {} },
                      states: {
                        deciding: {
                          description: 'Does anybody speak?',
                          always: [
                            { guard: 'nobodyHasFloor', target: 'asked' },
                            { target: 'waitingForPause' },
                          ],
                        },
                        waitingForPause: {
                          description:
                            'Nobody is cut short: the goodbye waits for the end of what is being said.',
                          on: { 'turn.floor': { guard: 'nobodySpeaks', target: 'asked' } },
                        },
                        asked: {
                          description: 'The model has been told to say goodbye.',
                          entry: { type: 'prompt', params: { about: 'serviceEnds' } },
                          on: { 'turn.floor': { guard: 'agentHasFloor', target: 'partingWords' } },
                        },
                        partingWords: {
                          description: 'The agent says goodbye.',
                          on: {
                            'turn.floor': {
                              guard: 'nobodySpeaks',
                              actions: { type: 'wrapUp', params: { outcome: 'agentEnded' } },
                            },
                          },
                        },
                      },
                    },
                  },
                },
              },
            },
          },
        },

        apologising: {
          description: 'The model cannot be had; the caller hears a recorded apology.',
          entry: 'apologise',
          after: { apology: 'closing.hangingUp' },
          on: {
            // it is ending already, for a reason that is worth more
            'call.end': { target: 'closing.lastWords', actions: 'note' },
            'playout.drained': { target: 'closing.hangingUp', actions: 'note' },
            'call.takeLeave': {},
          },
        },

        closing: {
          description: 'The call ends: last words are heard, then the line is closed with 1000.',
          initial: 'deciding',
          // asked again, the first reason stays
          on: { 'call.end': { actions: 'note' }, 'call.takeLeave': {}, 'call.hangUp': '.hangingUp' },
          states: {
            deciding: {
              description: 'Is the caller still hearing the agent?',
              always: [{ guard: 'agentIsAudible', target: 'lastWords' }, { target: 'hangingUp' }],
            },
            lastWords: {
              description: 'The last mark, or its fallback, is waited for.',
              // nobody is left to give the verdict that a held playout waits for
              entry: ['releasePlayout', 'finishPlayout'],
              after: { lastWords: 'hangingUp' },
              on: { 'playout.drained': { target: 'hangingUp', actions: 'note' } },
            },
            hangingUp: {
              description: 'The line is being closed; the link has a deadline of its own.',
              entry: 'closeLine',
            },
          },
        },
      },
    },
    ended: {
      description: 'The record can be written.',
      type: 'final',
    },
  },
});
