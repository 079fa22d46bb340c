import { describe, expect, it } from 'vitest';
import { type KeypadCommand, type KeypadInput, keypadMachine } from '../../machines/index.ts';
import { callInput, leaves, startUnderParent } from '../helpers/machines.ts';

const { pauseMs } = callInput.keypad;

const floor = (who: 'agent' | 'caller' | 'nobody'): KeypadCommand => ({
  type: 'turn.floor',
  floor: who,
  because: 'quiet',
});
const nobody = floor('nobody');
const agent = floor('agent');
const ask = (digits: number, terminator = '#', timeoutMs = 5000): KeypadCommand => ({
  type: 'keypad.ask',
  ask: { digits, terminator, timeoutMs },
});
const withdraw: KeypadCommand = { type: 'keypad.withdraw' };
const began = 'keypad.began';

/** Keys as text, pressed 200 ms apart; a number waits; anything else is told. */
type Step = string | number | KeypadCommand;

function play(
  changes: Partial<KeypadInput>,
  steps: readonly Step[],
): { told: string[]; state: string; pending: number } {
  const rig = startUnderParent(keypadMachine, { ...callInput.keypad, ...changes });
  for (const step of steps) {
    if (typeof step === 'number') rig.clock.advance(step);
    else if (typeof step !== 'string') rig.actor.send(step);
    else
      for (const digit of step) {
        rig.clock.advance(200);
        rig.actor.send({ type: 'exotel.digit', digit });
      }
  }
  const told = rig.take();
  const state = leaves(rig.actor.getSnapshot().value).join(' + ');
  const pending = rig.clock.pendingTimers;
  rig.stop();
  return { told, state, pending };
}

const entries = (told: readonly string[]): string[] => told.filter((words) => words !== began);

interface Row {
  readonly title: string;
  readonly changes?: Partial<KeypadInput>;
  readonly steps: readonly Step[];
  /** What the call is told, the claims to the floor left out. */
  readonly told: readonly string[];
  readonly state?: string;
}

const rows: readonly Row[] = [
  {
    title: 'tells keys together after a pause',
    steps: [nobody, '1234', pauseMs],
    told: ['keypad.entered 1234 tell'],
  },
  {
    title: 'waits for the pause',
    steps: [nobody, '1234', pauseMs - 1],
    told: [],
    state: 'collecting.typing',
  },
  {
    title: 'tells two entries apart',
    steps: [nobody, '12', pauseMs, '34', pauseMs],
    told: ['keypad.entered 12 tell', 'keypad.entered 34 tell'],
  },
  { title: 'tells at the terminator', steps: [nobody, '12#'], told: ['keypad.entered 12 tell'] },
  {
    title: 'tells a terminator that is pressed alone',
    steps: [nobody, '#'],
    told: ['keypad.entered # tell'],
  },
  {
    title: 'knows no terminator where there is none',
    changes: { terminator: '' },
    steps: [nobody, '1#2', pauseMs],
    told: ['keypad.entered 1#2 tell'],
  },
  { title: 'tells an entry that is full', steps: [nobody, '123456'], told: ['keypad.entered 123456 tell'] },
  {
    title: 'tells at last what somebody types without end',
    changes: { mostDigits: 64, longestMs: 5000 },
    steps: [nobody, '1', ...Array.from({ length: 5 }, () => [1000, '1']).flat()],
    told: ['keypad.entered 11111 tell'],
  },
  {
    title: 'acts on a key that is pressed alone',
    steps: [nobody, '0', pauseMs],
    told: ['keypad.entered 0 transfer'],
  },
  {
    title: 'takes the same key inside a number for a digit',
    steps: [nobody, '020', pauseMs],
    told: ['keypad.entered 020 tell'],
  },
  {
    title: 'tells the model nothing when it is not to know',
    changes: { toldToModel: false },
    steps: [nobody, '12', pauseMs],
    told: [],
    state: 'idle',
  },
  {
    title: 'acts all the same when the model is not to know',
    changes: { toldToModel: false },
    steps: [nobody, '*', pauseMs],
    told: ['keypad.entered * end'],
  },
  {
    title: 'waits until the agent has finished when keys do not interrupt',
    changes: { interrupts: false },
    steps: [agent, '12#', 10_000],
    told: [],
    state: 'waiting',
  },
  {
    title: 'tells then what was pressed meanwhile, together',
    changes: { interrupts: false },
    steps: [agent, '12#', '3', pauseMs, nobody],
    told: ['keypad.entered 123 tell'],
  },
  {
    title: 'keeps no more digits than an entry may have while it waits',
    changes: { interrupts: false },
    steps: [agent, '123456', '789', '#', nobody],
    told: ['keypad.entered 123456 tell'],
  },
  {
    title: 'keeps what was pressed before anybody has spoken',
    steps: ['12', pauseMs, agent, nobody],
    told: ['keypad.entered 12 tell'],
  },
  {
    title: 'gives a number to whoever asked for it',
    steps: [nobody, ask(4), '1234'],
    told: ['keypad.answered 1234 complete'],
  },
  {
    title: 'ends the asked number at its terminator',
    steps: [nobody, ask(6), '12#'],
    told: ['keypad.answered 12 terminator'],
  },
  {
    title: 'gives what came when no more does',
    steps: [nobody, ask(6), '12', 5000],
    told: ['keypad.answered 12 timeout'],
  },
  {
    title: 'acts on no key while a number is asked for',
    steps: [nobody, ask(1), '0'],
    told: ['keypad.answered 0 complete'],
  },
  {
    title: 'asks for one number at a time',
    steps: [nobody, ask(2), ask(9), '12'],
    told: ['keypad.answered 12 complete'],
  },
  {
    title: 'says that the question was withdrawn',
    steps: [nobody, ask(4), '12', withdraw],
    told: ['keypad.answered 12 withdrawn'],
    state: 'idle',
  },
  {
    title: 'asks after the entry that is under way',
    steps: [nobody, '12', ask(2), '3', pauseMs, '45'],
    told: ['keypad.entered 123 tell', 'keypad.answered 45 complete'],
  },
  {
    title: 'never asks what was withdrawn before its time',
    steps: [nobody, '12', ask(2), withdraw, pauseMs],
    told: ['keypad.entered 12 tell'],
    state: 'idle',
  },
];

describe('the keypad', () => {
  it.each(rows)('$title', ({ changes = {}, steps, told, state }) => {
    const outcome = play(changes, steps);
    expect(entries(outcome.told)).toEqual(told);
    if (state) expect(outcome.state).toBe(state);
    if (outcome.state === 'idle') expect(outcome.pending).toBe(0);
  });

  it.each([
    { title: 'with every key', changes: {}, steps: [agent, '12'], claims: 2 },
    {
      title: 'not from the agent, when keys do not interrupt',
      changes: { interrupts: false },
      steps: [agent, '12'],
      claims: 0,
    },
    { title: 'from nobody', changes: { interrupts: false }, steps: [nobody, '12'], claims: 2 },
    {
      title: 'not for keys that mean nothing',
      changes: { toldToModel: false },
      steps: [nobody, '12'],
      claims: 0,
    },
    { title: 'not for a number that is asked for', changes: {}, steps: [nobody, ask(4), '12'], claims: 0 },
    { title: 'again from an agent that speaks on', changes: {}, steps: [agent, '1#', agent], claims: 3 },
  ])('claims the floor $title', ({ changes, steps, claims }) => {
    expect(play(changes, steps).told.filter((words) => words === began)).toHaveLength(claims);
  });
});
