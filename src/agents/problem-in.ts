import { readFileSync } from 'node:fs';
import type { Agent } from './agent.ts';
import type { AgentProblem } from './agent-problem.ts';
import { pathText } from './finding.ts';
import { readYaml, type Step } from './yaml-text.ts';

/** A problem of an agent that was read well: something that it refers to is not as it must be. */
export function problemIn(
  { source: { file } }: Agent,
  path: readonly Step[],
  expected: string,
  found: string,
): AgentProblem {
  return { file, ...placeOf(file, path), path: pathText(path), expected, found, hint: undefined };
}

function placeOf(file: string, path: readonly Step[]): { line: number; column: number } {
  try {
    return readYaml(readFileSync(file, 'utf8')).valueAt(path);
  } catch {
    // it has gone since
    return { line: 1, column: 1 };
  }
}
