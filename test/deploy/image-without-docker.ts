// Does what the Dockerfile says in folders of its own, where there is no docker: npm run image:check. Then the image's command has to
// serve as another user, answer the health check, rehearse, and end with 0 at SIGTERM. Takes a minute or two, and the network.
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, globSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../../src/time/index.ts';
import { copied, type Instruction, inContext, readDockerfile, root, type Stage } from './dockerfile.ts';

const port = '18087';
const healthWithinMs = 30_000;
const context = fileURLToPath(root);
const home = mkdtempSync(join(tmpdir(), 'baari-image-'));
chmodSync(home, 0o755);
const folderOf = (stage: Stage): string => join(home, stage.as ?? 'image');
// the image's node is this one
mkdirSync(join(home, 'bin'));
symlinkSync(process.execPath, join(home, 'bin/node'));
const path = `${join(home, 'bin')}:${process.env.PATH ?? ''}`;

function copy(stage: Stage, instruction: Instruction): void {
  const { sources, target } = copied(instruction);
  const from = instruction.options.get('from');
  const base = from === undefined ? context : join(home, from);
  for (const source of sources) {
    if (from === undefined && !inContext().some((one) => source === one || source.startsWith(`${one}/`))) {
      throw new Error(`COPY ${source}: expected it in the context, found it left out by .dockerignore`);
    }
    const found = globSync(source.replace(/^\/app\//, ''), { cwd: base });
    if (found.length === 0) throw new Error(`COPY ${source}: expected a file, found none`);
    for (const file of found) {
      const to = join(folderOf(stage), target, target.endsWith('/') ? basename(file) : '');
      mkdirSync(dirname(to), { recursive: true });
      cpSync(join(base, file), to, { recursive: true, verbatimSymlinks: true });
    }
  }
}

function run(stage: Stage, command: string): void {
  console.log(`${stage.as ?? 'image'}: ${command.slice(0, 100)}`);
  const { NODE_OPTIONS: _, ...env } = process.env;
  const { status } = spawnSync('bash', ['-c', command], {
    cwd: folderOf(stage),
    env: { ...env, PATH: path },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error(`RUN ${command}: expected exit code 0, found ${status}`);
}

const settings: Record<string, string> = {};
let entry: string[] = [];
let command: string[] = [];
let health: string[] = [];
const list = (text: string): string[] => JSON.parse(text.slice(text.indexOf('[')));

function follow(stage: Stage, instruction: Instruction): void {
  const { name, rest } = instruction;
  if (name === 'COPY') copy(stage, instruction);
  else if (name === 'RUN') run(stage, rest);
  else if (name === 'ENV') {
    for (const [, key = '', value = ''] of rest.matchAll(/(\w+)=(\S*)/g)) settings[key] = value;
  } else if (name === 'ENTRYPOINT') entry = list(rest);
  else if (name === 'CMD') command = list(rest);
  else if (name === 'HEALTHCHECK') health = list(rest);
}

/** Runs a command in the image as nobody, where this is root; `records` is the one folder that it may write into. */
function inImage(app: string, words: readonly string[]): [string, string[]] {
  const [first = '', ...others] =
    process.getuid?.() === 0
      ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', ...words]
      : words;
  return [join(first), others.map((word) => (word.startsWith('src/') ? join(app, word) : word))];
}

async function main(): Promise<void> {
  const stages = readDockerfile();
  for (const stage of stages) {
    mkdirSync(folderOf(stage), { recursive: true });
    for (const instruction of stage.instructions) follow(stage, instruction);
  }
  const app = join(home, 'image');
  const env = { ...settings, PATH: path, PORT: port, HOST: '127.0.0.1' };
  const [served, words] = inImage(app, [...entry, ...command]);
  const server = spawn(served, words, { cwd: app, env, stdio: ['ignore', 'ignore', 'inherit'] });
  const over = new Promise<number | null>((resolve) => server.on('exit', resolve));
  const [asked, question] = inImage(app, health);
  const untilMs = systemClock.nowMs() + healthWithinMs;
  while (spawnSync(asked, question, { cwd: app, env }).status !== 0) {
    if (systemClock.nowMs() > untilMs)
      throw new Error('HEALTHCHECK: expected exit code 0 within 30 s, found none');
  }
  console.log('healthy');
  server.kill('SIGTERM');
  const code = await over;
  if (code !== 0) throw new Error(`SIGTERM: expected exit code 0, found ${code}`);
  console.log('stopped with 0');
  const [rehearsed, how] = inImage(app, [
    ...entry,
    'rehearse',
    '--simulated-time',
    '--scenario',
    'interruption',
  ]);
  const { status, stdout, stderr } = spawnSync(rehearsed, how, { cwd: tmpdir(), env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`rehearse: expected exit code 0, found ${status}\n${stdout}${stderr}`);
  console.log('rehearsed');
}

try {
  await main();
} finally {
  rmSync(home, { recursive: true, force: true });
}
