import type { Agent } from '../../src/agents/index.ts';
import { type CallObserver, type CallParties, type CallSummary, loadApology } from '../../src/call/index.ts';
import { BaariServer, type ServerOptions } from '../../src/server/index.ts';
import {
  type ExotelProfile,
  type GeminiScript,
  SimulatedCaller,
  SimulatedGemini,
  type SimulatedGeminiOptions,
} from '../../src/sim/index.ts';
import { createScorers, type Scorers } from '../../src/speech/index.ts';
import { SimulatedClock, seededChance } from '../../src/time/index.ts';
import { memorySocketPair } from '../../src/wire/index.ts';
import { MemoryLog } from './memory-log.ts';
import { agentOf } from './simulated-call.ts';

/** What differs from the ordinary. */
export interface SimulatedServerOptions {
  readonly script: GeminiScript;
  /** Lines of the agent's file behind its prompt. */
  readonly agent?: string;
  readonly gemini?: Partial<SimulatedGeminiOptions>;
  readonly server?: (clock: SimulatedClock) => Partial<ServerOptions>;
}

/** How a call ended, and when: ms of the clock. */
export interface EndedCall {
  readonly atMs: number;
  readonly summary: CallSummary;
  /** Undefined when its stream never started. */
  readonly parties: CallParties | undefined;
}

/** A whole server that takes any number of callers in memory, on one simulated clock. */
export class SimulatedServer {
  readonly clock: SimulatedClock;
  readonly log = new MemoryLog();
  readonly ended: EndedCall[] = [];
  readonly agent: Agent;
  readonly server: BaariServer;
  #dialled = 0;

  private constructor(options: SimulatedServerOptions, clock: SimulatedClock, scorers: Scorers) {
    this.clock = clock;
    this.agent = agentOf(options.agent ?? '');
    const gemini = new SimulatedGemini({
      clock,
      chance: seededChance(1),
      script: options.script,
      ...options.gemini,
    });
    this.server = new BaariServer({
      host: '127.0.0.1',
      port: 0,
      clock,
      chance: seededChance(2),
      log: this.log.log,
      agents: new Map([[this.agent.name, this.agent]]),
      access: { apiKey: 'simulated', baseUrl: 'http://gemini.simulated' },
      dial: (url, headers) => {
        const [near, far] = memorySocketPair(clock, 1);
        const { pathname, search } = new URL(url);
        gemini.accept(far, { path: `${pathname}${search}`, headers });
        return near;
      },
      scorers,
      apologyFor: () => loadApology(),
      observersFor: () => [this.#witness()],
      ...options.server?.(clock),
    });
  }

  static async open(options: SimulatedServerOptions): Promise<SimulatedServer> {
    const { log } = new MemoryLog();
    const clock = new SimulatedClock();
    const scorers = await createScorers({ kind: 'energy', clock, log, isSynchronous: true });
    return new SimulatedServer(options, clock, scorers);
  }

  /**
   * A caller dials and is connected to the server; `lost` attempts are never answered. `profile` is what differs from a
   * live line, `query` what stands behind the address.
   */
  dial(profile: Partial<ExotelProfile> = {}, query = '', lost = 0): SimulatedCaller {
    this.#dialled += 1;
    let attempts = 0;
    const caller = new SimulatedCaller({
      clock: this.clock,
      chance: seededChance(1000 + this.#dialled),
      address: `ws://baari.simulated/exotel/${this.agent.name}${query}`,
      dial: () => {
        attempts += 1;
        // an attempt that is not answered takes longer than anybody waits
        const isLost = attempts <= lost;
        const [near, far] = memorySocketPair(this.clock, isLost ? 3_600_000 : 1);
        if (!isLost) this.server.accept(this.agent.name, far);
        return near;
      },
      profile,
    });
    caller.call();
    return caller;
  }

  #witness(): CallObserver {
    let parties: CallParties | undefined;
    return {
      started: (who) => {
        parties = who;
      },
      ended: (summary) => this.ended.push({ atMs: this.clock.nowMs(), summary, parties }),
    };
  }

  /** Lets the clock run until `work` is done. @throws Error when it is not within `withinMs` of simulated time */
  async play<T>(work: Promise<T>, withinMs = 120_000): Promise<T> {
    let isDone = false;
    const done = (): void => {
      isDone = true;
    };
    work.then(done, done);
    await this.clock.run(withinMs, () => isDone);
    if (!isDone) throw new Error(`waited ${withinMs} ms of simulated time`);
    return work;
  }
}
