import { describe, expect, it } from 'vitest';
import {
  type PlayoutCommand,
  playoutMachine,
  type SchedulerCommand,
  type SchedulerReport,
} from '../../machines/index.ts';
import type { FakeEdge } from '../helpers/machines.ts';
import { play, type Situation } from './situations.ts';

type PlayoutEvent = SchedulerReport | PlayoutCommand;

const audible: PlayoutEvent = { type: 'queue.audible' };
const filled: PlayoutEvent = { type: 'queue.filled' };
const ranDry: PlayoutEvent = { type: 'queue.ranDry' };
const refilled: PlayoutEvent = { type: 'queue.refilled' };
const sentAll: PlayoutEvent = { type: 'queue.sentAll' };
const more: PlayoutEvent = { type: 'queue.more' };
const heardAll: PlayoutEvent = { type: 'queue.heardAll' };
const hold: PlayoutEvent = { type: 'playout.hold' };
const release: PlayoutEvent = { type: 'playout.release' };
const finish: PlayoutEvent = { type: 'playout.finish' };
const finishAtGap: PlayoutEvent = { type: 'playout.finishAtGap' };
const flush: PlayoutEvent = { type: 'playout.flush' };
const fill: PlayoutEvent = { type: 'playout.fill' };
const apologise: PlayoutEvent = { type: 'playout.apologise' };

const playing = [audible, filled];
const primed = 'playout.primed';
const started = 'playout.started';
const drained = 'playout.drained';
const flushed = 'playout.flushed';

const situations: readonly Situation<PlayoutEvent>[] = [
  {
    title: 'primes with the first audible sample',
    steps: [audible],
    state: 'priming',
    reported: [primed],
    commanded: [],
  },
  {
    title: 'plays once the prebuffer is filled',
    steps: playing,
    state: 'playing',
    reported: [primed, started],
    commanded: ['queue.play'],
  },
  {
    title: 'finishes a reply shorter than the prebuffer',
    steps: [audible, finish, filled, sentAll, heardAll],
    state: 'idle',
    reported: [primed, started, drained],
    commanded: ['queue.finish', 'queue.play'],
  },
  {
    title: 'plays a torn reply to its last word gap',
    steps: [...playing, finishAtGap, sentAll, heardAll],
    state: 'idle',
    reported: [primed, started, drained],
    commanded: ['queue.play', 'queue.finishAtGap'],
  },
  {
    title: 'cuts a torn reply that has not started, is held back, or held',
    steps: [audible, finishAtGap, hold, finishAtGap, release, hold, finishAtGap],
    state: 'held',
    reported: [primed, started],
    commanded: [
      'queue.finishAtGap',
      'queue.hold',
      'queue.finishAtGap',
      'queue.play',
      'queue.hold',
      'queue.finishAtGap',
    ],
  },
  {
    title: 'is drained when all is heard',
    steps: [...playing, finish, sentAll, heardAll],
    state: 'idle',
    reported: [primed, started, drained],
    commanded: ['queue.play', 'queue.finish'],
  },
  {
    title: 'reports an underrun and goes on',
    steps: [...playing, ranDry],
    state: 'playing',
    reported: [primed, started, 'playout.underran'],
    commanded: ['queue.play'],
  },
  {
    title: 'reports that a queue which ran dry is filled again',
    steps: [...playing, ranDry, refilled],
    state: 'playing',
    reported: [primed, started, 'playout.underran', 'playout.refilled'],
    commanded: ['queue.play'],
  },
  {
    title: 'holds a reply back that has not started',
    steps: [audible, hold, filled],
    state: 'heldBack',
    reported: [primed],
    commanded: ['queue.hold'],
  },
  {
    title: 'starts a reply that was held back when it is released',
    steps: [audible, hold, release],
    state: 'playing',
    reported: [primed, started],
    commanded: ['queue.hold', 'queue.play'],
  },
  {
    title: 'stays held back when the generation is complete, and when it is told so twice',
    steps: [audible, hold, finish, hold],
    state: 'heldBack',
    reported: [primed],
    commanded: ['queue.hold', 'queue.finish'],
  },
  {
    title: 'holds',
    steps: [...playing, hold],
    state: 'held',
    reported: [primed, started],
    commanded: ['queue.play', 'queue.hold'],
  },
  {
    title: 'goes on after a hold',
    steps: [...playing, hold, release],
    state: 'playing',
    reported: [primed, started],
    commanded: ['queue.play', 'queue.hold', 'queue.play'],
  },
  {
    title: 'stays held when the generation is complete',
    steps: [...playing, hold, finish],
    state: 'held',
    reported: [primed, started],
    commanded: ['queue.play', 'queue.hold', 'queue.finish'],
  },
  {
    title: 'stays held when it is told so twice',
    steps: [...playing, hold, hold],
    state: 'held',
    reported: [primed, started],
    commanded: ['queue.play', 'queue.hold'],
  },
  {
    title: 'cannot hold what is sent already',
    steps: [...playing, finish, sentAll, hold, heardAll],
    state: 'idle',
    reported: [primed, started, drained],
    commanded: ['queue.play', 'queue.finish'],
  },
  {
    title: 'holds what the model adds while a verdict is awaited, and plays it when released',
    steps: [...playing, finish, sentAll, hold, more, release],
    state: 'playing',
    reported: [primed, started],
    commanded: ['queue.play', 'queue.finish', 'queue.play'],
  },
  {
    title: 'plays what the model adds after a verdict that was rejected',
    steps: [...playing, finish, sentAll, hold, release, more],
    state: 'playing',
    reported: [primed, started],
    commanded: ['queue.play', 'queue.finish', 'queue.play'],
  },
  {
    title: 'plays on when the model goes on before all is heard',
    steps: [...playing, finish, sentAll, more],
    state: 'playing',
    reported: [primed, started],
    commanded: ['queue.play', 'queue.finish', 'queue.play'],
  },
  {
    title: 'does not release what was never held',
    steps: [...playing, release],
    state: 'playing',
    reported: [primed, started],
    commanded: ['queue.play'],
  },
  {
    title: 'has nothing to hold, release or finish when idle',
    steps: [hold, release, finish],
    state: 'idle',
    reported: [],
    commanded: [],
  },
  ...(
    [
      ['idle', []],
      ['priming', [audible]],
      ['playing', playing],
      ['heldBack', [audible, hold]],
      ['held', [...playing, hold]],
      ['finishing', [...playing, finish, sentAll]],
      ['heldAtEnd', [...playing, finish, sentAll, hold]],
    ] as const
  ).map(([from, before]) => ({
    title: `is flushed from ${from}, once`,
    steps: [...before, flush],
    state: 'idle',
    reported: [...reportsOf(before), flushed],
    commanded: [...commandsOf(before), 'queue.flush'],
  })),
  {
    title: 'does not play after a flush until the next reply is primed and filled',
    steps: [...playing, hold, flush, release, filled, more, ranDry, sentAll, heardAll],
    state: 'idle',
    reported: [primed, started, flushed],
    commanded: ['queue.play', 'queue.hold', 'queue.flush'],
  },
  {
    title: 'plays the next reply after a flush',
    steps: [...playing, flush, audible, filled],
    state: 'playing',
    reported: [primed, started, flushed, primed, started],
    commanded: ['queue.play', 'queue.flush', 'queue.play'],
  },
  {
    title: 'drops what it says to apologise',
    steps: [...playing, hold, apologise, audible, filled, sentAll, heardAll],
    state: 'idle',
    reported: [primed, started, primed, started, drained],
    commanded: ['queue.play', 'queue.hold', 'queue.flush', 'queue.apologise', 'queue.play'],
  },
];

