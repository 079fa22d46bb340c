import { expect, test } from 'vitest';
import { MemoryCallLedger } from '../../src/call/index.ts';
import { SimulatedClock } from '../../src/time/index.ts';

const anHourMs = 3_600_000;

test('how a call ended and what was chosen in it are known for an hour after it was last heard of', () => {
  const clock = new SimulatedClock();
  const ledger = new MemoryCallLedger(clock);
  ledger.open('c1', 'bakery', 'id-1');
  expect(ledger.transferTo('c1', '+919000000001')).toBe(true);
  expect(ledger.branchTo('c1', 'sales')).toBe(true);
  ledger.close('c1', 'agentEnded');
  clock.advance(anHourMs);
  expect(ledger.find('c1')).toMatchObject({
    agent: 'bakery',
    callId: 'id-1',
    outcome: 'agentEnded',
    transferTo: '+919000000001',
    branch: 'sales',
  });
  clock.advance(1);
  expect(ledger.find('c1')).toBeUndefined();
  expect(ledger.transferTo('c1', '+919000000001')).toBe(false);
});

test('a second stream of the same call takes away how the first ended, not what was chosen in it', () => {
  const ledger = new MemoryCallLedger(new SimulatedClock());
  ledger.open('c1', 'bakery', 'id-1');
  ledger.transferTo('c1', '+919000000001');
  ledger.close('c1', 'lineFailed');
  ledger.open('c1', 'bakery', 'id-2');
  expect(ledger.find('c1')).toMatchObject({
    callId: 'id-2',
    outcome: undefined,
    transferTo: '+919000000001',
  });
});

test('so many calls are remembered and no more: the one heard of longest ago goes', () => {
  const ledger = new MemoryCallLedger(new SimulatedClock(), 3);
  for (const callSid of ['a', 'b', 'c']) ledger.open(callSid, 'bakery');
  ledger.close('a', 'agentEnded');
  ledger.open('d', 'bakery');
  expect(['a', 'b', 'c', 'd'].filter((callSid) => ledger.find(callSid))).toEqual(['a', 'c', 'd']);
  expect(ledger.size).toBe(3);
});

test('a callback is kept once, twenty of a call at most, and none of a call that is not known', () => {
  const ledger = new MemoryCallLedger(new SimulatedClock());
  const callback = (key: string) => ({ key, status: 'completed', event: undefined });
  expect(ledger.callback('c1', callback('k'))).toBe('no such call');
  ledger.open('c1', 'bakery');
  expect(['k', 'k'].map((key) => ledger.callback('c1', callback(key)))).toEqual(['kept', 'known already']);
  for (let n = 0; n < 19; n += 1) expect(ledger.callback('c1', callback(`k${n}`))).toBe('kept');
  expect(ledger.callback('c1', callback('one more'))).toBe('dropped');
  expect(ledger.find('c1')?.callbacks).toHaveLength(20);
});
