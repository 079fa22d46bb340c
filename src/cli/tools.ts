import { type Agent, type AgentProblem, problemIn } from '../agents/index.ts';
import type { Timer } from '../time/index.ts';
import {
  AgentTools,
  type SecretOf,
  secretsNeeded,
  type ToolSet,
  type ToolSurroundings,
} from '../tools/index.ts';
import { readSmallFile } from './door-settings.ts';
import type { Terminal } from './output.ts';

/** What the tools of all agents are built with. */
export interface ToolBookOptions extends Omit<ToolSurroundings, 'secretOf'> {
  readonly env: Terminal['env'];
}

/** Beyond the longest call, for goodbyes and last words, ms. */
const partingMs = 60_000;

/** The tools of each agent, built when they are first asked for, and kept for all its calls. */
export class ToolBook {
  readonly #around: ToolSurroundings;
  // a rehearsal changes copies of an agent; its tools stay the same
  readonly #built = new Map<Agent['tools'], { readonly agent: Agent; readonly tools: AgentTools }>();
  readonly #retired = new Map<AgentTools, Timer>();

  constructor({ env, ...options }: ToolBookOptions) {
    this.#around = { ...options, secretOf: secretsOf(env) };
  }

  /** The tools of `agent`. */
  readonly toolsFor = (agent: Agent): ToolSet => this.#of(agent).set;

  /** Starts what `agents` need before their first call; what others had is closed once their calls must be over. */
  follow(agents: Iterable<Agent>): void {
    const current = [...agents];
    const kept = new Set(current.map(({ tools }) => tools));
    for (const [declared, { agent, tools }] of this.#built) {
      if (kept.has(declared)) continue;
      this.#built.delete(declared);
      this.#retire(tools, agent.limits.longestCallMin * 60_000 + partingMs);
    }
    for (const agent of current) this.#of(agent).start();
  }

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
    const all = [...this.#built.values()].map(({ tools }) => tools);
    for (const [tools, timer] of this.#retired) {
      this.#around.clock.clearTimeout(timer);
      all.push(tools);
    }
    this.#built.clear();
    this.#retired.clear();
    await Promise.all(all.map((tools) => tools.close()));
  }

  #of(agent: Agent): AgentTools {
    const known = this.#built.get(agent.tools);
    if (known) return known.tools;
    const tools = new AgentTools(agent, this.#around);
    this.#built.set(agent.tools, { agent, tools });
    return tools;
  }

  #retire(tools: AgentTools, inMs: number): void {
    const timer = this.#around.clock.setTimeout(() => {
      this.#retired.delete(tools);
      tools.close();
    }, inMs);
    this.#retired.set(tools, timer);
  }
}

/** Reads secrets where agent files say they are. */
function secretsOf(env: Terminal['env']): SecretOf {
  return ({ env: name, file }) => {
    if (name !== undefined) return env[name] || undefined;
    return file === undefined ? undefined : readSmallFile(file) || undefined;
  };
}
