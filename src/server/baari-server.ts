import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import fastify, { type FastifyInstance } from 'fastify';
import type { Agent } from '../agents/index.ts';
import {
  type CallerMemory,
  type CallObserver,
  CallRegistry,
  LiveCall,
  type Sentence,
  WarmStarts,
} from '../call/index.ts';
import { type GeminiAccess, type GeminiDial, hasPrice } from '../gemini/index.ts';
import type { OtherProcesses } from '../inspection/index.ts';
import { type Log, measureCall, traceCall } from '../observe/index.ts';
import { SharedPlayoutClock } from '../playout/index.ts';
import type { RecordStore } from '../records/index.ts';
import type { Scorers } from '../speech/index.ts';
import { type Chance, type Clock, delay, within } from '../time/index.ts';
import type { ToolSet } from '../tools/index.ts';
import type { FrameSocket } from '../wire/index.ts';
import { longestToken, streamAddress } from './addresses.ts';
import { apiRoutes } from './api/api-routes.ts';
import { ApiTokens } from './api/api-tokens.ts';
import { ApiGate } from './api/gate.ts';
import type { LiveCalls } from './api/live-endpoints.ts';
import { watchBy } from './api/may-watch.ts';
import type { Outbound } from './api/outbound-endpoints.ts';
import type { Arrival } from './arrivals.ts';
import type { Certificate } from './certificate.ts';
import { serveConsole } from './console-route.ts';
import type { DoorOptions } from './door-options.ts';
import { Doors } from './doors.ts';
import { frontPage } from './front-page.ts';
import { type ServedMetrics, serveMetrics } from './metrics-route.ts';
import { stopping } from './refusal.ts';
import { logRequests } from './request-ids.ts';
import { acceptStreams, factsOf } from './upgrade.ts';
import { Viewing } from './viewing.ts';

/** What the API is given. */
export interface ApiOptions {
  /** The tokens in force; none without it. */
  readonly tokens?: (() => ApiTokens) | undefined;
  /** Undefined when no records are kept. */
  readonly records?: RecordStore | undefined;
  /** The live calls of a service of several processes; those of this one without it. */
  readonly live?: LiveCalls | undefined;
  readonly problemsOf?: (() => ReadonlyMap<string, readonly string[]>) | undefined;
  /** What each token may ask of this process in a minute; the usual number without it. */
  readonly requestsPerMinute?: number | undefined;
}

/** What a server is built from. */
export interface ServerOptions {
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Log;
  /** What new calls get, by name; the map may change, see {@link BaariServer.agentsChanged}. */
  readonly agents: ReadonlyMap<string, Agent>;
  /** The names of agents whose file is broken now; they stay as they were. */
  readonly brokenAgents?: () => Iterable<string>;
  readonly access: GeminiAccess;
  readonly dial: GeminiDial;
  /** Tells callers' speech from noise; one for all calls of the process. */
  readonly scorers: Pick<Scorers, 'scorerFor'>;
  /** The spoken apology of an agent. */
  readonly apologyFor: (agent: Agent) => Sentence;
  /** What the model of an agent can have done; nothing by default. */
  readonly toolsFor?: (agent: Agent) => ToolSet;
  /** What an agent remembers of callers; nothing without it. */
  readonly memoryFor?: ((agent: Agent) => CallerMemory | undefined) | undefined;
  /** Records of calls are kept: agents that announce it do so. */
  readonly areRecordsKept?: boolean | undefined;
  /** Who follows a call: records, displays, metrics. */
  readonly observersFor: (callId: string, agent: Agent) => readonly CallObserver[];
  /** Who may enter, and how many; everybody, and the usual number, without it. */
  readonly doors?: DoorOptions;
  /** Places calls at `/api/calls`. */
  readonly outbound?: Outbound | undefined;
  /** What the API at `/api` answers from, and who may ask. */
  readonly api?: ApiOptions | undefined;
  /** The other processes of the service, whose live calls can be watched from here; none without it. */
  readonly others?: OtherProcesses | undefined;
  /** Another way to look at live calls, besides `/api/watch`: a page with Stately's inspector. */
  readonly inspect?: 'stately' | undefined;
  /** Measures the calls, and serves `/metrics`. */
  readonly metrics?: ServedMetrics | undefined;
  /** The folder of the built console, served at `/`; without it there is a plain page. */
  readonly console?: string | undefined;
  /** Serves `https:` and `wss:` itself; without it that is left to a proxy. */
  readonly certificate?: Certificate | undefined;
}

