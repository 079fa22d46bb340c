import path from 'node:path';
import type { AgentProblem } from './agent-problem.ts';

const extension = '.yaml';
const longestName = 63;
const form = /^[a-z0-9][a-z0-9-]*$/;

/** Names that addresses of the service need for themselves: `/exotel/status` and `/exotel/resolve` are Exotel's. */
const reserved: ReadonlySet<string> = new Set(['status', 'resolve']);

/** The name that an agent file gives its agent. */
export function agentNameOf(file: string): string {
  return path.basename(file, extension);
}

/** What is wrong with the name of an agent file, if anything. */
export function nameFault(file: string): AgentProblem | undefined {
  const name = agentNameOf(file);
  const at = { file, line: 1, column: 1, path: '', hint: undefined };
  if (!file.endsWith(extension)) {
    return { ...at, expected: `a file name that ends in ${extension}`, found: path.basename(file) };
  }
  if (!form.test(name) || name.length > longestName) {
    const expected = `a file name of at most ${longestName} lower-case letters, digits and hyphens before ${extension}`;
    return { ...at, expected, found: path.basename(file) };
  }
  if (!reserved.has(name)) return undefined;
  return { ...at, expected: 'a name that no address of the service uses', found: name };
}
