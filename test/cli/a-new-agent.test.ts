import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { folderWith } from '../agents/temporary-folder.ts';

/** Runs a command in this process. */
async function run(...args: string[]) {
  let told = '';
  const sink = { write: (text: string) => (told += text) };
  const code = await main(args, { stdout: sink, stderr: sink, env: {} });
  return { code, told };
}

it.each(['bakery', 'clinic', 'delivery'])('from %s: it is good, and its own scenarios pass', async (from) => {
  const agents = path.join(folderWith({}), 'agents');
  const made = await run('new', 'corner-shop', '--from', from, '--agents', agents);
  expect(made).toEqual({ code: 0, told: expect.stringContaining(`${agents}/corner-shop.yaml`) });
  const text = readFileSync(path.join(agents, 'corner-shop.yaml'), 'utf8');
  expect(text).not.toMatch(new RegExp(`${from}\\.yaml|/exotel/${from}|knowledge: ${from}`));
  expect((await run('check', '--agents', agents)).code).toBe(0);
  const names = readdirSync(path.join(agents, 'scenarios/corner-shop'));
  const [first = ''] = names;
  const rehearsed = await run(
    ...['rehearse', '--agents', agents, '--agent', 'corner-shop', '--simulated-time'],
    ...['--scenario', first.replace('.yaml', ''), '--set', 'detector.kind=energy'],
  );
  expect(rehearsed).toEqual({ code: 0, told: expect.stringContaining('Every bar is met.') });
});

it('nothing is overwritten, and then nothing is written', async () => {
  const agents = folderWith({ 'scenarios/shop/a-cake-is-ordered.yaml': 'mine' });
  const { code, told } = await run('new', 'shop', '--agents', agents);
  expect({ code, told }).toEqual({ code: 1, told: expect.stringContaining('nothing is overwritten') });
  expect(existsSync(path.join(agents, 'shop.yaml'))).toBe(false);
  writeFileSync(path.join(agents, 'cafe.yaml'), 'prompt: mine\n');
  expect((await run('new', 'cafe', '--agents', agents)).code).toBe(1);
  expect(readFileSync(path.join(agents, 'cafe.yaml'), 'utf8')).toBe('prompt: mine\n');
});

it.each([
  { what: 'a name with capitals', args: ['Shop'], says: 'lower-case letters' },
  { what: 'a name that leads elsewhere', args: ['../shop'], says: 'lower-case letters' },
  { what: 'a name that an address needs', args: ['status'], says: 'no address of the service uses' },
  { what: 'an example there is not', args: ['shop', '--from', 'bank'], says: 'bakery, clinic, delivery' },
])('$what is refused', async ({ args, says }) => {
  const agents = folderWith({});
  const { code, told } = await run('new', ...args, '--agents', agents);
  expect({ code, told }).toEqual({ code: 2, told: expect.stringContaining(says) });
  expect(readdirSync(agents)).toEqual([]);
});
