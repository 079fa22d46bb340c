import type { Agent } from './agent.ts';
import type { AgentProblem } from './agent-problem.ts';
import { type LoadedAgents, loadAgents } from './load-agents.ts';

/** What reading an agent file again came to; `failed` leaves the agent as it was, if there was one. */
export type ReloadResult = 'added' | 'changed' | 'removed' | 'failed';

/** What became of one agent when the files were read again. */
export interface AgentReload {
  readonly name: string;
  readonly result: ReloadResult;
  /** Of `failed`: what is wrong with the file. */
  readonly problems: readonly AgentProblem[];
  /** What new calls get; undefined when there is no such agent. */
  readonly agent: Agent | undefined;
}

/** What live agents are made of. */
export interface LiveAgentsOptions {
  readonly folder: string;
  /** Further folders that agent files may name files in. */
  readonly alsoFrom?: readonly string[];
  /** Why a good file cannot be served here, such as a password that is not there; undefined when it can. */
  readonly admit?: (agent: Agent) => Promise<AgentProblem | undefined>;
}

/**
 * The agents of a folder, kept as their files are.
 *
 * Invariant: `agents` holds only what a good file said; a broken one changes nothing until it is good again or gone.
 */
export class LiveAgents {
  readonly #agents = new Map<string, Agent>();
  readonly #broken = new Map<string, readonly AgentProblem[]>();
  readonly #o: LiveAgentsOptions;
  #names: readonly string[] = [];
  #reading: Promise<AgentReload[]> | undefined;

  constructor(options: LiveAgentsOptions) {
    this.#o = options;
  }

  /** What new calls get, by name; changed in place. */
  get agents(): ReadonlyMap<string, Agent> {
    return this.#agents;
  }

  /** What is wrong with the files that are broken now, by the name of the agent. */
  get broken(): ReadonlyMap<string, readonly AgentProblem[]> {
    return this.#broken;
  }

  /** Every file and folder that the agent files name, absolute, missing ones too. */
  get names(): readonly string[] {
    return this.#names;
  }

  /** Reads the files for the first time: all that is wrong with them, and with the folder. */
  async open(): Promise<readonly AgentProblem[]> {
    const loaded = await this.#load();
    await this.#follow(loaded);
    const ofFiles = [...this.#broken.values()].flat();
    return ofFiles.length > 0 ? ofFiles : loaded.problems;
  }

  /** Reads the files again, one reading after the other: what has changed. */
  async reload(): Promise<AgentReload[]> {
    const read = async (): Promise<AgentReload[]> => this.#follow(await this.#load());
    const reading = this.#reading ? this.#reading.then(read, read) : read();
    this.#reading = reading;
    return reading;
  }

  #load(): Promise<LoadedAgents> {
    return loadAgents(this.#o.folder, this.#o);
  }

  async #follow({ files, problems }: LoadedAgents): Promise<AgentReload[]> {
    // a folder that is away for a moment takes no agent with it
    if (!files) return this.#fail('', problems);
    this.#broken.delete('');
    const reloads: AgentReload[] = [];
    const names: string[] = [];
    for (const [name, parsed] of files) {
      names.push(...(parsed.ok ? parsed.agent.source.names : parsed.names));
      if (!parsed.ok) {
        reloads.push(...this.#fail(name, parsed.problems));
        continue;
      }
      const { agent } = parsed;
      const before = this.#agents.get(name);
      const isSame = before?.source.hash === agent.source.hash;
      if (isSame && !this.#broken.has(name)) continue;
      const refusal = await this.#o.admit?.(agent);
      if (refusal) {
        reloads.push(...this.#fail(name, [refusal]));
        continue;
      }
      this.#broken.delete(name);
      this.#agents.set(name, agent);
      reloads.push({ name, result: before ? 'changed' : 'added', problems: [], agent });
    }
    for (const name of [...this.#agents.keys(), ...this.#broken.keys()]) {
      if (files.has(name)) continue;
      this.#broken.delete(name);
      if (this.#agents.delete(name))
        reloads.push({ name, result: 'removed', problems: [], agent: undefined });
    }
    this.#names = names;
    return reloads;
  }

  /** Nothing is told twice of a file that stays as broken as it was. */
  #fail(name: string, problems: readonly AgentProblem[]): AgentReload[] {
    const known = this.#broken.get(name);
    if (known && JSON.stringify(known) === JSON.stringify(problems)) return [];
    this.#broken.set(name, problems);
    return [{ name, result: 'failed', problems, agent: this.#agents.get(name) }];
  }
}
