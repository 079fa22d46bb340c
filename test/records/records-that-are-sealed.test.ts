import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, describe, expect, it } from 'vitest';
import { parseWav, wavChannel } from '../../src/audio/index.ts';
import { runDecrypt } from '../../src/cli/decrypt.ts';
import {
  type ByteRange,
  CallRecorder,
  openStore,
  type RecordFileName,
  type RecordFiles,
  readSealKeys,
  readTranscript,
} from '../../src/records/index.ts';
import { systemClock } from '../../src/time/index.ts';
import { until } from '../helpers/until.ts';

const root = mkdtempSync(join(tmpdir(), 'baari-sealed-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const [first, second] = ['11'.repeat(32), Buffer.alloc(32, 2).toString('base64')];

/** A second and a half of audio: three blocks and a piece. */
const audio = Int16Array.from({ length: 13_000 }, (_, at) => (at * 7) % 30_000);

async function recorded(key: string | undefined, callId = 'call-1', close = true): Promise<RecordFiles> {
  rmSync(join(root, callId), { recursive: true, force: true });
  const recorder = new CallRecorder({
    folder: root,
    callId,
    clock: systemClock,
    onError: (error) => expect.fail(error.message),
    keys: readSealKeys(key),
  });
  recorder.start(8000);
  recorder.line({ who: 'caller', atMs: 1, text: 'my secret', unheard: '' });
  for (let at = 0; at < audio.length; at += 160) recorder.callerAudio(audio.subarray(at, at + 160));
  recorder.line({ who: 'agent', atMs: 2, text: 'is safe', unheard: '' });
  if (close) await recorder.close({ outcome: 'callerHungUp' });
  return recorder.files;
}

async function read(key: string | undefined, file: RecordFileName, range?: ByteRange, callId = 'call-1') {
  const { store } = openStore(root, { BAARI_RECORDS_KEY: key });
  try {
    const opened = await store.files.open(callId, file, range);
    return opened && { sizeBytes: opened.sizeBytes, bytes: await buffer(opened.stream) };
  } finally {
    await store.close();
  }
}

describe('a sealed record', () => {
  it('shows nothing on the disk, and is read as it would be without a seal', async () => {
    const files = await recorded(undefined, 'plain');
    const plain = new Map(
      readdirSync(files.folder).map((name) => [name, readFileSync(join(files.folder, name))]),
    );
    const sealed = await recorded(first);
    for (const name of readdirSync(sealed.folder)) {
      const bytes = readFileSync(join(sealed.folder, name)).toString('latin1');
      for (const word of ['secret', 'safe', 'callerHungUp', 'RIFF']) expect(bytes).not.toContain(word);
    }
    for (const name of ['call.json', 'transcript.jsonl', 'audio.wav'] as const) {
      const found = await read(first, name);
      expect(found?.bytes).toEqual(plain.get(name));
      expect(found?.sizeBytes).toBe(plain.get(name)?.length);
    }
    expect((await readTranscript(root, 'call-1', readSealKeys(first))).map(({ text }) => text)).toEqual([
      'my secret',
      'is safe',
    ]);
  });

  it.each([
    ['the header', { first: 0, last: 43 }],
    ['within a block', { first: 100, last: 299 }],
    ['over a border', { first: 16_000, last: 16_100 }],
    ['over several blocks', { first: 10, last: 50_000 }],
    ['to the end', { first: 40_000 }],
    ['beyond the end', { first: 52_000, last: 99_999 }],
    ['the last byte', { first: 52_043, last: 52_043 }],
  ] as [string, ByteRange][])('is read by byte range: %s', async (_, range) => {
    await recorded(first);
    const whole = await read(first, 'audio.wav');
    const part = await read(first, 'audio.wav', range);
    expect(whole?.bytes).toHaveLength(52_044);
    expect(part).toEqual({
      sizeBytes: 52_044,
      bytes: whole?.bytes.subarray(range.first, (range.last ?? Number.POSITIVE_INFINITY) + 1),
    });
  });

  it('is opened by a key that seals no more, and by no other', async () => {
    await recorded(first);
    expect((await read(`${second},${first}`, 'call.json'))?.bytes.toString()).toContain('callerHungUp');
    for (const file of ['call.json', 'transcript.jsonl', 'audio.wav'] as const) {
      await expect(read(second, file)).rejects.toThrow(
        /sealed with the key [0-9a-f]{16}: expected it in BAARI_RECORDS_KEY/,
      );
      await expect(read(undefined, file)).rejects.toThrow('found none');
    }
  });

  it.each(['call.json', 'transcript.jsonl', 'audio.wav'] as const)(
    'that was changed is not believed: %s',
    async (name) => {
      const files = await recorded(first);
      const path = join(files.folder, name);
      const bytes = readFileSync(path);
      const at = bytes.length >> 2;
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      writeFileSync(path, bytes);
      await expect(read(first, name)).rejects.toThrow(/was changed/);
    },
  );

  it('that was cut off is read up to its last whole block', async () => {
    const files = await recorded(first, 'cut', false);
    await until('all whole blocks', () =>
      existsSync(files.audio) && statSync(files.audio).size > 48_100 ? true : undefined,
    );
    truncateSync(files.audio, 30_000);
    const found = await read(first, 'audio.wav', undefined, 'cut');
    expect(found?.bytes).toHaveLength(16_044);
    expect(wavChannel(parseWav(found?.bytes ?? Buffer.alloc(0)), 0)).toEqual(audio.subarray(0, 4000));
  });
});

it.each([['short'], ['zz'.repeat(32)], [`${first},short`], ['A'.repeat(44)]])(
  'a key that is none is refused without being told: %s',
  (key) => {
    expect(() => readSealKeys(key)).toThrow(
      /^BAARI_RECORDS_KEY: expected 32 bytes in base64 or hexadecimal digits, found something else as key [12]$/,
    );
  },
);

it('baari decrypt writes the plain files of a sealed call', async () => {
  await recorded(first);
  const out = join(root, 'out');
  const told: string[] = [];
  const code = await runDecrypt(
    'call-1',
    { records: root, out },
    {
      stdout: { write: (text: string) => told.push(text) },
      stderr: { write: () => true },
      env: { BAARI_RECORDS_KEY: first },
    },
  );
  expect([code, told]).toEqual([0, [`call.json, transcript.jsonl, audio.wav in ${out}\n`]]);
  expect(readFileSync(join(out, 'call.json'), 'utf8')).toContain('callerHungUp');
  expect(parseWav(readFileSync(join(out, 'audio.wav'))).sampleRateHz).toBe(8000);
});