const noTokens = ApiTokens.read(undefined);

/** Longest wait for live calls to end when the server stops, ms. */
const stopGraceMs = 5000;
/** Longest wait for the lines to be closed after that, ms; then they are dropped. */
const hangUpMs = 1000;
/** Longest wait for goodbyes when the server is drained, ms: a moment for the model, and a sentence or two. */
const goodbyeMs = 10_000;
/** Longest time for the head and the body of a request to arrive, and how often that is looked at, ms. */
const requestLimits = { requestTimeout: 10_000, headersTimeout: 10_000, connectionsCheckingInterval: 2000 };

/** The service: HTTP, streams from Exotel, and the live calls. */
export class BaariServer {
  readonly calls = new CallRegistry();
  readonly doors: Doors;
  readonly viewing: Viewing;
  readonly #o: ServerOptions;
  readonly #http: FastifyInstance;
  readonly #sharedClock: SharedPlayoutClock;
  readonly #warm: WarmStarts;
  #certificate: ReturnType<Certificate['keep']> | undefined;
  readonly #priceless = new Set<string>();
  #isStopping = false;

  constructor(options: ServerOptions) {
    this.#o = options;
    const metrics = options.metrics?.metrics;
    this.#sharedClock = new SharedPlayoutClock(options.clock, metrics && ((sample) => metrics.slot(sample)));
    metrics?.watch(() => this.calls.all);
    this.#warm = new WarmStarts({ ...options, agents: () => options.agents.values() });
    // a connection that has not asked for anything yet would keep a stopping server for a minute
    this.#http = fastify({
      logger: false,
      forceCloseConnections: true,
      // the router's usual limit, 100, would refuse every token
      routerOptions: { maxParamLength: longestToken },
      genReqId: () => options.chance.hexId(8),
      serverFactory: (handler): Server => {
        const { certificate } = options;
        return certificate
          ? createTlsServer({ ...certificate.pem, ...requestLimits }, handler)
          : createServer(requestLimits, handler);
      },
    });
    logRequests(this.#http, options.log);
    this.doors = new Doors({
      ...options,
      sharedClock: this.#sharedClock,
      options: options.doors ?? {},
      answer: (arrival, socket) => this.#answer(arrival, socket),
      ownAddress: () => this.address,
      isStopping: () => this.#isStopping,
      refused: (status) => metrics?.refused.inc({ status }),
    });
    const { clock, log, chance } = options;
    const tokens = options.api?.tokens ?? (() => noTokens);
    const gate = new ApiGate({
      clock,
      chance,
      log,
      tokens,
      clientOf: (asker) => this.doors.clientOf(factsOf(asker)),
      secret: options.doors?.secret,
      requestsPerMinute: options.api?.requestsPerMinute,
    });
    this.viewing = new Viewing({
      clock,
      log,
      calls: this.calls,
      others: options.others,
      isStopping: () => this.#isStopping,
      mayWatch: watchBy(gate),
      hasTokens: () => tokens().size > 0,
      withStately: options.inspect === 'stately',
    });
    this.viewing.serve(this.#http);
    this.#routes();
    this.#http.register(
      apiRoutes({
        ...options.api,
        clock,
        log,
        gate,
        tokens,
        agents: options.agents,
        addressOf: ({ name }, { raw }) => streamAddress(this.doors.streamBaseFor(factsOf(raw)), name),
        streamPathFor: ({ name }) => this.doors.streamPath(name),
        isSecure: ({ raw }) => this.doors.streamBaseFor(factsOf(raw)).startsWith('wss:'),
        records: options.api?.records,
        live: options.api?.live ?? this.ownCalls(),
        outbound: options.outbound,
      }),
    );
    this.#tellPricelessModels();
    this.doors.open(this.#http);
    acceptStreams(this.#http.server, {
      log: options.log,
      nameRequest: () => options.chance.hexId(8),
      refused: (status) => metrics?.refused.inc({ status }),
      decide: async (path, facts, requestId) =>
        this.#isStopping ? stopping : this.doors.decide(path, facts, requestId),
      sideDoors: this.viewing.doors,
    });
  }

  /** The live calls of this process. */
  ownCalls(): LiveCalls {
    return {
      rows: async () => ({ rows: this.viewing.hub.rows, isPartial: false }),
      command: async (callId, command, by) => {
        const call = this.calls.get(callId);
        if (!call) return 'over';
        return call.command(command, by) ? 'taken' : 'notNow';
      },
    };
  }

  /** Says once of each model whose price is not known that its calls will have no cost. */
  #tellPricelessModels(): void {
    for (const { model } of this.#o.agents.values()) {
      if (hasPrice(model) || this.#priceless.has(model)) continue;
      this.#priceless.add(model);
      this.#o.log.info({ model }, 'gemini.priceUnknown');
    }
  }

  /** Agents have come, gone or changed; live calls keep what they have. */
  agentsChanged(): void {
    this.#tellPricelessModels();
    this.doors.agentsChanged();
    this.#warm.agentsChanged();
  }

  /** Starts to listen; resolves to the base address, such as `http://127.0.0.1:8080`. */
  async listen(): Promise<string> {
    const { host, port, certificate, clock, log } = this.#o;
    await this.#http.listen({ host, port });
    this.#certificate = certificate?.keep(this.#http.server, clock, log);
    this.doors.start();
    this.#warm.start();
    return this.address;
  }

  /** Reads the certificate anew; does nothing without one. */
  reloadCertificate(): void {
    this.#certificate?.reload();
  }

  get address(): string {
    const { address, port, family } = this.#http.server.address() as AddressInfo;
    return `http${this.#o.certificate ? 's' : ''}://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
  }

  /** Takes a stream for `agent`, over the network or in memory. */
  accept(agentName: string, socket: FrameSocket): void {
    const agent = this.#o.agents.get(agentName);
    if (!agent) return socket.close(1008, 'no such agent');
    if (this.#isStopping) return socket.close(1012, 'the server is stopping');
    const place = this.doors.arrivals.receive({ agent, client: undefined, callSid: undefined });
    if (typeof place === 'function') place(socket);
    else socket.close(1013, 'there is no room');
  }

  #answer(arrival: Arrival, socket: FrameSocket): void {
    // it got through while the server began to stop
    if (this.#isStopping) return socket.close(1012, 'the server is stopping');
    const callId = this.#o.chance.uuid();
    const call = this.#open(callId, arrival, socket);
    if (!call) {
      this.viewing.forget(callId);
      return this.doors.arrivals.left(callId);
    }
    this.calls.add(callId, call);
    call.start();
  }

  #observersOf(callId: string, agent: Agent): readonly CallObserver[] {
    const { clock, observersFor, metrics } = this.#o;
    const { name, model } = agent;
    const traced = traceCall({ callId, agent: name, model, acceptedWallMs: clock.wallMs() });
    return [
      ...this.viewing.follow(callId, agent),
      ...observersFor(callId, agent),
      ...(metrics ? [measureCall(metrics.metrics, name)] : []),
      ...(traced ? [traced] : []),
    ];
  }

  /** Builds a call; one that cannot be built is refused with 1011 and harms no other. */
  #open(callId: string, arrival: Arrival, socket: FrameSocket): LiveCall | undefined {
    const { agent, callSid, requestId } = arrival;
    const { arrivals } = this.doors;
    const { clock, log, access, dial, scorers, apologyFor, toolsFor } = this.#o;
    try {
      return new LiveCall({
        callId,
        clock,
        sharedClock: this.#sharedClock,
        log: log.child({ callId, agent: agent.name, requestId }),
        socket,
        expectedCallSid: callSid,
        agent,
        areRecordsKept: this.#o.areRecordsKept,
        access,
        dial,
        warm: this.#warm.of(agent),
        apology: apologyFor(agent),
        ...(toolsFor && { tools: toolsFor(agent) }),
        memory: this.#o.memoryFor?.(agent),
        scorer: scorers.scorerFor(agent.detector),
        observers: [arrivals.observe(callId, arrival), ...this.#observersOf(callId, agent)],
        onOver: () => {
          this.calls.remove(callId);
          arrivals.left(callId);
        },
      });
    } catch (error) {
      const message = error instanceof Error ? error.message : 'unknown';
      log.error({ callId, agent: agent.name, code: 'call.defect', message }, 'call.failed');
      socket.close(1011, 'the call could not be set up');
      return undefined;
    }
  }

  /**
   * Takes no new calls, gives live ones `finishMs` milliseconds to finish, then lets the agents say goodbye, then stops.
   * With 0 ms, and once `hurried` is aborted, nothing but last words is waited for.
   */
  async drain(finishMs: number, hurried: AbortSignal): Promise<void> {
    this.#isStopping = true;
    this.#warm.close();
    const { log } = this.#o;
    log.info({ calls: this.calls.size, finishMs }, 'server.draining');
    this.doors.arrivals.clearParking('apologise');
    await this.#untilEmpty(finishMs, hurried);
    if (finishMs > 0 && this.calls.size > 0 && !hurried.aborted) {
      log.info({ calls: this.calls.size }, 'server.takingLeave');
      this.calls.takeLeaveOfAll();
      await this.#untilEmpty(goodbyeMs, hurried);
    }
    await this.stop();
  }

  async #untilEmpty(limitMs: number, hurried: AbortSignal): Promise<void> {
    const emptied = new AbortController();
    this.calls.empty().then(() => emptied.abort());
    await delay(this.#o.clock, limitMs, AbortSignal.any([hurried, emptied.signal]));
  }

  /** Takes no new calls, lets live ones say their last words, then stops listening. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#warm.close();
    this.doors.arrivals.clearParking('at once');
    this.calls.endAll();
    await within(this.#o.clock, stopGraceMs, this.calls.empty());
    this.calls.hangUpAll();
    await within(this.#o.clock, hangUpMs, this.calls.empty());
    this.calls.abortAll();
    this.#certificate?.stop();
    this.viewing.close();
    this.doors.close();
    await this.#http.close();
  }

  #routes(): void {
    if (this.#o.console) serveConsole(this.#http, this.#o.console);
    else {
      this.#http.get('/', async (_, reply) => {
        reply.type('text/html; charset=utf-8');
        return frontPage(this.address, [...this.#o.agents.keys()], this.calls.size);
      });
    }
    if (this.#o.metrics) serveMetrics(this.#http, this.#o.metrics);
    this.#http.get('/healthz', async () => ({ status: 'ok', calls: this.calls.size }));
    this.#http.get('/readyz', async (_, reply) => {
      if (this.#isStopping) reply.code(503);
      const broken = [...(this.#o.brokenAgents?.() ?? [])];
      return {
        status: this.#isStopping ? 'stopping' : 'ready',
        agents: this.#o.agents.size,
        ...(broken.length > 0 && { agentsWithProblems: broken }),
      };
    });
  }
}
