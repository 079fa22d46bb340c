import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Agent } from './agent.ts';
import { agentNameOf } from './agent-name.ts';
import type { AgentProblem } from './agent-problem.ts';
import { type ParsedAgent, parseAgent, type ReadOptions } from './parse-agent.ts';

/** The largest agent file that is read; a larger one is a problem of that file. */
const largestFileBytes = 1_048_576;

/** The agents of a folder, and what is wrong with the files that gave none. */
export interface LoadedAgents {
  /** By name, in the order of the names. */
  readonly agents: Map<string, Agent>;
  readonly problems: readonly AgentProblem[];
  /** What each agent file gave, by the name of the agent; undefined when the folder cannot be read. */
  readonly files: ReadonlyMap<string, ParsedAgent> | undefined;
}

/**
 * Reads every `<name>.yaml` of `folder`; a bad file is reported and leaves the others alone. Files of other kinds are
 * passed over, except `.yml`, which is surely meant to be an agent. A folder without agent files is a problem too.
 */
export async function loadAgents(folder: string, options?: ReadOptions): Promise<LoadedAgents> {
  const listed = await namesIn(folder);
  if (typeof listed === 'string')
    return {
      agents: new Map(),
      problems: [wholeFile(folder, 'a folder of agent files', listed)],
      files: undefined,
    };
  const names = listed.filter((name) => /^[^.].*\.ya?ml$/i.test(name)).sort();
  if (names.length === 0) {
    return {
      agents: new Map(),
      problems: [wholeFile(folder, 'at least one agent file, <name>.yaml', 'none')],
      files: new Map(),
    };
  }
  const parsed = await Promise.all(names.map((name) => loadAgentFile(path.join(folder, name), options)));
  const agents = parsed.flatMap((one) => (one.ok ? [[one.agent.name, one.agent] as const] : []));
  return {
    agents: new Map(agents),
    problems: parsed.flatMap((one) => (one.ok ? [] : one.problems)),
    files: new Map(parsed.map((one, index) => [agentNameOf(names[index] ?? ''), one])),
  };
}

/** Reads one agent file; a file that cannot be read is a problem, never an exception. */
export async function loadAgentFile(file: string, options?: ReadOptions): Promise<ParsedAgent> {
  const refuse = (expected: string, found: string): ParsedAgent => ({
    ok: false,
    problems: [wholeFile(file, expected, found)],
    names: [],
  });
  try {
    const { size } = await stat(file);
    if (size > largestFileBytes)
      return refuse(`a file of at most ${largestFileBytes} bytes`, `${size} bytes`);
    const bytes = await readFile(file);
    return parseAgent(new TextDecoder('utf-8', { fatal: true }).decode(bytes), file, options);
  } catch (error) {
    return refuse('a readable file of UTF-8 text', reasonOf(error));
  }
}

/** The names in a folder, or the reason why there are none to be had. */
async function namesIn(folder: string): Promise<string[] | string> {
  try {
    return await readdir(folder);
  } catch (error) {
    return reasonOf(error);
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return 'nothing there';
  if (code === 'ENOTDIR') return 'a file';
  if (code === 'EISDIR') return 'a folder';
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return 'bytes that are not UTF-8';
  return error.message;
}

function wholeFile(file: string, expected: string, found: string): AgentProblem {
  return { file, line: 1, column: 1, path: '', expected, found, hint: undefined };
}
