import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import path from 'node:path';
import { z } from 'zod';

const repository = path.resolve(import.meta.dirname, '../../..');
const libraries = ['xstate', 'ws', '@google/genai'];
const manifest = z.object({ version: z.string() });

/** Where it was measured. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  /** In binary gigabytes. */
  readonly memoryGiB: number;
  readonly kernel: string;
}

export function thisMachine(): Machine {
  const all = cpus();
  return {
    cpu: all[0]?.model.trim() ?? 'unknown',
    cores: all.length,
    memoryGiB: Math.round((totalmem() / 2 ** 30) * 10) / 10,
    kernel: `${type()} ${release()}`,
  };
}

/** What was measured: Node, Baari with its commit, and the libraries whose speed is part of the figures. */
export function theseVersions(): Record<string, string> {
  return {
    node: process.versions.node,
    baari: versionIn(path.join(repository, 'package.json')),
    commit: commit(),
    ...Object.fromEntries(
      libraries.map((name) => [name, versionIn(path.join(repository, 'node_modules', name, 'package.json'))]),
    ),
  };
}

function versionIn(file: string): string {
  return manifest.parse(JSON.parse(readFileSync(file, 'utf8'))).version;
}

/** With `+` behind it where files differ from it. */
function commit(): string {
  const git = (...args: string[]): string =>
    execFileSync('git', args, { cwd: repository, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    const id = git('rev-parse', '--short=12', 'HEAD').trim();
    return git('status', '--porcelain', '--untracked-files=no') === '' ? id : `${id}+`;
  } catch {
    // an unpacked archive
    return 'unknown';
  }
}
