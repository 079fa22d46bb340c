import { type Agent, type AgentProblem, problemIn } from '../agents/index.ts';
import type { Chance, Clock } from '../time/index.ts';
import {
  type AgentTools,
  type SecretOf,
  secretsNeeded,
  type ToolSet,
  type ToolSurroundings,
  toolSetOf,
} from '../tools/index.ts';
import { readSmallFile } from './door-settings.ts';
import type { Terminal } from './output.ts';

/** What the tools of all agents are built with. */
export interface ToolBookOptions extends Pick<ToolSurroundings, 'builtIn'> {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly env: Terminal['env'];
}

/** The tools of each agent, built when they are first asked for, and kept for all its calls. */
export class ToolBook {
  readonly #around: ToolSurroundings;
  // a rehearsal changes copies of an agent; its tools stay the same
  readonly #built = new Map<Agent['tools'], AgentTools>();

  constructor({ env, ...options }: ToolBookOptions) {
    this.#around = { ...options, secretOf: secretsOf(env) };
  }

  /** The tools of `agent`. */
  readonly toolsFor = (agent: Agent): ToolSet => {
    const known = this.#built.get(agent.tools);
    if (known) return known.set;
    const built = toolSetOf(agent, this.#around);
    this.#built.set(agent.tools, built);
    return built.set;
  };

  /** What keeps tools of `agent` from working here: secrets that are not there. */
  readonly problemsOf = (agent: Agent): readonly AgentProblem[] =>
    secretsNeeded(agent).flatMap(({ path, reference }) => {
      if (this.#around.secretOf(reference) !== undefined) return [];
      const expected = reference.env
        ? `a secret in the environment variable ${reference.env}`
        : `a readable file with a secret at ${reference.file}`;
      return [problemIn(agent, path, expected, 'none')];
    });

  /** Closes what the tools hold open. */
  async close(): Promise<void> {
    const all = [...this.#built.values()];
    this.#built.clear();
    await Promise.all(all.map((tools) => tools.close()));
  }
}

/** Reads secrets where agent files say they are. */
function secretsOf(env: Terminal['env']): SecretOf {
  return ({ env: name, file }) => {
    if (name !== undefined) return env[name] || undefined;
    return file === undefined ? undefined : readSmallFile(file) || undefined;
  };
}
