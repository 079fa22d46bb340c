import { afterAll, describe, expect, it } from 'vitest';
import { callInput } from '../helpers/machines.ts';
import {
  answeredPlaces,
  audible,
  CallRig,
  closed,
  endCall,
  filled,
  greetingHeard,
  heardAll,
  hungUp,
  lost,
  places,
  setUp,
  started,
} from './call-rig.ts';
import { withoutDoneWarnings } from './quiet-console.ts';

withoutDoneWarnings();

const { exotelLink, geminiLink, apologyMs, lastWordsMs, warnAfterMs, warningMs } = callInput;

/** No call lasts longer, whatever fails to happen. */
const longestMs = warnAfterMs + warningMs + geminiLink.setupMs + apologyMs + lastWordsMs + exotelLink.closeMs;

function at(way: (typeof places)[number]['way']): CallRig {
  return new CallRig().start().play(way);
}

const endedAfter: string[] = [];
afterAll(() => console.log(`a call in which nothing happens any more ends after: ${endedAfter.join(', ')}`));

describe.each(places)('in $place', ({ place, way }) => {
  it('is where the way leads', () => {
    expect(at(way).place).toBe(place);
  });

  it('a caller who hangs up ends the call', () => {
    const call = at(way).play([hungUp, closed(1000)]);
    expect(call).toMatchObject({ place: 'ended', status: 'done', leftovers: [] });
  });

  it('a caller who hangs up and never closes the line ends the call', () => {
    const call = at(way).play([hungUp, exotelLink.closeMs]);
    expect(call).toMatchObject({ place: 'ended', status: 'done', leftovers: [] });
  });

  it('a line that is cut ends the call', () => {
    const call = at(way).play([closed(1006)]);
    expect(call).toMatchObject({ place: 'ended', status: 'done', leftovers: [] });
  });

  it('an order to end is carried out although nothing answers', () => {
    const call = at(way).play([endCall, lastWordsMs, exotelLink.closeMs]);
    expect(call).toMatchObject({ place: 'ended', status: 'done', leftovers: [] });
  });

  it('the call ends although nothing ever happens again', () => {
    const call = at(way);
    const fromMs = call.clock.nowMs();
    while (call.status === 'active' && call.clock.nowMs() < longestMs) call.play([1000]);
    endedAfter.push(`${place} ${(call.clock.nowMs() - fromMs) / 1000} s`);
    expect(call).toMatchObject({ place: 'ended', status: 'done', leftovers: [] });
  });
});

describe.each(answeredPlaces)('a model that is lost for good in $place', ({ way }) => {
  it('is apologised for, then the line is closed', () => {
    const call = at(way).play([lost('none')]);
    expect(call.place).toBe('apologising');
    expect(call.voice.words.at(-1)).toBe('queue.apologise');
    call.play([audible, filled, heardAll]);
    expect(call.place).toBe('closing.hangingUp');
    call.play([closed(1000)]);
    expect(call).toMatchObject({ place: 'ended', status: 'done', leftovers: [] });
    expect(call.output).toMatchObject({ outcome: 'modelUnavailable', failure: { code: 'gemini.closed' } });
  });

  it('ends the call although the apology is never heard', () => {
    const call = at(way).play([lost('none'), apologyMs, exotelLink.closeMs]);
    expect(call).toMatchObject({ place: 'ended', status: 'done', leftovers: [] });
  });
});

describe('how a call ended', () => {
  it.each([
    { title: 'the caller hung up', steps: [started, hungUp, closed(1000)], outcome: 'callerHungUp' },
    { title: 'the line was cut', steps: [started, closed(1006)], outcome: 'callerHungUp' },
    { title: 'Exotel never said start', steps: [exotelLink.startMs, closed(1000)], outcome: 'lineFailed' },
    { title: 'it was told to', steps: [started, endCall, closed(1000)], outcome: 'agentEnded' },
    {
      title: 'the model could not be set up',
      steps: [started, geminiLink.setupMs, apologyMs, closed(1000)],
      outcome: 'modelUnavailable',
    },
  ])('is remembered: $title', ({ steps, outcome }) => {
    expect(new CallRig().start().play(steps).output?.outcome).toBe(outcome);
  });
});

describe('a call that is closing', () => {
  it('keeps its first reason when it is told to end', () => {
    const { repromptAfterMs, goodbyeAfterMs, goodbyeMs } = callInput;
    const silent = at(greetingHeard).play([repromptAfterMs * 4, goodbyeAfterMs, goodbyeMs]);
    expect(silent.place).toBe('closing.hangingUp');
    silent.play([endCall, closed(1000)]);
    expect(silent.output?.outcome).toBe('callerSilent');
  });

  it('says its last words although it is told to end again and again', () => {
    const speaking = at(greetingHeard).play([audible, filled, endCall, endCall, endCall]);
    expect(speaking.place).toBe('closing.lastWords');
    expect(speaking.play([heardAll]).place).toBe('closing.hangingUp');
  });
});

describe('a defect at an edge of the call', () => {
  it.each(['line', 'ear', 'voice'] as const)('ends the call when the %s throws as it starts', (edge) => {
    const call = new CallRig();
    call.edges[edge].throwsOn = 'start';
    call.start();
    expect(call).toMatchObject({ status: 'error', leftovers: [] });
  });

  it('ends the call when the model throws as it starts', () => {
    const call = new CallRig();
    call.model.throwsOn = 'start';
    call.start().play([started]);
    expect(call).toMatchObject({ status: 'error', leftovers: [] });
  });

  it.each([
    ['line', 'wire.close', [endCall]],
    ['model', 'gemini.greet', [started, setUp]],
    ['ear', 'speech.agentAudible', [started, setUp, audible, filled]],
    ['voice', 'queue.play', [started, setUp, audible, filled]],
  ] as const)(
    'ends the call when the %s throws on %s; its own scope is closed from outside',
    (edge, type, way) => {
      const call = new CallRig();
      call.edges[edge].throwsOn = type;
      call.start().play(way);
      expect(call.status).toBe('error');
      // XState stops the others, but does not run the cleanup of the callback that threw
      expect(call.leftovers.filter((name) => name !== edge)).toEqual([]);
    },
  );
});
