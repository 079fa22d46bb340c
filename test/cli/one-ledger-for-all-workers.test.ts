import { expect, it } from 'vitest';
import { SharedCallLedger } from '../../src/cli/service/shared-ledger.ts';
import { fromWorkerSchema } from '../../src/cli/service/worker-messages.ts';
import { SimulatedClock } from '../../src/time/index.ts';

/** Two workers whose changes reach each other as they do between processes: as JSON. */
function workers(): [SharedCallLedger, SharedCallLedger] {
  const clock = new SimulatedClock();
  const both: SharedCallLedger[] = [];
  const shareFrom = (own: number) => (change: object) => {
    const message = fromWorkerSchema.parse(JSON.parse(JSON.stringify({ type: 'ledger', change })));
    if (message.type === 'ledger') both[1 - own]?.take(message.change);
  };
  const first = new SharedCallLedger(clock, shareFrom(0));
  const second = new SharedCallLedger(clock, shareFrom(1));
  both.push(first, second);
  return [first, second];
}

it('what one worker knows of a call, the other tells', () => {
  const [first, second] = workers();
  first.open('sid', 'bakery', 'call-1');
  expect(first.transferTo('sid', '+911234567890')).toBe(true);
  expect(first.branchTo('sid', 'sales')).toBe(true);
  first.close('sid', 'transferred');
  expect(second.find('sid')).toEqual(first.find('sid'));
  expect(second.find('sid')).toMatchObject({
    agent: 'bakery',
    transferTo: '+911234567890',
    outcome: 'transferred',
  });
  first.branchTo('sid', undefined);
  expect(second.find('sid')?.branch).toBeUndefined();
});

it('a status callback that Exotel sends again, to another worker, is known already', () => {
  const [first, second] = workers();
  first.open('sid', 'bakery');
  const callback = { key: 'completed', status: 'completed', event: undefined };
  expect(second.callback('sid', callback)).toBe('kept');
  expect(first.callback('sid', callback)).toBe('known already');
  expect(first.find('sid')?.callbacks).toHaveLength(1);
});

it('a call that nobody knows is known to neither', () => {
  const [first, second] = workers();
  expect(first.transferTo('sid', '+911234567890')).toBe(false);
  expect(second.find('sid')).toBeUndefined();
});
