import type { Agent } from '../../agents/index.ts';
import type { CallObserver } from '../../call/index.ts';
import { loadApology } from '../../call/index.ts';
import type { GeminiAccess, GeminiDial } from '../../gemini/index.ts';
import type { Log } from '../../observe/index.ts';
import { BaariServer, streamAddress } from '../../server/index.ts';
import {
  faultsOf,
  type GeminiSession,
  type Scenario,
  SimulatedCaller,
  type SimulatedCallerOptions,
  SimulatedGemini,
  scriptOf,
} from '../../sim/index.ts';
import type { Scorers } from '../../speech/index.ts';
import { type Clock, SimulatedClock, seededChance, systemClock } from '../../time/index.ts';
import type { ToolSet } from '../../tools/index.ts';
import { memorySocketPair } from '../../wire/index.ts';
import { geminiDial, type WayToGemini } from '../gemini-access.ts';

/** Everything one rehearsed call needs. */
export interface Stage {
  readonly clock: Clock;
  readonly caller: SimulatedCaller;
  readonly sessions: () => readonly GeminiSession[];
  /** Lets the call go on until `work` is done. */
  play(work: Promise<unknown>): Promise<void>;
  close(): Promise<void>;
}

/** What a stage is set for. */
export interface StageOptions {
  readonly scenario: Scenario;
  readonly agent: Agent;
  readonly seed: number;
  readonly log: Log;
  /** Tells speech from noise on the clock of the stage. */
  readonly scorersOn: (agent: Agent, clock: Clock) => Promise<Scorers>;
  readonly observers?: readonly CallObserver[];
  /** What the model of the agent can have done; nothing by default. */
  readonly tools?: ToolSet;
  /** Google's server instead of the simulated one. */
  readonly google?: WayToGemini;
}

/** One way on simulated wires, ms. */
const latencyMs = 1;
/** Simulated time runs in stretches of this, ms. */
const stretchMs = 1000;

/** Sets one call up over real sockets, in real time. */
export async function realStage(options: StageOptions): Promise<Stage> {
  const clock = systemClock;
  const gemini = options.google ? undefined : await SimulatedGemini.listen(simulatorOptions(options, clock));
  const simulated = { access: { apiKey: 'simulated', baseUrl: gemini?.url }, dial: geminiDial() };
  const { access, dial } = options.google ?? simulated;
  const scorers = await options.scorersOn(options.agent, clock);
  const server = serverOf(options, clock, access, dial, scorers);
  const base = await server.listen();
  const caller = callerOf(options, clock, streamAddress(base, options.agent.name));
  return {
    clock,
    caller,
    sessions: () => gemini?.gemini.sessions ?? [],
    async play(work) {
      await work;
    },
    async close() {
      await server.stop();
      await gemini?.close();
    },
  };
}

/** Sets one call up in memory on one simulated clock: the same parts, the same transitions, much faster. */
export async function simulatedStage(options: StageOptions): Promise<Stage> {
  const clock = new SimulatedClock();
  const scorers = await options.scorersOn(options.agent, clock);
  const gemini = new SimulatedGemini(simulatorOptions(options, clock));
  const dial: GeminiDial = (url, headers) => {
    const [near, far] = memorySocketPair(clock, latencyMs);
    const { pathname, search } = new URL(url);
    gemini.accept(far, { path: `${pathname}${search}`, headers });
    return near;
  };
  const server = serverOf(
    options,
    clock,
    { apiKey: 'simulated', baseUrl: 'http://gemini.simulated' },
    dial,
    scorers,
  );
  const caller = callerOf(options, clock, `ws://baari.simulated/exotel/${options.agent.name}`, {
    dial: () => {
      const [near, far] = memorySocketPair(clock, latencyMs);
      server.accept(options.agent.name, far);
      return near;
    },
  });
  return {
    clock,
    caller,
    sessions: () => gemini.sessions,
    async play(work) {
      let isDone = false;
      const done = work.then(
        () => {
          isDone = true;
        },
        () => {
          isDone = true;
        },
      );
      while (!isDone) await clock.run(stretchMs, () => isDone);
      await done;
    },
    async close() {
      const stopped = server.stop();
      let isDone = false;
      stopped.then(() => {
        isDone = true;
      });
      for (let i = 0; i < 20 && !isDone; i += 1) await clock.run(stretchMs, () => isDone);
      await stopped;
    },
  };
}

function simulatorOptions({ scenario, seed }: StageOptions, clock: Clock) {
  return {
    clock,
    chance: seededChance(seed),
    script: scriptOf(scenario),
    faults: faultsOf(scenario),
    setupMs: scenario.model.setup_ms,
    keepAudio: true,
  };
}

function serverOf(
  { agent, seed, log, tools, observers = [] }: StageOptions,
  clock: Clock,
  access: GeminiAccess,
  dial: GeminiDial,
  scorers: Scorers,
) {
  return new BaariServer({
    host: '127.0.0.1',
    port: 0,
    clock,
    chance: seededChance(seed + 1),
    log,
    agents: new Map([[agent.name, agent]]),
    access,
    dial,
    scorers,
    apologyFor: () => loadApology(),
    ...(tools && { toolsFor: () => tools }),
    // as in a service that keeps them: an announcement is rehearsed too
    areRecordsKept: true,
    observersFor: () => observers,
  });
}

/** The caller of a scenario, who dials `address`; `other` is what differs besides. */
export function callerOf(
  { scenario, seed }: StageOptions,
  clock: Clock,
  address: string,
  other: Pick<SimulatedCallerOptions, 'dial' | 'from'> = {},
): SimulatedCaller {
  const { line, parameters } = scenario;
  const query = new URLSearchParams(parameters).toString();
  return new SimulatedCaller({
    clock,
    chance: seededChance(seed + 2),
    address: query === '' ? address : `${address}?${query}`,
    ...other,
    profile: {
      ...(line.echo_db === undefined
        ? {}
        : { echo: { returnLossDb: line.echo_db, delayMs: line.echo_delay_ms } }),
      ...(line.noise_dbov === undefined ? {} : { noiseDbov: line.noise_dbov }),
    },
  });
}
