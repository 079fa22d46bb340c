import { expect, it } from 'vitest';
import { TurnLog, type TurnTimes } from '../../src/call/turn-log.ts';

type Noted = Parameters<TurnLog['note']>[0];

/** Notes events at their times, with speech that began 700 ms before and ended 500 ms before. */
function log(events: readonly (readonly [number, Noted])[]): TurnTimes[] {
  const turns: TurnTimes[] = [];
  const log = new TurnLog((times) => turns.push(times));
  for (const [atMs, event] of events) log.note(event, atMs, { startedMs: atMs - 700, endedMs: atMs - 500 });
  return turns;
}

it('measures a turn from the caller’s first sound to the first sample on the wire', () => {
  expect(
    log([
      [5000, { type: 'gemini.endCallerTurn' }],
      [5600, { type: 'playout.primed' }],
      [5660, { type: 'playout.started' }],
      [9000, { type: 'playout.drained' }],
    ]),
  ).toEqual([
    {
      turn: 1,
      isBargeIn: false,
      callerStartedMs: 4300,
      callerEndedMs: 4500,
      toldMs: 5000,
      firstAudioMs: 5600,
      firstChunkMs: 5660,
    },
  ]);
});

it('knows what the agent said unasked', () => {
  expect(
    log([
      [400, { type: 'playout.primed' }],
      [440, { type: 'playout.started' }],
    ]),
  ).toEqual([
    {
      turn: 1,
      isBargeIn: false,
      callerStartedMs: undefined,
      callerEndedMs: undefined,
      toldMs: undefined,
      firstAudioMs: 400,
      firstChunkMs: 440,
    },
  ]);
});

it('knows which turn began as an interruption, and counts the turns', () => {
  const turns = log([
    [100, { type: 'turn.verdict', verdict: 'rejected' }],
    [1000, { type: 'gemini.endCallerTurn' }],
    [1500, { type: 'playout.started' }],
    [2000, { type: 'turn.verdict', verdict: 'confirmed' }],
    [3000, { type: 'gemini.endCallerTurn' }],
    [3500, { type: 'playout.started' }],
    [5000, { type: 'gemini.endCallerTurn' }],
    [5500, { type: 'playout.started' }],
  ]);
  expect(turns.map(({ turn, isBargeIn }) => [turn, isBargeIn])).toEqual([
    [1, false],
    [2, true],
    [3, false],
  ]);
});
