import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { FolderStore, forgetNumber } from '../../src/records/index.ts';
import { completeOpenLines } from '../../src/records/open-lines.ts';
import { recordFiles } from '../../src/records/record-files.ts';

async function folderOf(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'baari-crash-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

it('what is left of a call that was stored elsewhere goes with the next number that is forgotten', async () => {
  const folder = await folderOf();
  const store = new FolderStore({ folder, numberKey: undefined });
  onTestFinished(() => store.close());
  await mkdir(join(folder, '.stowed-call-1'));
  await writeFile(join(folder, '.stowed-call-1', 'transcript.jsonl'), 'what was said');
  await forgetNumber(folder, store, '09000000001');
  expect((await readdir(folder)).filter((name) => name.startsWith('.stowed'))).toEqual([]);
});

it('lines that were open are added to the transcript once, however often that is tried', async () => {
  const files = recordFiles(await folderOf(), 'call-1');
  await mkdir(files.folder);
  const [said, open] = [
    { who: 'agent', atMs: 400, text: 'Hello.', unheard: '' },
    { who: 'caller', atMs: 5000, text: 'Two loaves', unheard: '' },
  ];
  await writeFile(files.transcript, `${JSON.stringify(said)}\n`);
  for (let times = 0; times < 2; times += 1) {
    await writeFile(files.open, JSON.stringify([said, open]));
    await completeOpenLines(files, undefined);
  }
  const lines = (await readFile(files.transcript, 'utf8')).trim().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual([said, open]);
  expect(await readdir(files.folder)).toEqual(['transcript.jsonl']);
});
