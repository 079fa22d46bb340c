import { type Agent, variesByCall } from '../agents/index.ts';
import { type GeminiAccess, type GeminiDial, type SessionSource, WarmSessions } from '../gemini/index.ts';
import type { Log } from '../observe/index.ts';
import type { Clock } from '../time/index.ts';
import type { ToolSet } from '../tools/index.ts';
import { geminiSettings } from './policies.ts';

/** What sessions are set up with. */
export interface WarmStartOptions {
  readonly agents: Iterable<Agent>;
  readonly clock: Clock;
  readonly log: Log;
  readonly access: GeminiAccess;
  readonly dial: GeminiDial;
  /** What the model of an agent can have done; nothing by default. */
  readonly toolsFor?: ((agent: Agent) => ToolSet) | undefined;
}

/** The sessions that are kept set up for the agents that want some. */
export class WarmStarts {
  readonly #byAgent = new Map<string, WarmSessions>();

  constructor({ agents, clock, log, access, dial, toolsFor }: WarmStartOptions) {
    for (const agent of agents) {
      const { warmSessions: size, setupMs } = agent.limits;
      if (size === 0) continue;
      if (variesByCall(agent)) {
        log.warn({ agent: agent.name, because: 'variables' }, 'gemini.warmUnfit');
        continue;
      }
      const settings = geminiSettings(agent, toolsFor?.(agent).all);
      const options = { clock, access, dial, settings, size, setupMs };
      this.#byAgent.set(agent.name, new WarmSessions({ ...options, log: log.child({ agent: agent.name }) }));
    }
  }

  /** Begins to set sessions up. */
  start(): void {
    for (const sessions of this.#byAgent.values()) sessions.start();
  }

  /** Where a call with an agent may find a session. */
  of(agent: Agent): SessionSource | undefined {
    return this.#byAgent.get(agent.name);
  }

  /** Drops all sessions. */
  close(): void {
    for (const sessions of this.#byAgent.values()) sessions.close();
  }
}
