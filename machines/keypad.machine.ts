import { assign, enqueueActions, sendParent, setup } from 'xstate';
import type { Floor, KeyAction, KeypadAsk, KeypadCommand } from './events.ts';

/** How keys are collected; times in ms. */
export interface KeypadInput {
  /** After this long without a key an entry is complete. */
  readonly pauseMs: number;
  /** No entry takes longer, from its first key. */
  readonly longestMs: number;
  /** The key that completes an entry; empty: none does. */
  readonly terminator: string;
  /** An entry of so many digits is complete. */
  readonly mostDigits: number;
  readonly toldToModel: boolean;
  /** Whether keys cut a reply that the caller hears. */
  readonly interrupts: boolean;
  /** What a key does that is pressed alone. */
  readonly actions: Readonly<Record<string, KeyAction>>;
}

interface KeypadContext extends KeypadInput {
  /** The entry so far; personal data. */
  readonly digits: string;
  readonly floor: Floor;
  readonly ask: KeypadAsk | undefined;
}

/** The keys that a caller presses, collected to entries: for the model, or for whoever has asked for a number. */
export const keypadMachine = setup({
  types: {
    input: {} as KeypadInput,
    context: {} as KeypadContext,
    events: {} as KeypadCommand,
  },
  guards: {
    isTerminator: ({ context, event }) => event.type === 'exotel.digit' && event.digit === context.terminator,
    isLastDigit: ({ context }) => context.digits.length + 1 >= context.mostDigits,
    isFull: ({ context }) => context.digits.length >= context.mostDigits,
    isAskedTerminator: ({ context, event }) =>
      event.type === 'exotel.digit' && event.digit === context.ask?.terminator,
    isLastAskedDigit: ({ context }) => context.digits.length + 1 >= (context.ask?.digits ?? 1),
    isAsked: ({ context }) => context.ask !== undefined,
    mayInterrupt: ({ context }) => context.interrupts,
    floorIsFree: ({ context }) => context.floor !== 'agent',
    floorBecameFree: ({ event }) => event.type === 'turn.floor' && event.floor !== 'agent',
    meansNothing: ({ context }) => !context.toldToModel && context.actions[context.digits] === undefined,
  },
  delays: {
    pause: ({ context }) => context.pauseMs,
    longest: ({ context }) => context.longestMs,
    askedPause: ({ context }) => context.ask?.timeoutMs ?? context.pauseMs,
  },
  actions: {
    rememberFloor: assign({
      floor: ({ context, event }) => (event.type === 'turn.floor' ? event.floor : context.floor),
    }),
    rememberAsk: assign({
      ask: ({ context, event }) => (event.type === 'keypad.ask' ? event.ask : context.ask),
    }),
    addDigit: assign({
      digits: ({ context, event }) =>
        event.type === 'exotel.digit' ? context.digits + event.digit : context.digits,
    }),
    forgetDigits: assign({ digits: '' }),
    withdrawAsk: assign({ ask: undefined }),
    forgetAsk: assign({ digits: '', ask: undefined }),
    reportBegan: sendParent({ type: 'keypad.began' }),
    takeFloor: enqueueActions(({ context: { toldToModel, interrupts, floor }, enqueue }) => {
      if (toldToModel && (interrupts || floor !== 'agent')) enqueue(sendParent({ type: 'keypad.began' }));
    }),
    reportEntered: sendParent(({ context: { digits, actions } }) => ({
      type: 'keypad.entered',
      digits,
      meaning: actions[digits] ?? 'tell',
    })),
    reportAnswered: sendParent(
      ({ context }, params: { because: 'complete' | 'terminator' | 'timeout' | 'withdrawn' }) => ({
        type: 'keypad.answered',
        digits: context.digits,
        ...params,
      }),
    ),
  },
}).createMachine({
  id: 'keypad',
  description: 'The keys that a caller presses, collected to entries.',
  // until the turn has said otherwise the agent is about to speak
  context: ({ input }) => ({ ...input, digits: '', floor: 'agent', ask: undefined }),
  initial: 'idle',
  on: {
    'turn.floor': { actions: 'rememberFloor' },
    'keypad.ask': { actions: 'rememberAsk' },
    'keypad.withdraw': { actions: 'withdrawAsk' },
  },
  states: {
    idle: {
      description: 'No key has been pressed since the last entry.',
      always: { guard: 'isAsked', target: 'asked' },
      on: {
        'exotel.digit': [
          // a terminator with nothing before it is an entry of its own
          { guard: 'isTerminator', target: 'complete', actions: ['addDigit', 'takeFloor'] },
          { guard: 'isLastDigit', target: 'complete', actions: ['addDigit', 'takeFloor'] },
          { target: 'collecting', actions: ['addDigit', 'takeFloor'] },
        ],
      },
    },
    collecting: {
      description: 'More keys may belong to the entry.',
      initial: 'typing',
      after: { longest: 'complete' },
      states: {
        typing: {
          description: 'The next key, or the pause that completes the entry.',
          after: { pause: '#keypad.complete' },
          on: {
            'exotel.digit': [
              { guard: 'isTerminator', target: '#keypad.complete' },
              { guard: 'isLastDigit', target: '#keypad.complete', actions: ['addDigit', 'takeFloor'] },
              { target: 'typing', reenter: true, actions: ['addDigit', 'takeFloor'] },
            ],
          },
        },
      },
    },
    complete: {
      description: 'May the entry be told now?',
      always: [
        { guard: 'meansNothing', target: 'idle', actions: 'forgetDigits' },
        { guard: 'floorIsFree', target: 'idle', actions: ['reportEntered', 'forgetDigits'] },
        { guard: 'mayInterrupt', target: 'waiting', actions: 'reportBegan' },
        { target: 'waiting' },
      ],
    },
    waiting: {
      description: 'The entry is complete, and the caller still hears the agent.',
      on: {
        'turn.floor': [
          {
            guard: 'floorBecameFree',
            target: 'idle',
            actions: ['rememberFloor', 'reportEntered', 'forgetDigits'],
          },
          { guard: 'mayInterrupt', actions: ['rememberFloor', 'reportBegan'] },
          { actions: 'rememberFloor' },
        ],
        'exotel.digit': [
          { guard: 'isFull' },
          { guard: 'isTerminator' },
          { target: 'collecting', actions: ['addDigit', 'takeFloor'] },
        ],
      },
    },
    asked: {
      description: 'Somebody waits for a number: its digits are theirs alone, and no reply is cut by them.',
      after: {
        askedPause: {
          target: 'idle',
          actions: [{ type: 'reportAnswered', params: { because: 'timeout' } }, 'forgetAsk'],
        },
      },
      on: {
        'exotel.digit': [
          {
            guard: 'isAskedTerminator',
            target: 'idle',
            actions: [{ type: 'reportAnswered', params: { because: 'terminator' } }, 'forgetAsk'],
          },
          {
            guard: 'isLastAskedDigit',
            target: 'idle',
            actions: ['addDigit', { type: 'reportAnswered', params: { because: 'complete' } }, 'forgetAsk'],
          },
          { target: 'asked', reenter: true, actions: 'addDigit' },
        ],
        'keypad.withdraw': {
          target: 'idle',
          actions: [{ type: 'reportAnswered', params: { because: 'withdrawn' } }, 'forgetAsk'],
        },
        // one number at a time
        'keypad.ask': {},
      },
    },
  },
});
