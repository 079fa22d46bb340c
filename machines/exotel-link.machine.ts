import { type CallbackActorLogic, type NonReducibleUnknown, sendParent, sendTo, setup } from 'xstate';
import type { ExotelCommand, Failure } from './events.ts';

/** What the wire tells the Exotel link. */
export type ExotelWireReport =
  | { readonly type: 'wire.started'; readonly sampleRateHz: number }
  | { readonly type: 'wire.digit'; readonly digit: string }
  | { readonly type: 'wire.stopped' }
  | { readonly type: 'wire.faulted'; readonly failure: Failure }
  | { readonly type: 'wire.closed'; readonly code: number };

/** What the Exotel link tells the wire. */
export type ExotelWireCommand =
  | { readonly type: 'wire.close' }
  | { readonly type: 'wire.drop' }
  /** Says `stop`, as Exotel itself does before it leaves. */
  | { readonly type: 'wire.stop' };

/** Deadlines of the link, milliseconds. */
export interface ExotelLinkInput {
  readonly startMs: number;
  readonly closeMs: number;
  /** Whether our `stop` goes before the close. */
  readonly stopsFirst: boolean;
  /** From our `stop` to the close. */
  readonly stopMs: number;
}

type ExotelWireLogic = CallbackActorLogic<ExotelWireCommand, NonReducibleUnknown, ExotelWireReport>;

/** One stream from Exotel: from the accepted socket to its end. */
export const exotelLinkMachine = setup({
  types: {
    input: {} as ExotelLinkInput,
    context: {} as ExotelLinkInput,
    events: {} as ExotelWireReport | ExotelCommand,
  },
  actors: {
    exotelWire: {} as ExotelWireLogic,
  },
  guards: {
    stopsFirst: ({ context }) => context.stopsFirst,
  },
  delays: {
    stop: ({ context }) => context.stopMs,
    start: ({ context }) => context.startMs,
    close: ({ context }) => context.closeMs,
  },
  actions: {
    reportStarted: sendParent(({ event }) => ({
      type: 'exotel.started',
      sampleRateHz: event.type === 'wire.started' ? event.sampleRateHz : 0,
    })),
    reportDigit: sendParent(({ event }) => ({
      type: 'exotel.digit',
      digit: event.type === 'wire.digit' ? event.digit : '',
    })),
    reportHungUp: sendParent({ type: 'exotel.hungUp' }),
    reportFault: sendParent(({ event }) => ({
      type: 'exotel.failed',
      failure: event.type === 'wire.faulted' ? event.failure : undefined,
    })),
    reportNoStart: sendParent(({ context }) => ({
      type: 'exotel.failed',
      failure: {
        code: 'exotel.start-timeout',
        message: `expected a start message within ${context.startMs} ms of the connection, none came`,
      },
    })),
    reportClosed: sendParent(({ event }) => ({
      type: 'exotel.closed',
      code: event.type === 'wire.closed' ? event.code : 1006,
    })),
    sayStop: sendTo('wire', { type: 'wire.stop' }),
    closeWire: sendTo('wire', { type: 'wire.close' }),
    dropWire: sendTo('wire', { type: 'wire.drop' }),
  },
}).createMachine({
  id: 'exotelLink',
  description: 'One stream from Exotel, from the accepted socket to its end.',
  context: ({ input }) => input,
  invoke: { id: 'wire', src: 'exotelWire' },
  initial: 'awaitingStart',
  on: {
    'wire.closed': '.closed',
    'wire.faulted': { target: '.closing', actions: 'reportFault' },
  },
  states: {
    awaitingStart: {
      description: 'The socket is open and Exotel owes its start message.',
      after: { start: { target: 'closing', actions: 'reportNoStart' } },
      on: {
        'wire.started': { target: 'streaming', actions: 'reportStarted' },
        'wire.stopped': { target: 'closing', actions: 'reportHungUp' },
        'exotel.close': 'closing',
      },
    },
    streaming: {
      description: 'Audio flows both ways.',
      on: {
        'wire.digit': { actions: 'reportDigit' },
        'wire.stopped': { target: 'closing', actions: 'reportHungUp' },
        'exotel.close': [{ guard: 'stopsFirst', target: 'stopping' }, { target: 'closing' }],
      },
    },
    stopping: {
      description: 'Our stop is on its way; the line is closed a moment later.',
      entry: 'sayStop',
      after: { stop: 'closing' },
      on: { 'wire.stopped': 'closing' },
    },
    closing: {
      description: 'The closing handshake is under way; a peer that does not answer is dropped.',
      entry: 'closeWire',
      after: { close: { target: 'closed', actions: 'dropWire' } },
    },
    closed: {
      description: 'The socket is gone.',
      entry: 'reportClosed',
      type: 'final',
    },
  },
});
