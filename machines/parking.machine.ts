import { setup } from 'xstate';

/** How long a caller who is asked to hold waits for what; ms. */
export interface ParkingInput {
  /** For the stream's start. */
  readonly startMs: number;
  /** For room, at most. */
  readonly longestParkedMs: number;
  /** Between two requests to hold. */
  readonly pauseMs: number;
  /** For the end of the apology. */
  readonly longestApologyMs: number;
  /** For the closing handshake. */
  readonly closeMs: number;
}

/** Why a stream is over that has not become a call. */
export type ParkingEnd = 'hungUp' | 'noStart' | 'badStart' | 'waitedTooLong' | 'stopped';

/** What happens to a parked stream. */
export type ParkingEvent =
  | { readonly type: 'parking.started' }
  | { readonly type: 'parking.badStart' }
  /** The carrier says that the stream is over. */
  | { readonly type: 'parking.hungUp' }
  /** The connection is closed. */
  | { readonly type: 'parking.gone' }
  /** All that was said has been heard. */
  | { readonly type: 'parking.heardAll' }
  /** There is room: it becomes a call. */
  | { readonly type: 'parking.release' }
  /** There will be no room. */
  | { readonly type: 'parking.refuse' }
  | { readonly type: 'parking.stop' };

/** A caller who waits for room: asked to hold, again and again, for a limited time. */
export const parkingMachine = setup({
  types: {
    input: {} as ParkingInput,
    context: {} as ParkingInput,
    events: {} as ParkingEvent,
  },
  delays: {
    start: ({ context }) => context.startMs,
    longestParked: ({ context }) => context.longestParkedMs,
    pause: ({ context }) => context.pauseMs,
    longestApology: ({ context }) => context.longestApologyMs,
    close: ({ context }) => context.closeMs,
  },
  // given at the edge
  actions: {
    askToHold: () => undefined,
    apologise: () => undefined,
    handOver: () => undefined,
    quieten: () => undefined,
    dropLine: () => undefined,
    closeLine: (_, _params: { readonly how: 'normally' | 'asBadStart' }) => undefined,
    tellOver: (_, _params: { readonly why: ParkingEnd }) => undefined,
  },
}).createMachine({
  id: 'parking',
  description: 'A stream that waits for room, until it is a call, or over.',
  context: ({ input }) => input,
  initial: 'arriving',
  states: {
    arriving: {
      description: 'The start of the stream is awaited.',
      after: { start: { target: 'closing', actions: { type: 'tellOver', params: { why: 'noStart' } } } },
      on: {
        'parking.started': 'holding',
        'parking.badStart': {
          target: 'closing.afterBadStart',
          actions: { type: 'tellOver', params: { why: 'badStart' } },
        },
        'parking.hungUp': { target: 'closing', actions: { type: 'tellOver', params: { why: 'hungUp' } } },
        'parking.gone': { target: 'left', actions: { type: 'tellOver', params: { why: 'hungUp' } } },
        'parking.refuse': { target: 'closing', actions: { type: 'tellOver', params: { why: 'stopped' } } },
        'parking.stop': { target: 'closing', actions: { type: 'tellOver', params: { why: 'stopped' } } },
      },
    },
    holding: {
      description: 'The caller waits; there may be room at any time.',
      initial: 'asked',
      after: { longestParked: 'apologising' },
      on: {
        'parking.release': { target: 'left', actions: 'handOver' },
        'parking.refuse': 'apologising',
        'parking.hungUp': { target: 'closing', actions: { type: 'tellOver', params: { why: 'hungUp' } } },
        'parking.gone': { target: 'left', actions: { type: 'tellOver', params: { why: 'hungUp' } } },
        'parking.stop': { target: 'closing', actions: { type: 'tellOver', params: { why: 'stopped' } } },
      },
      states: {
        asked: {
          description: 'The caller hears the request to hold.',
          entry: 'askToHold',
          on: { 'parking.heardAll': 'waiting' },
        },
        waiting: {
          description: 'A pause before the next request.',
          after: { pause: 'asked' },
        },
      },
    },
    apologising: {
      description: 'There is no room for this caller: the apology is heard.',
      entry: 'apologise',
      after: {
        longestApology: {
          target: 'closing',
          actions: { type: 'tellOver', params: { why: 'waitedTooLong' } },
        },
      },
      on: {
        'parking.heardAll': {
          target: 'closing',
          actions: { type: 'tellOver', params: { why: 'waitedTooLong' } },
        },
        'parking.hungUp': { target: 'closing', actions: { type: 'tellOver', params: { why: 'hungUp' } } },
        'parking.gone': { target: 'left', actions: { type: 'tellOver', params: { why: 'hungUp' } } },
        'parking.stop': { target: 'closing', actions: { type: 'tellOver', params: { why: 'stopped' } } },
      },
    },
    closing: {
      description: 'The closing handshake; a peer that does not finish it is dropped.',
      entry: 'quieten',
      initial: 'normally',
      after: { close: { target: 'left', actions: 'dropLine' } },
      on: { 'parking.gone': 'left' },
      states: {
        normally: {
          description: 'The flow of the call goes on.',
          entry: { type: 'closeLine', params: { how: 'normally' } },
        },
        afterBadStart: {
          description: 'The peer is told that its start was wrong.',
          entry: { type: 'closeLine', params: { how: 'asBadStart' } },
        },
      },
    },
    left: {
      description: 'It is a call now, or over.',
      type: 'final',
      entry: 'quieten',
    },
  },
});
