import { type CallbackActorLogic, type NonReducibleUnknown, sendParent, sendTo, setup } from 'xstate';
import type { PlayoutCommand } from './events.ts';

/** What the scheduler tells the chart. */
export type SchedulerReport =
  | { readonly type: 'queue.audible' }
  | { readonly type: 'queue.filled' }
  | { readonly type: 'queue.ranDry' }
  | { readonly type: 'queue.refilled' }
  | { readonly type: 'queue.sentAll' }
  | { readonly type: 'queue.more' }
  | { readonly type: 'queue.heardAll' };

/** What the chart tells the scheduler. */
export type SchedulerCommand =
  | { readonly type: 'queue.play' }
  | { readonly type: 'queue.hold' }
  | { readonly type: 'queue.finish' }
  /** No more comes and the end is torn: what is queued ends at its last word gap. */
  | { readonly type: 'queue.finishAtGap' }
  | { readonly type: 'queue.flush' }
  /** Plays the phrase for a caller who waits. */
  | { readonly type: 'queue.fill' }
  | { readonly type: 'queue.apologise' };

type SchedulerLogic = CallbackActorLogic<SchedulerCommand, NonReducibleUnknown, SchedulerReport>;

/** What the agent's voice does on the line. */
export const playoutMachine = setup({
  types: {
    events: {} as SchedulerReport | PlayoutCommand,
    tags: {} as 'agentAudible',
  },
  actors: {
    scheduler: {} as SchedulerLogic,
  },
  actions: {
    play: sendTo('scheduler', { type: 'queue.play' }),
    hold: sendTo('scheduler', { type: 'queue.hold' }),
    finish: sendTo('scheduler', { type: 'queue.finish' }),
    finishAtGap: sendTo('scheduler', { type: 'queue.finishAtGap' }),
    flush: sendTo('scheduler', { type: 'queue.flush' }),
    fill: sendTo('scheduler', { type: 'queue.fill' }),
    apologise: sendTo('scheduler', { type: 'queue.apologise' }),
    reportPrimed: sendParent({ type: 'playout.primed' }),
    reportStarted: sendParent({ type: 'playout.started' }),
    reportUnderrun: sendParent({ type: 'playout.underran' }),
    reportRefilled: sendParent({ type: 'playout.refilled' }),
    reportFlushed: sendParent({ type: 'playout.flushed' }),
    reportDrained: sendParent({ type: 'playout.drained' }),
  },
}).createMachine({
  id: 'playout',
  description: 'What the agent’s voice does on the line.',
  invoke: { id: 'scheduler', src: 'scheduler' },
  initial: 'idle',
  on: {
    'playout.flush': '.flushed',
    'playout.apologise': { target: '.idle', actions: ['flush', 'apologise'] },
  },
  states: {
    idle: {
      description: 'Nothing to say.',
      on: {
        'queue.audible': { target: 'priming', actions: 'reportPrimed' },
        // a phrase is for silence only: it never comes between the model's words
        'playout.fill': { actions: 'fill' },
      },
    },
    priming: {
      description: 'The prebuffer fills.',
      on: {
        'queue.filled': { target: 'playing', actions: ['play', 'reportStarted'] },
        'queue.heardAll': { target: 'idle', actions: 'reportDrained' },
        'playout.finish': { actions: 'finish' },
        'playout.finishAtGap': { actions: 'finishAtGap' },
        'playout.hold': { target: 'heldBack', actions: 'hold' },
      },
    },
    heldBack: {
      description: 'The caller spoke up before the first chunk left: nothing is heard until the verdict.',
      on: {
        'playout.release': { target: 'playing', actions: ['play', 'reportStarted'] },
        'playout.finish': { actions: 'finish' },
        'playout.finishAtGap': { actions: 'finishAtGap' },
      },
    },
    playing: {
      description: 'The carrier is fed on the shared clock, a small lead ahead of what the caller hears.',
      tags: ['agentAudible'],
      on: {
        'playout.hold': { target: 'held', actions: 'hold' },
        'playout.finish': { actions: 'finish' },
        'playout.finishAtGap': { actions: 'finishAtGap' },
        'queue.ranDry': { actions: 'reportUnderrun' },
        'queue.refilled': { actions: 'reportRefilled' },
        'queue.sentAll': 'finishing',
        'queue.heardAll': { target: 'idle', actions: 'reportDrained' },
      },
    },
    held: {
      description: 'Feeding has stopped; the lead runs out while a verdict is awaited; nothing is lost.',
      tags: ['agentAudible'],
      on: {
        'playout.release': { target: 'playing', actions: 'play' },
        'playout.finish': { actions: 'finish' },
        'playout.finishAtGap': { actions: 'finishAtGap' },
      },
    },
    finishing: {
      description: 'All is sent; the last mark, or its fallback, tells when it has been heard.',
      tags: ['agentAudible'],
      on: {
        'queue.heardAll': { target: 'idle', actions: 'reportDrained' },
        'queue.more': { target: 'playing', actions: 'play' },
        // of a reply that has come, and ended, while a phrase was playing
        'playout.finish': { actions: 'finish' },
        'playout.finishAtGap': { actions: 'finishAtGap' },
        'playout.hold': 'heldAtEnd',
      },
    },
    heldAtEnd: {
      description: 'All is sent, and a verdict is awaited: what the model may add is held.',
      tags: ['agentAudible'],
      on: {
        'queue.heardAll': { target: 'idle', actions: 'reportDrained' },
        'queue.more': 'held',
        'playout.finish': { actions: 'finish' },
        'playout.finishAtGap': { actions: 'finishAtGap' },
        'playout.release': 'finishing',
      },
    },
    flushed: {
      description: 'The carrier was told to clear and the rest was dropped.',
      entry: ['flush', 'reportFlushed'],
      always: 'idle',
    },
  },
});
