import { describe, expect, it } from 'vitest';
import { turnMachine } from '../../machines/index.ts';
import { atomicStates } from '../helpers/machines.ts';
import { pairs } from './turn-checks.ts';
import { turnEvents, turnStates, wayNames } from './turn-rig.ts';
import { turnTable } from './turn-table.ts';

/** Left at once, so that no event ever finds the turn in it. */
const transient = ['opening', 'said', 'saidIntoSpeech', 'owing'];

describe('the table of the turn', () => {
  it('names every state that the chart has', () => {
    const resting = atomicStates(turnMachine).filter((state) => !transient.includes(state));
    expect(resting.sort()).toEqual([...turnStates].sort());
  });

  it.each(turnStates)('says of every event what it does in %s, once', (state) => {
    const { on, stays } = turnTable[state];
    const listed = [...Object.keys(on), ...stays].sort();
    expect(listed).toEqual(turnEvents.map(({ type }) => type).sort());
  });
});

describe('the turn chart', () => {
  const greeting = [...pairs(turnMachine, true)];
  const callerFirst = [...pairs(turnMachine, false)];

  it('does what the table says on every event in every state', () => {
    expect([...greeting, ...callerFirst].flatMap(({ mismatches }) => mismatches)).toEqual([]);
  });

  it('has been sent every event in every state', () => {
    const exercised = new Set([...greeting, ...callerFirst].map(({ pair }) => pair));
    console.log(
      `turn: ${turnStates.length} states × ${turnEvents.length} events, and exceptions: ${wayNames.filter((name) => exercised.has(name)).length} of ${wayNames.length}` +
        ` (agent greets ${greeting.length}, caller first ${callerFirst.length})`,
    );
    expect(wayNames.filter((name) => !exercised.has(name))).toEqual([]);
  });
});
