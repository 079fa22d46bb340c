import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { BaariProcess } from '../helpers/baari-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'baari-check-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function run(args: string, env: Readonly<Record<string, string>> = {}): Promise<BaariProcess> {
  const baari = new BaariProcess(args.split(' '), { env });
  await baari.ended();
  return baari;
}

const escapeCode = String.fromCharCode(27);

test.concurrent('--help names every command, and each command its options', async () => {
  const all = await run('--help');
  expect([all.exitCode, all.stderr]).toEqual([0, '']);
  for (const command of ['serve', 'demo', 'check'])
    expect(all.stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
  let help = '';
  const write = (text: string): void => {
    help += text;
  };
  expect(await main(['serve', '--help'], { stdout: { write }, stderr: { write }, env: {} })).toBe(0);
  for (const option of ['agents', 'port', 'host', 'records', 'gemini', 'log-level', 'json'])
    expect(help).toContain(`  --${option}`);
});

test.concurrent('check --json is one JSON value, with code 1 for a file that is wrong', async () => {
  writeFileSync(join(folder, 'good.yaml'), 'prompt: x\n');
  writeFileSync(join(folder, 'bad.yaml'), 'prompt: x\nturns:\n  owner: me\n');
  const checked = await run(`check --json --agents ${folder}`);
  expect([checked.exitCode, checked.stderr]).toEqual([1, '']);
  expect(JSON.parse(checked.stdout)).toMatchObject({
    folder,
    agents: [{ name: 'good' }],
    problems: [{ file: join(folder, 'bad.yaml'), line: 3, column: 10, path: 'turns.owner' }],
  });
});

test.concurrent('colours come where they are asked for, and never with NO_COLOR', async () => {
  const [coloured, refused] = await Promise.all([
    run('check', { FORCE_COLOR: '1' }),
    run('check', { FORCE_COLOR: '1', NO_COLOR: '1' }),
  ]);
  expect(coloured.stdout).toContain(escapeCode);
  expect(refused.exitCode).toBe(0);
  expect(refused.stdout).toContain('bakery');
  expect(refused.stdout).not.toContain(escapeCode);
});
