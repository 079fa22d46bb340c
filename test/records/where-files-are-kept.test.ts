import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenedFile, openStore, type RecordStore } from '../../src/records/index.ts';
import { freePort } from './servers/free-port.ts';
import { hasS3, type S3Server, s3Server } from './servers/s3-server.ts';

const root = mkdtempSync(join(tmpdir(), 'baari-files-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Longer than one part of an upload. */
const longAudio = randomBytes(17 * 1024 * 1024);

function callIn(folder: string, callId: string, audio: Uint8Array = Buffer.from('0123456789')): void {
  mkdirSync(join(folder, callId), { recursive: true });
  writeFileSync(join(folder, callId, 'audio.wav'), audio);
  writeFileSync(join(folder, callId, 'journal.jsonl'), '{}\n');
  writeFileSync(join(folder, callId, 'call.json'), '{"version":1}');
}

async function bytesOf(file: OpenedFile | undefined): Promise<Buffer | undefined> {
  return file && Buffer.concat(await file.stream.toArray());
}

/** What every place of files promises. */
describe.each(['a folder', ...(hasS3 ? ['S3' as const] : [])] as const)('files in %s', (where) => {
  const folder = join(root, where);
  let store: RecordStore;
  let server: S3Server | undefined;
  beforeAll(async () => {
    mkdirSync(folder);
    if (where === 'S3') server = await s3Server();
    store = openStore(folder, { ...server?.env, BAARI_RECORDS_S3_PREFIX: 'shop/' }).store;
    callIn(folder, 'one');
    callIn(folder, 'long', longAudio);
    for (const callId of ['one', 'long']) await store.files.stow(callId);
  });
  afterAll(async () => {
    await store.close();
    await server?.remove();
  });

  it('are where they belong once they are stowed', () => {
    expect(existsSync(join(folder, 'one', 'call.json'))).toBe(where === 'a folder');
    if (server) expect(readdirSync(join(server.folder, 'shop')).toSorted()).toEqual(['long', 'one']);
    expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it.each([
    ['as a whole', undefined, '0123456789'],
    ['from a byte on', { first: 4 }, '456789'],
    ['from a byte to another', { first: 2, last: 5 }, '2345'],
    ['beyond its end', { first: 8, last: 99 }, '89'],
  ] as const)('are read %s, with their length', async (_, range, wanted) => {
    const file = await store.files.open('one', 'audio.wav', range);
    expect(file?.sizeBytes).toBe(10);
    expect((await bytesOf(file))?.toString()).toBe(wanted);
  });

  it('are read as they were written, however long', async () => {
    const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
    const read = await bytesOf(await store.files.open('long', 'audio.wav'));
    expect(hash(read ?? new Uint8Array())).toBe(hash(longAudio));
  });

  it.each(['two', '../one', '', '.', '..'])('do not exist of a call that does not: %j', async (callId) => {
    expect(await store.files.open(callId, 'call.json')).toBeUndefined();
    await store.files.remove([callId]);
    expect(existsSync(folder)).toBe(true);
  });

  it('do not exist that were not written', async () => {
    expect(await store.files.open('one', 'transcript.jsonl')).toBeUndefined();
  });

  it('are stowed twice without harm, and gone once they are removed', async () => {
    await store.files.stow('one');
    callIn(folder, 'one');
    await store.files.stow('one');
    expect(await bytesOf(await store.files.open('one', 'call.json'))).toHaveLength(13);
    await store.files.remove(['one', 'unknown']);
    expect(await store.files.open('one', 'call.json')).toBeUndefined();
    if (server) expect(existsSync(join(server.folder, 'shop', 'one', 'audio.wav'))).toBe(false);
  });
});

it('an S3 server that answers 503 leaves the record in its folder, and is told by its code', async () => {
  const folder = join(root, 'down');
  callIn(folder, 'kept');
  const port = await freePort();
  const server = createServer((request, answer) => {
    request.resume();
    answer.writeHead(503, { 'content-type': 'application/xml' });
    answer.end('<Error><Code>SlowDown</Code><Message>busy</Message></Error>');
  }).listen(port, '127.0.0.1');
  const { store } = openStore(folder, {
    BAARI_RECORDS_S3_BUCKET: 'records',
    BAARI_RECORDS_S3_ENDPOINT: `http://127.0.0.1:${port}`,
    BAARI_RECORDS_S3_KEY_ID: 'test',
    BAARI_RECORDS_S3_SECRET: 'test-secret',
  });
  await expect(store.files.stow('kept')).rejects.toThrow('S3: SlowDown (503)');
  expect(readdirSync(join(folder, 'kept'))).toHaveLength(3);
  await store.close();
  server.closeAllConnections();
  server.close();
});

it.each([
  [{ DATABASE_URL: 'mysql://me:secret@host/db' }, 'DATABASE_URL: expected postgres://…'],
  [
    { BAARI_RECORDS_S3_BUCKET: 'b', BAARI_RECORDS_S3_ENDPOINT: 'nowhere' },
    'BAARI_RECORDS_S3_ENDPOINT: expected an address',
  ],
  [{ BAARI_RECORDS_S3_BUCKET: 'b', BAARI_RECORDS_S3_KEY_ID: 'k' }, 'BAARI_RECORDS_S3_SECRET together'],
])('a wrong variable is named: %j', (env, message) => {
  expect(() => openStore(root, env)).toThrow(message);
});
