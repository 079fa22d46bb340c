import { availableParallelism } from 'node:os';
import { delimiter } from 'node:path';
import { type Agent, exampleAgentsFolder, formatProblem, loadAgents } from '../agents/index.ts';
import { type Terminal, UserError } from './output.ts';

/** A port from the command line or the environment. @throws UserError naming what came */
export function readPort(text: string | undefined, fallback: number): number {
  if (text === undefined || text === '') return fallback;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new UserError(`PORT: expected a whole number from 0 to 65535, found "${text}"`, 2);
  }
  return port;
}

/** A length of time in ms from the environment. @throws UserError naming what came */
export function readMs(name: string, env: Terminal['env'], fallback: number, most: number): number {
  const text = env[name];
  if (text === undefined || text === '') return fallback;
  const ms = Number(text);
  if (!Number.isInteger(ms) || ms < 0 || ms > most) {
    throw new UserError(`${name}: expected a whole number from 0 to ${most} ms, found "${text}"`, 2);
  }
  return ms;
}

/** Most processes of one service. */
const mostWorkers = 64;

/** How many processes share the work; `auto` is one a core. @throws UserError naming what came */
export function readWorkers(text: string | undefined): number {
  if (!text) return 1;
  const workers = text === 'auto' ? availableParallelism() : Number(text);
  if (!Number.isInteger(workers) || workers < 1 || workers > mostWorkers) {
    throw new UserError(
      `workers: expected auto or a whole number from 1 to ${mostWorkers}, found "${text}"`,
      2,
    );
  }
  return workers;
}

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'silent'];

/** A log level from the command line or the environment. @throws UserError naming what came */
export function readLogLevel(text: string | undefined, fallback: string): string {
  const level = text || fallback;
  if (logLevels.includes(level)) return level;
  throw new UserError(`log level: expected one of ${logLevels.join(', ')}, found "${level}"`, 2);
}

/** The folder of the agent files: the option, then BAARI_AGENTS, then the examples. */
export function agentsFolder(option: string | undefined, env: Terminal['env']): string {
  return option ?? env.BAARI_AGENTS ?? exampleAgentsFolder;
}

/** Folders besides its own that an agent file may name files in: BAARI_AGENT_FILES, as PATH is written. */
export function readAgentFiles({ BAARI_AGENT_FILES: text }: Terminal['env']): string[] {
  return (text ?? '').split(delimiter).filter(Boolean);
}

/**
 * The agents of a folder; problems are told on stderr, and the good files are served all the same.
 *
 * @throws UserError when not one file is good
 */
export async function readAgents(
  folder: string,
  { env, stderr }: Terminal,
): Promise<ReadonlyMap<string, Agent>> {
  const { agents, problems } = await loadAgents(folder, { alsoFrom: readAgentFiles(env) });
  for (const problem of problems) stderr.write(`${formatProblem(problem)}\n`);
  if (agents.size === 0)
    throw new UserError(`no agent to serve: expected at least one good agent file in ${folder}`);
  return agents;
}
