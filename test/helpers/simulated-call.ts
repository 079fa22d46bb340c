import { tmpdir } from 'node:os';
import { type Agent, parseAgent } from '../../src/agents/index.ts';
import {
  type CallerMemory,
  type CallObserver,
  type CallParties,
  CallRegistry,
  type CallSummary,
  LiveCall,
  loadApology,
  type TranscriptLine,
  type TurnTimes,
  WarmStarts,
} from '../../src/call/index.ts';
import { createLog, type Log } from '../../src/observe/index.ts';
import { type ReplyAccount, SharedPlayoutClock } from '../../src/playout/index.ts';
import {
  type DialogueOutcome,
  type DialogueStep,
  type ExotelProfile,
  type FaultRule,
  type GeminiScript,
  type GeminiSession,
  runDialogue,
  SimulatedCaller,
  SimulatedGemini,
  type SimulatedGeminiOptions,
} from '../../src/sim/index.ts';
import { EnergyScorer } from '../../src/speech/index.ts';
import { SimulatedClock, seededChance } from '../../src/time/index.ts';
import { ToolSet } from '../../src/tools/index.ts';
import { type FrameSocket, memorySocketPair } from '../../src/wire/index.ts';

/** An event of a call with its time, ms since the call was accepted. */
export interface SeenEvent {
  readonly atMs: number;
  readonly event: { readonly type: string };
}

/** Everything that a call told its observers. */
class SeenCall implements CallObserver {
  readonly events: SeenEvent[] = [];
  readonly lines: TranscriptLine[] = [];
  readonly turns: TurnTimes[] = [];
  /** When it was told whom the caller will be passed on to, and the events that had come before. */
  readonly transfers: { readonly number: string; readonly before: number }[] = [];
  /** What was told to whoever takes the call over, and which branch the flow takes. */
  readonly summaries: string[] = [];
  readonly branches: (string | undefined)[] = [];
  readonly replies: { readonly account: ReplyAccount; readonly how: string; readonly atMs: number }[] = [];
  parties: CallParties | undefined;
  summary: CallSummary | undefined;

  started(parties: CallParties): void {
    this.parties = parties;
  }

  event(event: { readonly type: string }, atMs: number): void {
    this.events.push({ atMs, event });
  }

  line(line: TranscriptLine): void {
    this.lines.push(line);
  }

  transferring(number: string, summary: string): void {
    this.transfers.push({ number, before: this.events.length });
    this.summaries.push(summary);
  }

  branching(branch: string | undefined): void {
    this.branches.push(branch);
  }

  turn(times: TurnTimes): void {
    this.turns.push(times);
  }

  reply(account: ReplyAccount, how: string, atMs: number): void {
    this.replies.push({ account, how, atMs });
  }

  ended(summary: CallSummary): void {
    this.summary = summary;
  }

  /** The types of the events, in order. */
  get types(): string[] {
    return this.events.map(({ event }) => event.type);
  }
}

/** One caller and the call that serves them. */
export interface SimulatedCall {
  readonly caller: SimulatedCaller;
  readonly call: LiveCall;
  readonly seen: SeenCall;
}

/** What a simulated service differs in from the ordinary. */
export interface SimulatedServiceOptions {
  readonly script: GeminiScript;
  readonly seed?: number;
  /** Lines of an agent file behind its prompt. */
  readonly agent?: string;
  readonly faults?: readonly FaultRule[];
  readonly gemini?: Partial<SimulatedGeminiOptions>;
  readonly apiKey?: string;
  readonly tools?: ToolSet;
  readonly memory?: CallerMemory;
  readonly areRecordsKept?: boolean;
  readonly log?: Log;
  /** One way, between the service and the simulated Gemini, and between caller and service; ms. */
  readonly latencyMs?: number;
}

/** What one call differs in from the ordinary. */
export interface SimulatedCallOptions {
  readonly profile?: Partial<ExotelProfile>;
  readonly observers?: readonly CallObserver[];
}

