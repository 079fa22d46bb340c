import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { exampleAgentsFolder, formatProblem, loadAgentFile, loadAgents } from '../../src/agents/index.ts';
import { folderWith } from './temporary-folder.ts';

describe('loading a folder of agents', () => {
  it('finds the example without a problem', async () => {
    const { agents, problems } = await loadAgents(exampleAgentsFolder);
    expect(problems).toEqual([]);
    const bakery = agents.get('bakery');
    const file = path.join(exampleAgentsFolder, 'bakery.yaml');
    const hash = createHash('sha256').update(readFileSync(file)).digest('hex').slice(0, 12);
    expect(bakery).toMatchObject({ name: 'bakery', languages: ['hi-IN', 'en-IN'], source: { file, hash } });
    expect(bakery?.prompt).toContain('rupees');
  });

  it('does not let a bad file hide a good one', async () => {
    const folder = folderWith({
      'b.yaml': 'prompt: b\n',
      'bad.yaml': 'voice: 3\n',
      'a.yaml': 'prompt: a\n',
      'notes.md': '# not an agent',
      '.hidden.yaml': 'not: [an agent',
    });
    const { agents, problems } = await loadAgents(folder);
    expect([...agents.keys()]).toEqual(['a', 'b']);
    expect(problems.map(({ file, path: fieldPath }) => [path.basename(file), fieldPath])).toEqual([
      ['bad.yaml', 'prompt'],
      ['bad.yaml', 'voice'],
    ]);
  });

  it('names files that could not be read, whatever the reason', async () => {
    const folder = folderWith({
      'bytes.yaml': new Uint8Array([0xff, 0xfe, 0x00]),
      'huge.yaml': `prompt: |\n  ${'x'.repeat(1_048_576)}\n`,
      'short.yml': 'prompt: x\n',
    });
    const { agents, problems } = await loadAgents(folder);
    expect(agents.size).toBe(0);
    expect(
      problems.map((problem) => formatProblem({ ...problem, file: path.basename(problem.file) })),
    ).toEqual([
      'bytes.yaml:1:1  expected a readable file of UTF-8 text, found bytes that are not UTF-8',
      'huge.yaml:1:1  expected a file of at most 1048576 bytes, found 1048589 bytes',
      'short.yml:1:1  expected a file name that ends in .yaml, found short.yml',
    ]);
  });

  it('reports a folder that is none or has no agent', async () => {
    const empty = folderWith({ 'readme.txt': 'nothing here' });
    const says = async (folder: string) => (await loadAgents(folder)).problems.map(formatProblem);
    expect(await says(empty)).toEqual([
      `${empty}:1:1  expected at least one agent file, <name>.yaml, found none`,
    ]);
    const missing = path.join(empty, 'missing');
    expect(await says(missing)).toEqual([
      `${missing}:1:1  expected a folder of agent files, found nothing there`,
    ]);
    const file = path.join(empty, 'readme.txt');
    expect(await says(file)).toEqual([`${file}:1:1  expected a folder of agent files, found a file`]);
  });

  it('finds an apology clip beside the agent file', async () => {
    const wavHead = Buffer.from('RIFF\u0024\u0000\u0000\u0000WAVEfmt ', 'latin1');
    const folder = folderWith({
      'shop.yaml': 'prompt: x\napology: { clip: sorry.wav }\n',
      'sorry.wav': wavHead,
    });
    const parsed = await loadAgentFile(path.join(folder, 'shop.yaml'));
    expect(parsed.ok && parsed.agent.apology.clip).toBe(path.join(folder, 'sorry.wav'));
  });

  it('keeps a byte order mark out of the first field', async () => {
    const folder = folderWith({ 'shop.yaml': '\ufeffprompt: x\n' });
    expect(await loadAgentFile(path.join(folder, 'shop.yaml'))).toMatchObject({
      ok: true,
      agent: { prompt: 'x' },
    });
  });
});
