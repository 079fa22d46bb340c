import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** Longest time for the packages to come, ms. */
const longestInstallMs = 600_000;

/** A Python with the packages of a peer. */
export interface PythonWithPackages {
  /** Path of the interpreter. */
  readonly python: string;
  /** Of Python and of each package that is asked for. */
  readonly versions: Readonly<Record<string, string>>;
}

/**
 * A Python that has what `requirements.txt` in `folder` pins: a virtual environment of the peer's own in the user's cache, made at
 * first use and anew when the pins change. It needs `python3` and the package registry that pip is set to.
 */
export async function pythonWith(
  folder: string,
  name: string,
): Promise<PythonWithPackages | { readonly missing: string }> {
  const file = path.join(folder, 'requirements.txt');
  const requirements = await readFile(file, 'utf8');
  const hash = createHash('sha256').update(requirements).digest('hex').slice(0, 12);
  const cache = process.env.XDG_CACHE_HOME || path.join(homedir(), '.cache');
  const home = path.join(cache, 'baari', 'peers', `${name}-${hash}`);
  const python = path.join(home, 'bin', 'python');
  const done = path.join(home, 'complete');
  if (!existsSync(done)) {
    const failure =
      (await failureOf('python3 with its module venv', 'python3', ['-m', 'venv', '--clear', home])) ??
      (await failureOf('the packages of requirements.txt', python, [
        ...['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', file],
      ]));
    if (failure) return { missing: failure };
    await writeFile(done, '');
  }
  const { stdout } = await run(python, ['-m', 'pip', 'freeze', '--disable-pip-version-check']);
  const asked = new Set([...requirements.matchAll(/^([\w.-]+)/gm)].map(([, one = '']) => one.toLowerCase()));
  const found = [...stdout.matchAll(/^([\w.-]+)==(\S+)$/gm)].map(([, one = '', version = '']) => [
    one,
    version,
  ]);
  const version = (await run(python, ['--version'])).stdout.replace('Python', '').trim();
  const packages = found.filter(([one = '']) => asked.has(one.toLowerCase()));
  return { python, versions: { python: version, ...Object.fromEntries(packages) } };
}

/** Why a command failed, in one line; undefined when it did not. */
async function failureOf(
  what: string,
  command: string,
  args: readonly string[],
): Promise<string | undefined> {
  try {
    await run(command, args, { timeout: longestInstallMs });
    return undefined;
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const last =
      text
        .trim()
        .split('\n')
        .findLast((line) => line.trim() !== '') ?? '';
    return `${what}: ${last.slice(0, 300)}`;
  }
}
