import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore, RecordKeeper } from '../../src/records/index.ts';
import { SimulatedClock } from '../../src/time/index.ts';
import { until } from '../helpers/until.ts';
import { hasPostgres, type PostgresServer, postgresServer } from './servers/postgres-server.ts';
import { storedCall } from './stored-calls.ts';

describe.skipIf(!hasPostgres)('PostgreSQL that is stopped while calls end', () => {
  const folder = mkdtempSync(join(tmpdir(), 'baari-database-'));
  let server: PostgresServer;

  beforeAll(async () => {
    server = await postgresServer();
  });

  afterAll(async () => {
    await server.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A call has ended: its record is complete. */
  function complete(callId: string): string {
    const { record } = storedCall(callId, '2026-01-01T10:00:00.000Z');
    mkdirSync(join(folder, callId));
    writeFileSync(join(folder, callId, 'call.json'), JSON.stringify(record));
    writeFileSync(join(folder, callId, 'transcript.jsonl'), '');
    return callId;
  }

  it('has their records once it is back, without a restart of ours, and both are told', async () => {
    const clock = new SimulatedClock();
    const told: string[] = [];
    const { store } = openStore(folder, { DATABASE_URL: server.url });
    const keeper = new RecordKeeper({ folder, store, clock, tell: (what) => told.push(what) });
    keeper.completed(complete('before'));
    await keeper.settled();

    await server.kill();
    await expect(store.search({})).rejects.toThrow();
    keeper.completed(complete('first'));
    keeper.completed(complete('second'));
    await until('the failure', () => told.find((what) => what === 'records.storeFailed'));
    expect(told).toEqual(['records.storeFailed']);

    await server.start();
    const settled = keeper.settled().then(() => true);
    // whoever waits to try again waits in simulated time
    while (!(await Promise.race([settled, new Promise((resolve) => setImmediate(resolve, false))]))) {
      clock.advance(1000);
    }
    expect(told).toEqual(['records.storeFailed', 'records.storeBack']);
    const { calls } = await store.search({});
    expect(calls.map(({ callId }) => callId).toSorted()).toEqual(['before', 'first', 'second']);
    await keeper.stop();
  });
});
