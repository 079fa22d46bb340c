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
  heardAll,
  onset,
  paused,
  sentAll,
  setUp,
  speechEnded,
  started,
  sustained,
} from './call-rig.ts';
import { withoutDoneWarnings } from './quiet-console.ts';

withoutDoneWarnings();

const { repromptAfterMs, goodbyeAfterMs, goodbyeMs, warnAfterMs, warningMs, exotelLink } = callInput;
const reply: readonly CallStep[] = [audible, filled, generationComplete, sentAll, heardAll];

function call(...steps: readonly CallStep[]): CallRig {
  return new CallRig().start().play(greetingHeard).play(steps);
}

function prompts({ model }: CallRig): string[] {
  return model.words.filter((command) => command.startsWith('gemini.prompt'));
}

describe('the patience of a call', () => {
  it('waits until the caller has had time to answer', () => {
    const waiting = call(repromptAfterMs - 1);
    expect(waiting.patience).toBe('waiting');
    expect(prompts(waiting)).toEqual([]);
  });

  it('asks twice, says goodbye and ends the call when the caller says nothing', () => {
    const silent = call(repromptAfterMs, ...reply, repromptAfterMs, ...reply, goodbyeAfterMs, ...reply);
    expect(prompts(silent)).toEqual([
      'gemini.prompt callerSilent',
      'gemini.prompt callerStillSilent',
      'gemini.prompt goodbye',
    ]);
    expect(silent.place).toBe('closing.hangingUp');
    expect(silent.play([closed(1000)]).output?.outcome).toBe('callerSilent');
  });

  it.each([0, 1, 5])('asks %i times where the agent file says so', (reprompts) => {
    const rig = new CallRig({ reprompts }).start().play(greetingHeard);
    for (let asked = 0; asked < reprompts; asked += 1) rig.play([repromptAfterMs, ...reply]);
    expect(prompts(rig)).toHaveLength(reprompts);
    rig.play([goodbyeAfterMs]);
    expect(prompts(rig).at(-1)).toBe('gemini.prompt goodbye');
  });

  it('begins to count anew once the caller has spoken', () => {
    const answered = call(repromptAfterMs, ...reply, onset, sustained, paused, speechEnded, ...reply);
    expect(answered.play([repromptAfterMs, ...reply, repromptAfterMs]).patience).toBe('asked');
    expect(prompts(answered)).toEqual([
      'gemini.prompt callerSilent',
      'gemini.prompt callerSilent',
      'gemini.prompt callerStillSilent',
    ]);
  });

  it('ends the call although the model says nothing either', () => {
    const dead = call(repromptAfterMs * 4, goodbyeAfterMs, goodbyeMs, exotelLink.closeMs);
    expect(prompts(dead)).toHaveLength(3);
    expect(dead).toMatchObject({ place: 'ended', status: 'done', leftovers: [] });
    expect(dead.output?.outcome).toBe('callerSilent');
  });

  it.each([
    { title: 'is waited for', steps: [], patience: 'waiting' },
    { title: 'was asked', steps: [repromptAfterMs], patience: 'asked' },
    { title: 'is being asked', steps: [repromptAfterMs, audible, filled], patience: 'asking' },
    { title: 'was asked and has heard it', steps: [repromptAfterMs, ...reply], patience: 'waiting' },
    {
      title: 'was asked twice',
      steps: [repromptAfterMs, ...reply, repromptAfterMs],
      patience: 'asked',
    },
    {
      title: 'is being asked for the second time',
      steps: [repromptAfterMs, ...reply, repromptAfterMs, audible, filled],
      patience: 'asking',
    },
    {
      title: 'was asked twice and has heard it',
      steps: [repromptAfterMs, ...reply, repromptAfterMs, ...reply],
      patience: 'waiting',
    },
    {
      title: 'is being told goodbye',
      steps: [repromptAfterMs, ...reply, repromptAfterMs, ...reply, goodbyeAfterMs],
      patience: 'partingWords',
    },
  ])('rests as soon as a caller speaks who $title', ({ steps, patience }) => {
    const silent = call(...steps);
    expect(silent.patience).toBe(patience);
    expect(silent.play([onset, sustained]).patience).toBe('resting');
  });

  it.each([
    { title: 'the first time', before: [repromptAfterMs], next: 'waiting', asked: 1 },
    {
      title: 'the second time',
      before: [repromptAfterMs, ...reply, repromptAfterMs],
      next: 'waiting',
      asked: 2,
    },
  ])('does not count while the agent asks, however long it takes, $title', ({ before, next, asked }) => {
    const asking = call(...before, audible, filled, 60_000);
    expect(prompts(asking)).toHaveLength(asked);
    expect(asking.play([generationComplete, sentAll, heardAll]).patience).toBe(next);
  });

  it.each([
    { title: 'the first time', before: [repromptAfterMs], next: 'waiting', asked: 1 },
    {
      title: 'the second time',
      before: [repromptAfterMs, ...reply, repromptAfterMs],
      next: 'waiting',
      asked: 2,
    },
  ])('gives the caller time to answer a model that asks late, $title', ({ before, next, asked }) => {
    const late = call(...before, repromptAfterMs);
    expect(late.patience).toBe(next);
    late.play([repromptAfterMs - 1, ...reply, repromptAfterMs - 1]);
    expect(prompts(late)).toHaveLength(asked);
    expect(late.patience).toBe(next);
  });

  it('does not run while an answer is owed', () => {
    const owed = call(onset, speechEnded, 3999);
    expect(owed.patience).toBe('resting');
    expect(prompts(owed)).toEqual([]);
  });

  it('does not run while the agent speaks', () => {
    const speaking = call(onset, speechEnded, audible, filled, 60_000);
    expect(speaking.patience).toBe('resting');
    expect(prompts(speaking)).toEqual([]);
  });
});

