import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { DiskThread } from '../../src/records/index.ts';
import { systemClock } from '../../src/time/index.ts';

const root = mkdtempSync(join(tmpdir(), 'baari-disk-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const thread = new DiskThread(systemClock);
afterAll(() => thread.close());

describe('the thread that writes records', () => {
  it('appends in order, and makes the folder that is missing', async () => {
    const path = join(root, 'call-1', 'journal.jsonl');
    await Promise.all(Array.from({ length: 50 }, (_, at) => thread.append(path, `${at}\n`)));
    expect(readFileSync(path, 'utf8')).toBe(Array.from({ length: 50 }, (_, at) => `${at}\n`).join(''));
  });

  it('replaces a file as a whole', async () => {
    const path = join(root, 'call-2', 'call.json');
    await thread.replace(path, 'first');
    await thread.replace(path, Buffer.from('second'));
    expect(readFileSync(path, 'utf8')).toBe('second');
  });

  it('writes a recording where its bytes belong, also over what was there', async () => {
    const path = join(root, 'audio.wav');
    writeFileSync(path, 'something longer than what comes');
    const file = await thread.openWav(path);
    const block = Buffer.from('headblock');
    await Promise.all([file.write(block.subarray(4), 4), file.write(block.subarray(0, 4), 0)]);
    await file.write(Buffer.from('HEAD'), 0);
    await file.end();
    await file.close();
    expect(readFileSync(path, 'utf8')).toBe('HEADblock');
    await expect(file.write(block, 0)).rejects.toThrow('the file is not open');
  });

  it('tells what the disk refused, with its code, and harms nothing else', async () => {
    const file = join(root, 'a-file');
    writeFileSync(file, '');
    const refused = thread.append(join(file, 'journal.jsonl'), 'lost\n');
    const done = thread.append(join(root, 'other.jsonl'), 'kept\n');
    await expect(refused).rejects.toMatchObject({ code: 'ENOTDIR' });
    await done;
    expect(readFileSync(join(root, 'other.jsonl'), 'utf8')).toBe('kept\n');
  });

  it('is begun anew after it was closed', async () => {
    const path = join(root, 'again.jsonl');
    const another = new DiskThread(systemClock);
    await another.append(path, '1\n');
    await another.close();
    await another.append(path, '2\n');
    await another.close();
    expect(readFileSync(path, 'utf8')).toBe('1\n2\n');
  });
});
