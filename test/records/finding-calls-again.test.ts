import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FolderStore, openStore, type RecordQuery, type RecordStore } from '../../src/records/index.ts';
import { hasPostgres, type PostgresServer, postgresServer } from './servers/postgres-server.ts';
import { storedCall } from './stored-calls.ts';

const folder = mkdtempSync(join(tmpdir(), 'baari-store-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function fresh(numberKey?: string): RecordStore {
  return new FolderStore({ folder: mkdtempSync(join(folder, 'store-')), numberKey });
}

const calls = [
  storedCall('a', '2026-01-01T10:00:00.000Z', { text: 'मुझे केक चाहिए, two cakes please' }),
  storedCall('b', '2026-01-02T10:00:00.000Z', { agent: 'clinic', from: '+919000000001', text: 'the doctor' }),
  storedCall('c', '2026-01-03T10:00:00.000Z', { outcome: 'cutOff', text: 'cake and "quotes" OR bread' }),
  storedCall('d', '2026-01-03T10:00:00.000Z', { keepUntil: '2026-02-01T00:00:00.000Z' }),
];

/** What every store promises. */
describe.each([
  ['in a folder', undefined],
  ['in a folder, numbers hashed', 'a key'],
  ...(hasPostgres
    ? [['in PostgreSQL', undefined] as const, ['in PostgreSQL, numbers hashed', 'a key'] as const]
    : []),
] as const)('an index %s', (where, key) => {
  let store: RecordStore;
  let server: PostgresServer | undefined;
  beforeAll(async () => {
    if (where.includes('PostgreSQL')) server = await postgresServer();
    store = server
      ? openStore(folder, { DATABASE_URL: server.url, ...(key && { BAARI_RECORDS_NUMBER_KEY: key }) }).store
      : fresh(key);
    await store.put(calls);
  });
  afterAll(async () => {
    await store.close();
    await server?.remove();
  });
  const found = async (query: RecordQuery): Promise<string> =>
    (await store.search(query)).calls.map(({ callId }) => callId).join('');

  const cases: [string, RecordQuery, string][] = [
    ['all, the latest first', {}, 'dcba'],
    ['by time, the end left out', { fromMs: Date.UTC(2026, 0, 2), toMs: Date.UTC(2026, 0, 3, 10) }, 'b'],
    ['by agent', { agent: 'clinic' }, 'b'],
    ['by outcome', { outcome: 'cutOff' }, 'c'],
    ['by the number of the caller, however it is written', { number: '90000 00001' }, 'b'],
    ['by the number that was called', { number: '+91 80 1234 5678' }, 'dcba'],
    ['by the beginning of a word', { text: 'CAK' }, 'ca'],
    ['by all words', { text: 'two cakes' }, 'a'],
    ['by a word of another script', { text: 'केक' }, 'a'],
    ['not by half of a cluster', { text: 'क' }, 'a'],
    ['by what looks like an operator', { text: '"quotes" OR (bread' }, 'c'],
    ['by nothing but signs', { text: '"*' }, ''],
    ['by several things', { text: 'cake', agent: 'bakery', outcome: 'cutOff' }, 'c'],
    ['by what nobody said', { text: 'nothing' }, ''],
  ];
  it.each(cases)('finds %s', async (_, query, wanted) => expect(await found(query)).toBe(wanted));

  it('gives pages that follow each other without a gap', async () => {
    const first = await store.search({ limit: 3 });
    const second = await store.search({
      limit: 3,
      ...(first.next === undefined ? {} : { after: first.next }),
    });
    expect([...first.calls, ...second.calls].map(({ callId }) => callId).join('')).toBe('dcba');
    expect(second.next).toBeUndefined();
  });

  it('has a call that is put twice once, as it was put last', async () => {
    const [first] = calls;
    if (first) await store.put([first, first]);
    expect(await found({})).toBe('dcba');
    expect((await store.search({ agent: 'bakery', limit: 1 })).calls[0]?.from).toHaveLength(key ? 32 : 11);
  });

  it('tells what has expired, and what a number has', async () => {
    expect(await store.expired(Date.UTC(2026, 0, 31))).toEqual([]);
    expect(await store.expired(Date.UTC(2026, 1, 1))).toEqual(['d']);
    expect(await store.ofNumber('09000000001')).toEqual(['b']);
    expect(await store.ofNumber('')).toEqual([]);
  });

  it('tells which calls it has', async () => {
    expect((await store.known(['a', 'unknown', 'd'])).toSorted()).toEqual(['a', 'd']);
  });

  it('remembers facts of a number for one agent, until their time has come or the number is forgotten', async () => {
    await store.remember('bakery', '+919000000001', { fact: 'likes rye', atMs: 1 });
    await store.remember('bakery', '09000000001', { fact: 'ordered a cake', atMs: 2, keepUntilMs: 1000 });
    await store.remember('clinic', '09000000001', { fact: 'is ill', atMs: 3 });
    await store.remember('bakery', '', { fact: 'of nobody', atMs: 3 });
    const facts = async (wallMs: number): Promise<string[]> =>
      (await store.memoryOf('bakery', '90000 00001', wallMs)).map(({ fact }) => fact);
    expect(await facts(999)).toEqual(['likes rye', 'ordered a cake']);
    expect(await facts(1000)).toEqual(['likes rye']);
    await store.expired(1000);
    expect(await facts(999)).toEqual(['likes rye']);
    for (let at = 0; at < 50; at += 1)
      await store.remember('bakery', '09000000001', { fact: `${at}`, atMs: 4 });
    expect(await facts(0)).toHaveLength(50);
    expect((await facts(0))[0]).toBe('0');
    await store.forgetMemory('9000000001');
    expect(await facts(0)).toEqual([]);
    expect(await store.memoryOf('clinic', '9000000001', 0)).toEqual([]);
    expect(await store.memoryOf('bakery', '', 0)).toEqual([]);
  });

  it('has nothing of what was removed', async () => {
    await store.remove(['b', 'unknown']);
    expect(await found({})).toBe('dca');
    expect(await found({ text: 'doctor' })).toBe('');
  });
});

it('a store whose folder is missing rejects, and works once it is there', async () => {
  const where = join(folder, 'later');
  const store = new FolderStore({ folder: where });
  await expect(store.search({})).rejects.toThrow(/open/);
  mkdirSync(where);
  expect((await store.search({})).calls).toEqual([]);
  await store.close();
});