/** Callers, the core of the service and a simulated Gemini in one process on one simulated clock; repeatable by seed. */
export class SimulatedService {
  readonly clock = new SimulatedClock();
  readonly gemini: SimulatedGemini;
  readonly agent: Agent;
  readonly registry = new CallRegistry();
  /** Ids of the calls that are over, in order. */
  readonly over: string[] = [];
  readonly #o: SimulatedServiceOptions;
  readonly #seed: number;
  readonly #sharedClock: SharedPlayoutClock;
  /** Sessions kept ready, where the agent wants some; they are set up from `start` on. */
  readonly warm: WarmStarts;
  #calls = 0;

  constructor(options: SimulatedServiceOptions) {
    this.#o = options;
    this.#seed = options.seed ?? 1;
    this.agent = agentOf(options.agent ?? '');
    this.#sharedClock = new SharedPlayoutClock(this.clock);
    this.warm = new WarmStarts({
      ...this.#line,
      agents: () => [this.agent],
      toolsFor: options.tools && (() => options.tools ?? new ToolSet()),
    });
    this.gemini = new SimulatedGemini({
      clock: this.clock,
      chance: seededChance(this.#seed),
      script: options.script,
      keepAudio: true,
      ...(options.faults ? { faults: options.faults } : {}),
      ...options.gemini,
    });
  }

  /** The connections to the simulated Gemini so far. */
  get sessions(): readonly GeminiSession[] {
    return this.gemini.sessions;
  }

  /** A caller dials; the call is taken at once. */
  dial({ profile = {}, observers = [] }: SimulatedCallOptions = {}): SimulatedCall {
    this.#calls += 1;
    const callId = `call-${this.#calls}`;
    const latencyMs = this.#o.latencyMs ?? 0;
    const [near, far] = memorySocketPair(this.clock, latencyMs);
    const caller = new SimulatedCaller({
      clock: this.clock,
      chance: seededChance(this.#seed * 1000 + this.#calls),
      address: `ws://127.0.0.1/exotel/${this.agent.name}`,
      dial: () => near,
      profile,
    });
    const seen = new SeenCall();
    const call = new LiveCall({
      callId,
      ...this.#line,
      warm: this.warm.of(this.agent),
      sharedClock: this.#sharedClock,
      socket: far,
      agent: this.agent,
      scorer: new EnergyScorer({ marginDb: this.agent.detector.thresholdDb }),
      apology: loadApology(),
      ...(this.#o.tools && { tools: this.#o.tools }),
      memory: this.#o.memory,
      areRecordsKept: this.#o.areRecordsKept,
      observers: [seen, ...observers],
      onOver: () => {
        this.over.push(callId);
        this.registry.remove(callId);
      },
    });
    this.registry.add(callId, call);
    caller.call();
    call.start();
    return { caller, call, seen };
  }

  /** Lets a caller go through `steps`; fails unless they end within `withinMs` of simulated time. */
  async talk(
    caller: SimulatedCaller,
    steps: readonly DialogueStep[],
    withinMs = 180_000,
  ): Promise<DialogueOutcome> {
    let outcome: DialogueOutcome | undefined;
    runDialogue(caller, steps).then((found) => {
      outcome = found;
    });
    await this.clock.run(withinMs, () => outcome !== undefined);
    if (!outcome) throw new Error(`expected the dialogue to end within ${withinMs} ms: ${caller.describe()}`);
    return outcome;
  }

  /** What calls and sessions have in common. */
  get #line() {
    return {
      clock: this.clock,
      log: this.#o.log ?? createLog({ level: 'silent' }),
      access: { apiKey: this.#o.apiKey ?? 'simulated', baseUrl: 'http://127.0.0.1:9' },
      dial: (url: string, headers: Record<string, string>) => this.#dialGemini(url, headers),
    };
  }

  #dialGemini(url: string, headers: Record<string, string>): FrameSocket {
    const [near, far] = memorySocketPair(this.clock, this.#o.latencyMs ?? 0);
    const { pathname, search } = new URL(url);
    this.gemini.accept(far, { path: pathname + search, headers });
    return near;
  }
}

/** An agent with a prompt and `lines` of its file. */
export function agentOf(lines: string): Agent {
  const parsed = parseAgent(`prompt: You take calls.\n${lines}`, 'agents/shop.yaml', {
    alsoFrom: ['.', tmpdir()],
  });
  if (parsed.ok) return parsed.agent;
  throw new Error(
    parsed.problems.map(({ path, expected, found }) => `${path}: ${expected}, ${found}`).join('\n'),
  );
}
