import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { agentFileFault, exampleAgentsFolder, formatProblem, loadAgentFile } from '../agents/index.ts';
import { type Terminal, UserError } from './output.ts';
import { scenariosFolder } from './rehearse/scenarios-of.ts';

/** What `baari new` was asked for. */
export interface NewAgentOptions {
  readonly from: string;
  readonly agents?: string;
}

const examples = ['bakery', 'clinic', 'delivery'];
/** Where agents are kept, unless told otherwise. */
const usualFolder = 'agents';

/** `baari new`: writes an agent file with its scenarios, and what it names. Resolves with the exit code. @throws UserError */
export async function runNew(
  name: string,
  { from, agents }: NewAgentOptions,
  { env, stdout }: Terminal,
): Promise<number> {
  if (!examples.includes(from)) {
    throw new UserError(`--from: expected one of ${examples.join(', ')}, found "${from}"`, 2);
  }
  const folder = agents ?? env.BAARI_AGENTS ?? usualFolder;
  const agentFile = path.join(folder, `${name}.yaml`);
  const fault = agentFileFault(agentFile);
  if (path.basename(name) !== name) {
    throw new UserError(`expected a name of lower-case letters, digits and hyphens, found "${name}"`, 2);
  }
  if (fault) throw new UserError(`expected ${fault.expected}, found ${fault.found}`, 2);
  const files = await filesOf(from, name, folder);
  const there = [...files.keys()].filter((file) => existsSync(file));
  if (there.length > 0) throw new UserError(`nothing is overwritten: ${there.join(', ')} is there already`);
  try {
    for (const [file, text] of files) {
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, text, { flag: 'wx' });
    }
  } catch (error) {
    throw new UserError(error instanceof Error ? error.message : `${folder} cannot be written`);
  }
  const written = await loadAgentFile(agentFile);
  if (!written.ok) throw new UserError(written.problems.map(formatProblem).join('\n'));
  stdout.write(toldOf(name, folder, [...files.keys()]));
  return 0;
}

/** What is to be written, by the path of each file. */
async function filesOf(from: string, name: string, folder: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  const read = async (file: string): Promise<string> =>
    renamed(await readFile(path.join(exampleAgentsFolder, file), 'utf8'), from, name);
  files.set(path.join(folder, `${name}.yaml`), await read(`${from}.yaml`));
  // what it knows is in a folder of its own name
  for (const file of await namesIn(path.join(exampleAgentsFolder, from))) {
    files.set(path.join(folder, name, file), await read(path.join(from, file)));
  }
  for (const file of await namesIn(scenariosFolder(exampleAgentsFolder, from))) {
    const text = await read(path.join('scenarios', from, file));
    files.set(path.join(scenariosFolder(folder, name), file), text);
  }
  return files;
}

/** An example's text with the name of the agent in place of its own, where it stands for the agent. */
function renamed(text: string, from: string, name: string): string {
  return text
    .replaceAll(`${from}.yaml`, `${name}.yaml`)
    .replaceAll(`/exotel/${from}`, `/exotel/${name}`)
    .replaceAll(`baari call ${from}`, `baari call ${name}`)
    .replace(new RegExp(`^(knowledge|for): ${from}$`, 'gm'), `$1: ${name}`);
}

async function namesIn(folder: string): Promise<string[]> {
  return existsSync(folder) ? (await readdir(folder)).sort() : [];
}

function toldOf(name: string, folder: string, files: readonly string[]): string {
  const rows = files.map((file) => `  ${file}`).join('\n');
  return [
    `Written:\n${rows}`,
    'Next:',
    `  npx baari check --agents ${folder}`,
    `  npx baari rehearse --agents ${folder} --agent ${name} --simulated-time`,
    `  npx baari serve --agents ${folder}`,
    '',
  ].join('\n');
}
