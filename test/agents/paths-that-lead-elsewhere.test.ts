import { symlinkSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { formatProblem, loadAgents } from '../../src/agents/index.ts';
import { folderWith } from './temporary-folder.ts';

/** Two tenants side by side: what one agent file may name of the other's. */
function twoTenants(agentFile: string) {
  const root = folderWith({
    'mine/agents/shop.yaml': agentFile,
    'mine/agents/own.txt': 'Sell bread.',
    'theirs/prompt.txt': 'The safe opens at 4711.',
    'theirs/facts/safe.md': 'The safe opens at 4711.',
  });
  const agents = path.join(root, 'mine/agents');
  symlinkSync(path.join(root, 'theirs/prompt.txt'), path.join(agents, 'link.txt'));
  symlinkSync(path.join(root, 'theirs'), path.join(agents, 'linked'));
  symlinkSync(path.join(agents, 'own.txt'), path.join(agents, 'inner.txt'));
  return { agents, theirs: path.join(root, 'theirs') };
}

it.each([
  { what: 'a prompt above', text: 'prompt_file: ../../theirs/prompt.txt\n', field: 'prompt_file' },
  { what: 'a prompt behind a link', text: 'prompt_file: link.txt\n', field: 'prompt_file' },
  { what: 'a prompt in a linked folder', text: 'prompt_file: linked/prompt.txt\n', field: 'prompt_file' },
  { what: 'a prompt by its whole path', text: 'prompt_file: /etc/hostname\n', field: 'prompt_file' },
  { what: 'knowledge above', text: 'prompt: x\nknowledge: ../../theirs/facts\n', field: 'knowledge' },
  { what: 'knowledge in a linked folder', text: 'prompt: x\nknowledge: linked/facts\n', field: 'knowledge' },
  { what: 'a clip above', text: 'prompt: x\napology: { clip: ../../x.wav }\n', field: 'apology.clip' },
])('$what is refused, and nothing of it is told', async ({ text, field }) => {
  const { agents: folder } = twoTenants(text);
  const { agents, problems } = await loadAgents(folder);
  expect(agents.size).toBe(0);
  const told = problems.map(formatProblem).join('\n');
  expect(told).toContain(`${field}: expected a path inside ${folder}, found `);
  expect(told).toContain('BAARI_AGENT_FILES');
  expect(told).not.toContain('4711');
});

it('a link within the folder, and a folder that is allowed, are fine', async () => {
  const inner = twoTenants('prompt_file: inner.txt\n');
  expect((await loadAgents(inner.agents)).agents.get('shop')?.prompt).toBe('Sell bread.');
  const allowed = twoTenants('prompt_file: link.txt\n');
  const { agents } = await loadAgents(allowed.agents, { alsoFrom: [allowed.theirs] });
  expect(agents.get('shop')?.prompt).toContain('4711');
});
