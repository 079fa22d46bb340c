import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import {
  CallRecorder,
  FolderStore,
  forgetNumber,
  RecordKeeper,
  type RecordStore,
  type StoredCall,
} from '../../src/records/index.ts';
import { SimulatedClock } from '../../src/time/index.ts';
import { until } from '../helpers/until.ts';
import { emptyStore, storedCall } from './stored-calls.ts';

const root = mkdtempSync(join(tmpdir(), 'baari-keeper-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A folder with these complete records in it. */
function folderWith(...calls: StoredCall[]): string {
  const folder = mkdtempSync(join(root, 'records-'));
  for (const { record, text } of calls) {
    mkdirSync(join(folder, record.callId));
    writeFileSync(join(folder, record.callId, 'call.json'), JSON.stringify(record));
    writeFileSync(
      join(folder, record.callId, 'transcript.jsonl'),
      `${JSON.stringify({ text, unheard: '' })}\n`,
    );
  }
  return folder;
}

function keeperOf(folder: string, store: RecordStore, clock: SimulatedClock) {
  const told: string[] = [];
  const keeper = new RecordKeeper({ folder, store, clock, tell: (what) => told.push(what) });
  return { keeper, told };
}

it('indexes what there is, and deletes a record when its time has come', async () => {
  const clock = new SimulatedClock(Date.UTC(2026, 0, 31, 23, 50));
  const folder = folderWith(
    storedCall('kept', '2026-01-01T10:00:00.000Z', { text: 'a cake' }),
    storedCall('short', '2026-01-01T11:00:00.000Z', { keepUntil: '2026-02-01T00:00:00.000Z' }),
  );
  const store = new FolderStore({ folder });
  const { keeper, told } = keeperOf(folder, store, clock);
  const tending = keeper.start();
  await until('the first sweep', () => (clock.pendingTimers > 0 ? true : undefined));
  expect((await store.search({})).calls.map(({ callId }) => callId)).toEqual(['short', 'kept']);
  expect((await store.search({ text: 'cake' })).calls).toHaveLength(1);
  clock.advance(600_000);
  await until('the deletion', () => told.find((what) => what === 'record.expired'));
  expect(existsSync(join(folder, 'short'))).toBe(false);
  expect((await store.search({})).calls.map(({ callId }) => callId)).toEqual(['kept']);
  await keeper.stop();
  await tending;
});

it('puts into the index at its start only what is not there', async () => {
  const put: string[] = [];
  const store: RecordStore = {
    ...emptyStore,
    known: async (callIds) => callIds.filter((callId) => callId === 'known'),
    put: async (calls) => void put.push(...calls.map(({ record }) => record.callId)),
  };
  const clock = new SimulatedClock();
  const folder = folderWith(
    storedCall('known', '2026-01-01T10:00:00.000Z'),
    storedCall('new', '2026-01-01T11:00:00.000Z'),
  );
  const { keeper } = keeperOf(folder, store, clock);
  const tending = keeper.start();
  await until('the first sweep', () => (clock.pendingTimers > 0 ? true : undefined));
  expect(put).toEqual(['new']);
  await keeper.stop();
  await tending;
});

it('tries a dead store again until it is back, and says so once each', async () => {
  const clock = new SimulatedClock();
  const put: string[] = [];
  let failures = 3;
  const store: RecordStore = {
    ...emptyStore,
    put: async (calls) => {
      failures -= 1;
      if (failures >= 0) throw new Error('gone');
      put.push(...calls.map(({ record }) => record.callId));
    },
  };
  const folder = folderWith(storedCall('one', '2026-01-01T10:00:00.000Z'));
  const { keeper, told } = keeperOf(folder, store, clock);
  keeper.completed('one');
  for (let round = 0; round < 3; round += 1) {
    await until('a pause', () => (clock.pendingTimers > 0 ? true : undefined));
    clock.advance(60_000);
  }
  await keeper.settled();
  expect(put).toEqual(['one']);
  expect(told).toEqual(['records.storeFailed', 'records.storeBack']);
});

it('forgets a number everywhere, also where no index knows it', async () => {
  const folder = folderWith(
    storedCall('hers', '2026-01-01T10:00:00.000Z', { from: '+919000000001' }),
    storedCall('his', '2026-01-01T11:00:00.000Z', { from: '+919000000002' }),
  );
  const store = new FolderStore({ folder });
  expect(await forgetNumber(folder, store, '090000 00001')).toEqual(['hers']);
  expect([existsSync(join(folder, 'hers')), existsSync(join(folder, 'his'))]).toEqual([false, true]);
  await store.close();
});

it('a disk that is full for a while costs a record nothing', async () => {
  const clock = new SimulatedClock();
  const files = new Map<string, string>();
  let isFull = true;
  const failures: string[] = [];
  const write = async (path: string, text: string): Promise<void> => {
    if (isFull) throw new Error('ENOSPC');
    files.set(path, text);
  };
  const recorder = new CallRecorder({
    folder: root,
    callId: 'full',
    clock,
    onError: ({ message }) => failures.push(message),
    disk: { append: (path, text) => write(path, (files.get(path) ?? '') + text), replace: write },
  });
  recorder.line({ text: 'first' });
  recorder.line({ text: 'second' });
  await clock.run(20_000);
  isFull = false;
  await clock.run(6000);
  expect(await recorder.close({ outcome: 'callerHungUp' })).toMatchObject({ isComplete: true });
  expect(files.get(recorder.files.transcript)).toBe('{"text":"first"}\n{"text":"second"}\n');
  expect(failures).toEqual(['ENOSPC']);
});