const fills: readonly Situation<PlayoutEvent>[] = [
  {
    title: 'plays a phrase as a short reply that ends by itself',
    steps: [fill, audible, filled, sentAll, heardAll],
    state: 'idle',
    reported: [primed, started, drained],
    commanded: ['queue.fill', 'queue.play'],
  },
  {
    title: 'plays no phrase while something else is to be heard',
    steps: [audible, fill, filled, fill, hold, fill, release, finish, sentAll, fill, hold, fill],
    state: 'heldAtEnd',
    reported: [primed, started],
    commanded: ['queue.play', 'queue.hold', 'queue.play', 'queue.finish'],
  },
  {
    title: 'passes on the end of a reply that came, whole, during the end of a phrase',
    steps: [fill, audible, filled, sentAll, finish, hold, finish, heardAll, audible],
    state: 'priming',
    reported: [primed, started, drained, primed],
    commanded: ['queue.fill', 'queue.play', 'queue.finish', 'queue.finish'],
  },
];

function reportsOf(before: readonly PlayoutEvent[]): string[] {
  return [...(before.includes(audible) ? [primed] : []), ...(before.includes(filled) ? [started] : [])];
}

function commandsOf(before: readonly PlayoutEvent[]): string[] {
  return [
    ...(before.includes(filled) ? ['queue.play'] : []),
    ...(before.includes(hold) && !before.includes(sentAll) ? ['queue.hold'] : []),
    ...(before.includes(finish) ? ['queue.finish'] : []),
  ];
}

describe('playout', () => {
  it.each([...situations, ...fills])('$title', ({ steps, state, reported, commanded }) => {
    const outcome = play(
      (edge: FakeEdge<SchedulerCommand, SchedulerReport>) =>
        playoutMachine.provide({ actors: { scheduler: edge.logic } }),
      undefined,
      steps,
    );
    expect(outcome).toMatchObject({ state, reported, commanded });
    expect(outcome.isDisposed).toBe(true);
  });
});
