import { BlockList } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { type Agent, addRange } from '../agents/index.ts';
import { type CallLedger, loadPleaseHold, MemoryCallLedger, type Sentence } from '../call/index.ts';
import type { Log } from '../observe/index.ts';
import type { SharedPlayoutClock } from '../playout/index.ts';
import type { Chance, Clock } from '../time/index.ts';
import type { FrameSocket } from '../wire/index.ts';
import { type StreamPath, streamAddress } from './addresses.ts';
import { type AdmissionLimits, usualLimits } from './admission.ts';
import { AgentNumbers } from './agent-numbers.ts';
import { type Arrival, Arrivals } from './arrivals.ts';
import type { DoorOptions } from './door-options.ts';
import { exotelRoutes } from './exotel-routes.ts';
import { Guard } from './guard.ts';
import { calmLoop, type LoopLag } from './loop-lag.ts';
import { PathTokens } from './path-tokens.ts';
import { Proxies, type RequestFacts } from './proxies.ts';
import type { Refusal } from './refusal.ts';

/** What the doors are built from. */
export interface DoorsOptions {
  readonly clock: Clock;
  readonly sharedClock: SharedPlayoutClock;
  readonly chance: Chance;
  readonly log: Log;
  readonly agents: ReadonlyMap<string, Agent>;
  readonly apologyFor: (agent: Agent) => Sentence;
  /** Makes a call of a stream. */
  readonly answer: (arrival: Arrival, socket: FrameSocket) => void;
  /** The address Baari listens on. */
  readonly ownAddress: () => string;
  /** Whether no new calls are taken any more. */
  readonly isStopping: () => boolean;
  readonly options: DoorOptions;
  /** Told of each request that is refused; streams are told of elsewhere. */
  readonly refused: (status: number) => void;
}

/** Connections beyond the calls: for requests, and for streams that are being refused. */
const spareConnections = 1000;

/** The addresses that Exotel calls, who may enter there, and whether there is room. */
export class Doors {
  /** What is known of calls by Exotel's id: how they ended, and what shall happen next. */
  readonly ledger: CallLedger;
  readonly arrivals: Arrivals;
  readonly #o: DoorsOptions;
  readonly #limits: AdmissionLimits;
  readonly #loopLag: LoopLag;
  readonly #proxies: Proxies;
  readonly #tokens: PathTokens;
  readonly #guard: Guard;
  readonly #numbers = new AgentNumbers();

  constructor(o: DoorsOptions) {
    const { clock, chance, options } = o;
    const trusted = new BlockList();
    for (const range of options.trustedProxies ?? []) addRange(trusted, range);
    this.#o = o;
    this.#limits = { ...usualLimits, ...options.limits };
    this.#loopLag = options.loopLag ?? calmLoop;
    this.#proxies = new Proxies(trusted, options.publicUrl);
    this.#tokens = new PathTokens(options.secret ?? chance.hexId(32), clock);
    this.#guard = new Guard({
      proxies: this.#proxies,
      tokens: this.#tokens,
      passwordOf: options.passwordOf ?? (() => undefined),
      log: o.log,
    });
    this.ledger = options.ledger ?? new MemoryCallLedger(clock);
    this.arrivals = new Arrivals({
      ...o,
      ledger: this.ledger,
      limits: this.#limits,
      loopLag: this.#loopLag,
      pleaseHoldFor: options.pleaseHoldFor ?? (() => loadPleaseHold()),
    });
  }

  /** Opens the addresses on `http`; streams come in by {@link decide}. */
  open(http: FastifyInstance): void {
    const { log, agents, ownAddress, isStopping, refused, options } = this.#o;
    const numbers = this.#numbers;
    this.agentsChanged();
    http.server.maxConnections = this.#limits.maxCalls + this.#limits.maxParked + spareConnections;
    const parts = { guard: this.#guard, tokens: this.#tokens, proxies: this.#proxies, ledger: this.ledger };
    const statusTold = options.statusTold ?? (() => undefined);
    http.register(
      exotelRoutes({ log, agents, numbers, ownAddress, isStopping, refused, statusTold, ...parts }),
    );
  }

  /** Agents have come, gone or changed. */
  agentsChanged(): void {
    const { log, agents } = this.#o;
    for (const problem of this.#numbers.give(agents.values())) log.warn(problem, 'agent.numberUnusable');
  }

  /** Whether a stream may come in, and then what takes it. */
  async decide(
    { agent: name, token }: StreamPath,
    facts: RequestFacts,
    requestId?: string,
  ): Promise<Refusal | ((socket: FrameSocket) => void)> {
    const agent = this.#o.agents.get(name);
    if (!agent) return { status: 404, reason: `there is no agent named "${name}" here` };
    const verdict = await this.#guard.check({ agent, facts, token, use: 'stream', isStream: true });
    return 'status' in verdict ? verdict : this.arrivals.receive({ agent, requestId, ...verdict });
  }

  /** The path for status callbacks of Exotel's about calls with an agent; its bearer needs no credentials. */
  async callbackPath(agent: string): Promise<string> {
    return `/exotel/status/t/${await this.#tokens.issue('callback', { agent, callSid: undefined })}`;
  }

  /** The address of a client, as far as proxies that are trusted tell it. */
  clientOf(facts: RequestFacts): string {
    return this.#proxies.clientOf(facts);
  }

  /** The base address under which whoever asks reached Baari, `ws:` or `wss:`. */
  streamBaseFor(facts: RequestFacts): string {
    return this.#proxies.streamBaseOf(facts) ?? this.#o.ownAddress().replace(/^http/, 'ws');
  }

  /** A path, relative to the service's own, that lets its bearer stream to an agent for two minutes. */
  async streamPath(agent: string): Promise<string> {
    const token = await this.#tokens.issue('stream', { agent, callSid: undefined });
    return streamAddress('', agent, token).replace(/^\//, '');
  }

  /** Begins to measure: the server listens. */
  start(): void {
    this.#loopLag.start();
  }

  close(): void {
    this.#loopLag.stop();
  }
}
