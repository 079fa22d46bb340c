import { basename } from 'node:path';
import {
  type Agent,
  type AgentProblem,
  type AgentReload,
  FileWatch,
  formatProblem,
  LiveAgents,
} from '../agents/index.ts';
import { forgetSentences, loadApology, loadSentence, type Sentence } from '../call/index.ts';
import type { Log, Metrics } from '../observe/index.ts';
import type { Clock } from '../time/index.ts';
import { type AgentFault, forgetPasswords, passwordFault } from './door-settings.ts';
import { type Terminal, UserError } from './output.ts';
import { agentsFolder, readAgentFiles } from './settings.ts';

/** What the agents of a service are read with. */
export interface ServedAgentsOptions {
  /** The folder of the agent files, when the command line names one. */
  readonly folder: string | undefined;
  readonly terminal: Terminal;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  /** No agent at all is no reason not to start: others of the service have some. */
  readonly mayBeNone: boolean;
}

/** Whether a good file can be served, and who is told once it is. */
export interface AgentsFollower {
  /** Why an agent cannot be served; undefined when it can. */
  readonly admit: (agent: Agent) => Promise<AgentFault | undefined>;
  /** Agents have come, gone or changed. */
  readonly changed: () => void;
}

/** The agents of a running service: they follow their files. */
export class ServedAgents {
  readonly #o: ServedAgentsOptions;
  readonly #folder: string;
  readonly #live: LiveAgents;
  #follower: AgentsFollower | undefined;
  #watch: FileWatch | undefined;

  /** @throws UserError when not one agent can be served */
  static async open(options: ServedAgentsOptions): Promise<ServedAgents> {
    const served = new ServedAgents(options);
    await served.#open();
    return served;
  }

  private constructor(options: ServedAgentsOptions) {
    this.#o = options;
    const { env } = options.terminal;
    this.#folder = agentsFolder(options.folder, env);
    this.#live = new LiveAgents({
      folder: this.#folder,
      alsoFrom: readAgentFiles(env),
      admit: (agent) => this.#admit(agent),
    });
  }

  /** What new calls get, by name; changed in place. */
  get agents(): ReadonlyMap<string, Agent> {
    return this.#live.agents;
  }

  /** The names of agents whose file is broken now. */
  get broken(): Iterable<string> {
    return this.#live.broken.keys();
  }

  /** What is wrong with the files that are broken now, a sentence each, by the name of the agent. */
  get problems(): ReadonlyMap<string, readonly string[]> {
    const told = ({ file, ...problem }: AgentProblem): string =>
      formatProblem({ ...problem, file: basename(file) });
    return new Map([...this.#live.broken].map(([name, problems]) => [name, problems.map(told)]));
  }

  /** The apology of an agent; the shipped one where its own cannot be used. */
  readonly apologyFor = ({ apology: { clip } }: Agent): Sentence => {
    try {
      return loadApology(clip);
    } catch {
      return loadApology();
    }
  };

  /** Follows the files from now on, unless BAARI_AGENTS_WATCH says `off`; resolves once every change is noticed. */
  async follow(follower: AgentsFollower): Promise<void> {
    const { clock, log, terminal } = this.#o;
    this.#follower = follower;
    const how = readWatch(terminal.env);
    if (how === 'off') return;
    this.#watch = new FileWatch({
      clock,
      folder: this.#folder,
      polls: how === 'poll',
      changed: () => this.reload(),
      failed: ({ message }) => log.warn({ message, instead: 'SIGHUP' }, 'agents.watchFailed'),
    });
    this.#watch.follow(this.#live.names);
    // what was written since the files were read
    await this.#watch.ready();
    await this.reload();
  }

  /** Reads the files again, now; never rejects. */
  async reload(): Promise<void> {
    try {
      await this.#reload();
    } catch (error) {
      const message = error instanceof Error ? error.message : 'unknown';
      this.#o.log.error({ message, kept: 'all agents' }, 'agents.unreadable');
    }
  }

  async #reload(): Promise<void> {
    forgetPasswords();
    const reloads = await this.#live.reload();
    for (const { agent } of reloads) if (agent) forgetSentences(agent.source.names);
    for (const reload of reloads) this.#tell(reload);
    this.#watch?.follow(this.#live.names);
    if (reloads.some(({ result }) => result !== 'failed')) this.#follower?.changed();
  }

  async close(): Promise<void> {
    await this.#watch?.close();
  }

  async #open(): Promise<void> {
    const { terminal, mayBeNone } = this.#o;
    const problems = await this.#live.open();
    for (const problem of problems) terminal.stderr.write(`${formatProblem(problem)}\n`);
    if (this.agents.size === 0 && !mayBeNone) {
      throw new UserError(`no agent to serve: expected at least one good agent file in ${this.#folder}`);
    }
    for (const agent of this.agents.values()) {
      for (const fault of clipFaults(agent)) terminal.stderr.write(`${agent.source.file}: ${fault}\n`);
    }
  }

  async #admit(agent: Agent): Promise<AgentProblem | undefined> {
    const fault = passwordFault(agent, this.#o.terminal.env) ?? (await this.#follower?.admit(agent));
    if (fault === undefined) return undefined;
    const { path, expected, found } = fault;
    return { file: agent.source.file, line: 1, column: 1, path, expected, found, hint: undefined };
  }

  #tell({ name, result, problems, agent }: AgentReload): void {
    const { log, metrics } = this.#o;
    metrics.agentReloads.inc({ agent: name || '(folder)', result });
    if (result !== 'failed') {
      log.info({ agent: name, result, version: agent?.source.hash }, 'agent.reloaded');
      const faults = agent ? clipFaults(agent) : [];
      for (const problem of faults) log.warn({ agent: name, problem }, 'agent.clipUnusable');
      return;
    }
    const kept = agent ? agent.source.hash : name === '' ? 'all agents' : 'no agent';
    for (const problem of problems) {
      log.error({ agent: name, problem: formatProblem(problem), kept }, 'agent.reloadFailed');
    }
  }
}

/** What is wrong with an agent's own recordings, so that it is known before the first call. */
function clipFaults({ apology, greeting, records }: Agent): string[] {
  const instead = 'the model speaks in its place';
  return [
    ...clipFault('apology.clip', apology.clip, 'the shipped apology is used'),
    ...clipFault('greeting.clip', greeting.clip, instead),
    ...clipFault('records.announcement_clip', records.announcementClip, instead),
  ];
}

function clipFault(field: string, clip: string | undefined, instead: string): string[] {
  try {
    if (clip !== undefined) loadSentence(clip);
    return [];
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown';
    return [`${field}: ${reason}; ${instead}`];
  }
}

/** @throws UserError naming what came */
function readWatch({ BAARI_AGENTS_WATCH: text }: Terminal['env']): 'auto' | 'poll' | 'off' {
  if (!text || text === 'auto') return 'auto';
  if (text === 'poll' || text === 'off') return text;
  throw new UserError(`BAARI_AGENTS_WATCH: expected auto, poll or off, found "${text}"`, 2);
}
