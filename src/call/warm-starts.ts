import { type Agent, variesByCall } from '../agents/index.ts';
import { type GeminiAccess, type GeminiDial, type SessionSource, WarmSessions } from '../gemini/index.ts';
import type { Log } from '../observe/index.ts';
import type { Clock } from '../time/index.ts';
import type { ToolSet } from '../tools/index.ts';
import { geminiSettings } from './policies.ts';

/** What sessions are set up with. */
export interface WarmStartOptions {
  /** The agents that there are now. */
  readonly agents: () => Iterable<Agent>;
  readonly clock: Clock;
  readonly log: Log;
  readonly access: GeminiAccess;
  readonly dial: GeminiDial;
  /** What the model of an agent can have done; nothing by default. */
  readonly toolsFor?: ((agent: Agent) => ToolSet) | undefined;
}

/** The sessions that are kept set up for the agents that want some. */
export class WarmStarts {
  readonly #o: WarmStartOptions;
  /** Sessions of an agent as its file was: those of another version of it do not fit. */
  readonly #byAgent = new Map<Agent, WarmSessions>();
  readonly #unfit = new Set<Agent>();
  #isStarted = false;

  constructor(options: WarmStartOptions) {
    this.#o = options;
    this.#follow();
  }

  /** Begins to set sessions up. */
  start(): void {
    this.#isStarted = true;
    for (const sessions of this.#byAgent.values()) sessions.start();
  }

  /** Agents have come, gone or changed. */
  agentsChanged(): void {
    if (this.#isStarted) this.#follow();
  }

  /** Where a call with an agent may find a session. */
  of(agent: Agent): SessionSource | undefined {
    return this.#byAgent.get(agent);
  }

  /** Drops all sessions. */
  close(): void {
    this.#isStarted = false;
    for (const sessions of this.#byAgent.values()) sessions.close();
  }

  #follow(): void {
    const agents = new Set(this.#o.agents());
    for (const [agent, sessions] of this.#byAgent) {
      if (agents.has(agent)) continue;
      this.#byAgent.delete(agent);
      sessions.close();
    }
    for (const agent of this.#unfit) if (!agents.has(agent)) this.#unfit.delete(agent);
    for (const agent of agents) {
      if (this.#byAgent.has(agent) || this.#unfit.has(agent)) continue;
      const sessions = this.#open(agent);
      if (sessions) this.#byAgent.set(agent, sessions);
      if (this.#isStarted) sessions?.start();
    }
  }

  #open(agent: Agent): WarmSessions | undefined {
    const { clock, log, access, dial, toolsFor } = this.#o;
    const { warmSessions: size, setupMs } = agent.limits;
    if (size === 0) return undefined;
    if (variesByCall(agent)) {
      log.warn({ agent: agent.name, because: 'variables' }, 'gemini.warmUnfit');
      this.#unfit.add(agent);
      return undefined;
    }
    const settings = geminiSettings(agent, toolsFor?.(agent).all);
    const options = { clock, access, dial, settings, size, setupMs };
    return new WarmSessions({ ...options, log: log.child({ agent: agent.name }) });
  }
}
