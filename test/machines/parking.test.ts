import { describe, expect, it } from 'vitest';
import { createActor } from 'xstate';
import { type ParkingEvent, parkingMachine } from '../../machines/index.ts';
import { SimulatedClock } from '../../src/time/index.ts';

const waits = {
  startMs: 10_000,
  longestParkedMs: 60_000,
  pauseMs: 9000,
  longestApologyMs: 15_000,
  closeMs: 2000,
};

type Step = ParkingEvent['type'] | number;

/** A parked stream after `steps`: events, and ms that pass. */
function parked(steps: readonly Step[]) {
  const clock = new SimulatedClock();
  const done: string[] = [];
  const actor = createActor(
    parkingMachine.provide({
      actions: {
        askToHold: () => void done.push('askToHold'),
        apologise: () => void done.push('apologise'),
        handOver: () => void done.push('handOver'),
        quieten: () => undefined,
        dropLine: () => void done.push('dropLine'),
        closeLine: (_, { how }) => void done.push(`close ${how}`),
        tellOver: (_, { why }) => void done.push(why),
      },
    }),
    { clock, input: waits },
  );
  actor.start();
  for (const step of steps) {
    if (typeof step === 'number') clock.advance(step);
    else actor.send({ type: step });
  }
  const { value } = actor.getSnapshot();
  return { done, state: typeof value === 'string' ? value : Object.entries(value).flat().join('.') };
}

const arriving: readonly Step[] = [];
const asked: readonly Step[] = ['parking.started'];
const waiting: readonly Step[] = [...asked, 'parking.heardAll'];
const apologising: readonly Step[] = [...waiting, 'parking.refuse'];
const closing: readonly Step[] = [...asked, 'parking.stop'];

interface Row {
  readonly from: string;
  readonly reach: readonly Step[];
  /** What happens, and then the state and what was done for it. */
  readonly table: Readonly<Record<string, readonly [string, ...string[]]>>;
}

const rows: readonly Row[] = [
  {
    from: 'arriving',
    reach: arriving,
    table: {
      'parking.started': ['holding.asked', 'askToHold'],
      'parking.badStart': ['closing.afterBadStart', 'badStart', 'close asBadStart'],
      'parking.hungUp': ['closing.normally', 'hungUp', 'close normally'],
      'parking.gone': ['left', 'hungUp'],
      'parking.heardAll': ['arriving'],
      'parking.release': ['arriving'],
      'parking.refuse': ['closing.normally', 'stopped', 'close normally'],
      'parking.stop': ['closing.normally', 'stopped', 'close normally'],
      10000: ['closing.normally', 'noStart', 'close normally'],
    },
  },
  {
    from: 'holding.asked',
    reach: asked,
    table: {
      'parking.started': ['holding.asked'],
      'parking.badStart': ['holding.asked'],
      'parking.hungUp': ['closing.normally', 'hungUp', 'close normally'],
      'parking.gone': ['left', 'hungUp'],
      'parking.heardAll': ['holding.waiting'],
      'parking.release': ['left', 'handOver'],
      'parking.refuse': ['apologising', 'apologise'],
      'parking.stop': ['closing.normally', 'stopped', 'close normally'],
      60000: ['apologising', 'apologise'],
    },
  },
  {
    from: 'holding.waiting',
    reach: waiting,
    table: {
      'parking.hungUp': ['closing.normally', 'hungUp', 'close normally'],
      'parking.gone': ['left', 'hungUp'],
      'parking.heardAll': ['holding.waiting'],
      'parking.release': ['left', 'handOver'],
      'parking.refuse': ['apologising', 'apologise'],
      'parking.stop': ['closing.normally', 'stopped', 'close normally'],
      9000: ['holding.asked', 'askToHold'],
    },
  },
  {
    from: 'apologising',
    reach: apologising,
    table: {
      'parking.hungUp': ['closing.normally', 'hungUp', 'close normally'],
      'parking.gone': ['left', 'hungUp'],
      'parking.heardAll': ['closing.normally', 'waitedTooLong', 'close normally'],
      'parking.release': ['apologising'],
      'parking.refuse': ['apologising'],
      'parking.stop': ['closing.normally', 'stopped', 'close normally'],
      15000: ['closing.normally', 'waitedTooLong', 'close normally'],
    },
  },
  {
    from: 'closing',
    reach: closing,
    table: {
      'parking.started': ['closing.normally'],
      'parking.hungUp': ['closing.normally'],
      'parking.gone': ['left'],
      'parking.heardAll': ['closing.normally'],
      'parking.release': ['closing.normally'],
      'parking.refuse': ['closing.normally'],
      'parking.stop': ['closing.normally'],
      2000: ['left', 'dropLine'],
    },
  },
];

describe.each(rows)('a parked stream that is $from', ({ reach, table }) => {
  const before = parked(reach).done.length;
  it.each(Object.entries(table))('on %s: %j', (what, [state, ...done]) => {
    const next = isEvent(what) ? what : Number(what);
    const found = parked([...reach, next]);
    expect([found.state, ...found.done.slice(before)]).toEqual([state, ...done]);
  });
});

it('is over in a bounded time, whatever is not heard', () => {
  const { longestParkedMs, longestApologyMs, closeMs } = waits;
  const { state, done } = parked(['parking.started', longestParkedMs, longestApologyMs, closeMs]);
  expect(state).toBe('left');
  expect(done).toEqual(['askToHold', 'apologise', 'waitedTooLong', 'close normally', 'dropLine']);
});

function isEvent(text: string): text is ParkingEvent['type'] {
  return text.startsWith('parking.');
}
