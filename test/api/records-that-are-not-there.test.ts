import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { RecordKeeper, type RecordStore } from '../../src/records/index.ts';
import { SimulatedClock } from '../../src/time/index.ts';
import { until } from '../helpers/until.ts';
import { emptyStore, storedCall } from '../records/stored-calls.ts';
import { ApiRig, past } from './api-rig.ts';

const dead = async () => {
  throw new Error('connect ECONNREFUSED postgres://user:password@10.0.0.1');
};
const deadStore: RecordStore = {
  ...emptyStore,
  search: dead,
  ofNumber: dead,
  remove: dead,
  files: { ...emptyStore.files, open: dead, remove: dead },
};

it.each([
  'GET /api/records',
  `GET /api/records/${past.bakery}`,
  `GET /api/records/${past.bakery}/transcript`,
  `GET /api/records/${past.bakery}/audio`,
  `DELETE /api/records/${past.bakery}`,
  'DELETE /api/numbers/09000000001',
])('a dead store is said to be dead: %s', async (route) => {
  await using api = await ApiRig.start({ store: deadStore });
  const answer = await api.ask(route);
  expect([answer.status, answer.json().code]).toEqual([503, 'records.store-dead']);
  expect(answer.headers.get('retry-after')).toBe('10');
  expect(answer.text).not.toContain('password');
  // what is live needs no store
  expect((await api.ask('GET /api/live')).status).toBe(200);
});

it('a record is there until its time has come', async () => {
  await using api = await ApiRig.start();
  const callId = 'd0000000-0000-4000-8000-000000000003';
  const stored = storedCall(callId, '2026-01-01T10:00:00.000Z', { keepUntil: '2026-04-01T10:00:00.000Z' });
  await mkdir(path.join(api.folder, callId));
  await writeFile(path.join(api.folder, callId, 'call.json'), JSON.stringify(stored.record));
  await api.store.put([stored]);
  const clock = new SimulatedClock(Date.parse('2026-04-01T09:59:00Z'));
  const { folder, store } = api;
  const told: string[] = [];
  const keeper = new RecordKeeper({ folder, store, clock, tell: (what) => told.push(what) });
  const tending = keeper.start();
  await until('the first sweep', () => (clock.pendingTimers > 0 ? true : undefined));
  expect((await api.ask(`GET /api/records/${callId}`)).status).toBe(200);
  clock.advance(600_000);
  await until('the deletion', () => told.find((what) => what === 'record.expired'));
  expect((await api.ask(`GET /api/records/${callId}`)).status).toBe(404);
  const { calls } = (await api.ask('GET /api/records')).json<{ calls: { callId: string }[] }>();
  expect(calls.map((call) => call.callId).sort()).toEqual(Object.values(past));
  await keeper.stop();
  await tending;
});
