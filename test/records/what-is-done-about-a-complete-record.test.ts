import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { RecordKeeper, type RecordStore, type RecordWork } from '../../src/records/index.ts';
import { SimulatedClock } from '../../src/time/index.ts';
import { until } from '../helpers/until.ts';
import { emptyStore, storedCall } from './stored-calls.ts';

const root = mkdtempSync(join(tmpdir(), 'baari-steps-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const allSteps = ['extract', 'announce', 'stow'];

/** Complete calls of a process that is gone, about which `steps` are still to be done. */
function folderWith(calls: readonly string[], steps: readonly string[] = allSteps): string {
  const folder = mkdtempSync(join(root, 'records-'));
  for (const callId of calls) {
    mkdirSync(join(folder, callId));
    const { record } = storedCall(callId, '2026-01-01T10:00:00.000Z');
    writeFileSync(join(folder, callId, 'call.json'), JSON.stringify(record));
    const due = { process: 'another-host 1 abcdef', steps };
    if (steps.length > 0) writeFileSync(join(folder, callId, 'due.json'), JSON.stringify(due));
  }
  return folder;
}

/** A keeper that writes down what it has done. */
class Rig {
  readonly clock = new SimulatedClock();
  readonly done: string[] = [];
  readonly told: unknown[] = [];
  readonly keeper: RecordKeeper;
  readonly folder: string;

  constructor(folder: string, work: Partial<RecordWork> = {}, store: Partial<RecordStore> = {}) {
    this.folder = folder;
    this.keeper = new RecordKeeper({
      folder,
      clock: this.clock,
      store: {
        ...emptyStore,
        put: async (calls) => void this.done.push(...calls.map(({ record }) => `index ${record.callId}`)),
        files: { ...emptyStore.files, stow: async (callId) => void this.done.push(`stow ${callId}`) },
        ...store,
      },
      work: {
        dueFor: () => ['announce'],
        extract: async (callId) => void this.done.push(`extract ${callId}`),
        extractWaitsMs: async () => 30_000,
        announce: async (callId) => {
          this.done.push(`announce ${callId}`);
          return 'done';
        },
        ...work,
      },
      tell: (what, { step }) => this.told.push([what, step]),
    });
  }

  /** Lets simulated time go on until the calls are done with. */
  async settled(): Promise<void> {
    let isSettled = false;
    this.keeper.settled().then(() => {
      isSettled = true;
    });
    await until('the steps', () => {
      if (isSettled) return true;
      this.clock.advance(1000);
      return undefined;
    });
  }

  isDue(callId: string): boolean {
    return existsSync(join(this.folder, callId, 'due.json'));
  }
}

it('is taken up step by step where a lost process has left it, and not done again', async () => {
  const folder = folderWith(['one']);
  const rig = new Rig(folder);
  rig.keeper.completed('one');
  rig.keeper.completed('one');
  await rig.settled();
  // the index and the announcement do not wait for each other
  expect(rig.done.toSorted()).toEqual(['announce one', 'extract one', 'index one', 'stow one']);
  expect([rig.done[0], rig.done[3]]).toEqual(['extract one', 'stow one']);
  expect(rig.isDue('one')).toBe(false);
  const again = new Rig(folder);
  again.keeper.completed('one');
  await again.settled();
  expect(again.done).toEqual(['index one']);
});

it('is nothing but the index for records of old, whatever the agent wants by now', async () => {
  const rig = new Rig(folderWith(['old'], []));
  rig.keeper.completed('old');
  await rig.settled();
  expect(rig.done).toEqual(['index old']);
});

it('goes on without what is read out when that takes too long, which follows', async () => {
  const slow = Promise.withResolvers<void>();
  const rig = new Rig(folderWith(['one']), { extract: () => slow.promise });
  rig.keeper.completed('one');
  await until('the announcement', () => {
    rig.clock.advance(1000);
    return rig.done.length === 2 ? true : undefined;
  });
  expect(rig.clock.nowMs()).toBeGreaterThanOrEqual(30_000);
  expect(rig.done.toSorted()).toEqual(['announce one', 'index one']);
  slow.resolve();
  await rig.settled();
  expect(rig.done.slice(2)).toEqual(['index one', 'stow one']);
  expect(rig.isDue('one')).toBe(false);
});

it('is tried again until it succeeds, and a record that never can be done holds up no other', async () => {
  let tries = 0;
  const rig = new Rig(folderWith(['bad', 'good'], ['announce']), {
    announce: async (callId) => {
      tries += 1;
      if (callId === 'bad' && tries < 8) throw new Error('no room');
      rig.done.push(`announce ${callId}`);
      return 'done';
    },
  });
  rig.keeper.completed('bad');
  rig.keeper.completed('good');
  await rig.settled();
  expect(rig.done.filter((what) => what.startsWith('announce'))).toEqual(['announce good', 'announce bad']);
  expect(rig.told).toContainEqual(['records.storeFailed', 'announce']);
  expect(rig.told.at(-1)).toEqual(['records.storeBack', 'announce']);
});

it('does not wait for a dead index to be told of', async () => {
  const rig = new Rig(
    folderWith(['one'], ['announce']),
    {},
    { put: () => Promise.reject(new Error('no index')) },
  );
  rig.keeper.completed('one');
  await until('the announcement', () => rig.done.find((what) => what === 'announce one'));
  await until('the note', () => (rig.isDue('one') ? undefined : true));
  await rig.keeper.stop();
});

it('is left to the next sweep when there is no room, and to the next start when the service stops', async () => {
  const folder = folderWith(['full'], ['announce', 'stow']);
  const rig = new Rig(folder, { announce: async () => 'later' });
  rig.keeper.completed('full');
  await rig.settled();
  expect([rig.done, rig.isDue('full')]).toEqual([['index full'], true]);
  const stopped = new Rig(folderWith(['half']), {
    extract: (_, over) =>
      new Promise((_resolve, reject) => over.addEventListener('abort', () => reject(new Error('over')))),
  });
  stopped.keeper.completed('half');
  await until('its beginning', () => (stopped.clock.pendingTimers > 0 ? true : undefined));
  await stopped.keeper.stop();
  // its announcement waits for what will be read out
  expect([stopped.done, stopped.isDue('half')]).toEqual([['index half'], true]);
});
