import { describe, expect, it } from 'vitest';
import { callInput } from '../helpers/machines.ts';
import {
  audible,
  CallRig,
  type CallStep,
  closed,
  filled,
  generationComplete,
  greetingHeard,
  hangUp,
  heardAll,
  onset,
  places,
  sentAll,
  speechEnded,
  takeLeave,
} from './call-rig.ts';
import { withoutDoneWarnings } from './quiet-console.ts';

withoutDoneWarnings();

const { apologyMs, goodbyeMs, lastWordsMs, exotelLink } = callInput;
const reply: readonly CallStep[] = [audible, filled, generationComplete, sentAll, heardAll];

function call(...steps: readonly CallStep[]): CallRig {
  return new CallRig().start().play(greetingHeard).play(steps);
}

function goodbyes({ model }: CallRig): number {
  return model.words.filter((command) => command === 'gemini.prompt serviceEnds').length;
}

describe.each(places)('in $place', ({ way }) => {
  it('the call is over within its deadlines although nothing answers', () => {
    const left = new CallRig().start().play(way).play([takeLeave, apologyMs, goodbyeMs]);
    left.play([lastWordsMs, exotelLink.closeMs]);
    expect(left).toMatchObject({ place: 'ended', status: 'done', leftovers: [] });
  });
});

describe.each(places)('in $place, whatever is being said', ({ way }) => {
  it('the line is closed when that is ordered', () => {
    const left = new CallRig().start().play(way).play([hangUp]);
    expect(left.place).toBe('closing.hangingUp');
    expect(left.play([closed(1000)])).toMatchObject({ place: 'ended', status: 'done', leftovers: [] });
  });
});

describe('a service that goes away', () => {
  it('has the model say goodbye, and ends the call once it has been heard', () => {
    const left = call(takeLeave);
    expect(goodbyes(left)).toBe(1);
    left.play(reply.slice(0, -1));
    expect(left.place).not.toMatch(/^closing/);
    left.play([heardAll]);
    expect(left.place).toBe('closing.hangingUp');
    expect(left.play([closed(1000)]).output?.outcome).toBe('agentEnded');
  });

  it.each([
    { who: 'the agent', before: [audible, filled], rest: [generationComplete, sentAll, heardAll] },
    { who: 'the caller', before: [onset], rest: [speechEnded, ...reply] },
  ])('cuts $who not short: the goodbye waits for a pause', ({ before, rest }) => {
    const left = call(...before, takeLeave);
    expect(goodbyes(left)).toBe(0);
    left.play(rest);
    expect(goodbyes(left)).toBe(1);
    left.play(reply);
    expect(left.place).toBe('closing.hangingUp');
  });

  it('asks for one goodbye, however often it is told', () => {
    expect(goodbyes(call(takeLeave, takeLeave, 1000, takeLeave))).toBe(1);
  });
});