describe('a model that says nothing more', () => {
  it.each([2500, 1500, 700])(
    'is given up although the caller asks again every %i ms once it was reminded',
    (everyMs) => {
      const asking = call(onset, speechEnded, 4000);
      while (asking.place !== 'apologising' && asking.clock.nowMs() < 60_000)
        asking.play([everyMs, onset, 300, paused, 490, speechEnded]);
      expect(asking.clock.nowMs()).toBeLessThan(30_000);
      expect(asking.output).toBeUndefined();
    },
  );

  it.each([3500, 2500, 1300])(
    'is given up although the caller asks again every %i ms from the beginning',
    (everyMs) => {
      const asking = call(onset, speechEnded);
      while (asking.place !== 'apologising' && asking.clock.nowMs() < 120_000)
        asking.play([everyMs, onset, 300, paused, 490, speechEnded]);
      expect(asking.clock.nowMs()).toBeLessThan(45_000);
      expect(asking.model.words.filter((words) => words.includes('renew'))).toHaveLength(1);
    },
  );

  it('is given up although the caller speaks whenever the apology is due', () => {
    const talking = call(onset, speechEnded, 4000, 7000, onset, 5000);
    expect(talking.place).toBe('pressing.callerSpeaking');
    const asked = talking.play([paused, speechEnded, 3000, onset, 300, paused, speechEnded]);
    expect(asked.place).toBe('pressing.quiet');
    expect(asked.play([2000]).place).toBe('apologising');
  });

  it('is not given up in the middle of what the caller says', () => {
    const talking = call(onset, speechEnded, 4000, 7000, onset, 5000);
    expect(talking.place).toBe('pressing.callerSpeaking');
    expect(talking.play([paused, speechEnded, ...reply]).place).toBe('listening.quiet');
  });
});

describe('a caller who speaks before the greeting', () => {
  const early = (): CallRig => new CallRig().start().play([started, setUp, onset]);

  it('still hears it after a "hello?"', () => {
    expect(early().play([paused, speechEnded, audible, filled]).place).toBe('greeting.protected.undisturbed');
  });

  it('has the floor when it was more than that', () => {
    const talking = early().play([sustained]);
    expect(talking.place).toBe('listening.callerSpeaking');
    expect(talking.model.words).toContain('gemini.startCallerTurn 8000');
  });
});

describe('the limits of a call', () => {
  it('warn, then end it', () => {
    const talking = call();
    const talk = [onset, paused, speechEnded, ...reply];
    while (talking.clock.nowMs() < warnAfterMs) talking.play([...talk, 5000]);
    expect(prompts(talking)).toEqual(['gemini.prompt timeAlmostUp']);
    while (talking.place !== 'closing.hangingUp') talking.play([...talk, 5000]);
    expect(talking.clock.nowMs()).toBeLessThanOrEqual(warnAfterMs + warningMs + 5000);
    expect(talking.play([closed(1000)]).output?.outcome).toBe('timeLimit');
  });
});

describe('the last words of a call', () => {
  it('are heard although the caller may have been interrupting', () => {
    const held = call(onset, speechEnded, audible, filled, onset);
    expect(held.voice.words.at(-1)).toBe('queue.hold');
    held.play([{ order: { type: 'call.end' } }]);
    expect(held.place).toBe('closing.lastWords');
    expect(held.voice.words.slice(-2)).toEqual(['queue.play', 'queue.finish']);
    expect(held.play([sentAll, heardAll]).place).toBe('closing.hangingUp');
  });
});
