import { type Agent, exampleAgentsFolder, loadAgents } from '../../src/agents/index.ts';
import {
  type CallObserver,
  type CallParties,
  type CallSummary,
  loadApology,
  recordCall,
  type Sentence,
} from '../../src/call/index.ts';
import { CallRecorder } from '../../src/records/index.ts';
import { type ApiOptions, BaariServer, type DoorOptions, streamAddress } from '../../src/server/index.ts';
import {
  dialWebSocket as dialAsExotel,
  type ExotelProfile,
  type GeminiScript,
  type ListeningGemini,
  loadVoice,
  type Pace,
  type Reply,
  SimulatedCaller,
  SimulatedGemini,
  type SimulatedGeminiOptions,
} from '../../src/sim/index.ts';
import { createScorers, type Scorers } from '../../src/speech/index.ts';
import { systemChance, systemClock } from '../../src/time/index.ts';
import { dialWebSocket, type FrameSocket } from '../../src/wire/index.ts';
import { MemoryLog } from './memory-log.ts';
import { RawStream } from './raw-stream.ts';
import { until } from './until.ts';

/** What differs from the calm agent, section by section. */
export type AgentChanges = {
  readonly [S in
    | 'greeting'
    | 'turns'
    | 'playout'
    | 'limits'
    | 'patience'
    | 'security'
    | 'overload'
    | 'transfer'
    | 'afterCall']?: Partial<Agent[S]>;
} & { readonly prompt?: string; readonly model?: string; readonly numbers?: readonly string[] };

/** How a service is started. */
export interface ServiceOptions {
  /** Agents beside `bakery` and `bystander`, by name. */
  readonly agents?: Readonly<Record<string, AgentChanges>>;
  readonly gemini?: Partial<SimulatedGeminiOptions>;
  readonly apiKey?: string;
  /** What the caller hears when the model cannot be had; by default the shipped apology. */
  readonly apology?: Sentence;
  /** The folder of the calls' records; none are written without it. */
  readonly records?: string;
  /** What the API answers from, and who may ask. */
  readonly api?: ApiOptions;
  /** Who may enter, and how many. */
  readonly doors?: DoorOptions;
}

/** A finished call, as its observers saw it. */
export interface FinishedCall {
  readonly callId: string;
  readonly parties: CallParties | undefined;
  readonly summary: CallSummary;
}

/** How a test's call differs from one to `bakery` on a live line. */
export interface CallOptions {
  readonly agent?: string;
  readonly profile?: Partial<ExotelProfile>;
  /** Added to the address: parameters of the applet. */
  readonly query?: string;
}

/** Generated at once: a stall of the machine cannot tear the reply. */
const quick: Partial<Pace> = { speed: 20, thinkMs: 0 };

/** What the model says in a test, mono at 24 kHz: a piece of real speech, short so that tests are. */
export const lines = {
  greeting: loadVoice('goAhead').slice(0, 20_000),
  reply: loadVoice('checking').slice(0, 20_000),
} as const;

/** A reply that says one of these lines, or a recorded one. */
export function says(text: string, samples: Int16Array, pace: Partial<Pace> = quick): Reply {
  return { text, voice: { samples, sampleRateHz: 24_000 }, pace };
}

/** A greeting, and one reply to every turn. */
export const script: GeminiScript = {
  greeting: says('Sorry, please.', lines.greeting),
  turns: [{ heard: 'Yes.', reply: says('One moment.', lines.reply) }],
};

/** A caller of a test, and the socket to put frames of one's own into. */
export class TestCall {
  readonly caller: SimulatedCaller;
  #socket: FrameSocket | undefined;

  constructor(address: string, profile: Partial<ExotelProfile>) {
    this.caller = new SimulatedCaller({
      clock: systemClock,
      chance: systemChance,
      address,
      profile,
      dial: (url, dialOptions) => {
        const socket = dialAsExotel(url, dialOptions);
        this.#socket ??= socket;
        return socket;
      },
    });
    this.caller.call();
  }

  /** Sends a frame between those of the caller. */
  inject(frame: string | Uint8Array | object): void {
    const isReady = typeof frame === 'string' || frame instanceof Uint8Array;
    if (!this.#socket?.send(isReady ? frame : JSON.stringify(frame))) throw new Error('the line is not open');
  }
}

/** A real server and a simulated Gemini on free ports, and all that is connected to them. */
export class TestService implements AsyncDisposable {
  readonly log = new MemoryLog();
  readonly finished: FinishedCall[] = [];
  readonly gemini: ListeningGemini;
  readonly server: BaariServer;
  readonly #options: ServiceOptions;
  readonly #models: ListeningGemini[] = [];
  readonly #calls: TestCall[] = [];
  readonly #streams: RawStream[] = [];
  #base = '';
  #model: string | undefined;

  private constructor(
    gemini: ListeningGemini,
    agents: ReadonlyMap<string, Agent>,
    options: ServiceOptions,
    scorers: Scorers,
  ) {
    this.gemini = gemini;
    this.#options = options;
    this.server = new BaariServer({
      host: '127.0.0.1',
      port: 0,
      clock: systemClock,
      chance: systemChance,
      log: this.log.log,
      agents,
      access: { apiKey: options.apiKey ?? 'any', baseUrl: gemini.url },
      dial: (url, headers) => this.#dial(url, headers),
      scorers,
      doors: options.doors ?? {},
      api: options.api,
      apologyFor: () => options.apology ?? loadApology(),
      observersFor: (callId, agent) => [this.#witness(callId), ...this.#recorder(callId, agent)],
    });
  }

  static async start(options: ServiceOptions = {}): Promise<TestService> {
    const { agents } = await loadAgents(exampleAgentsFolder);
    const bakery = agents.get('bakery');
    if (!bakery) throw new Error('the examples have no bakery');
    const named = Object.entries({ bakery: {}, bystander: {}, ...options.agents }).map(
      ([name, changes]) => [name, calmAgent(bakery, name, changes)] as const,
    );
    const scorers = await createScorers({ kind: 'energy', clock: systemClock, log: new MemoryLog().log });
    const service = new TestService(await listen(options.gemini), new Map(named), options, scorers);
    service.#base = await service.server.listen();
    return service;
  }

  /** The base address of the server, `http:`. */
  get base(): string {
    return this.#base;
  }

  address(agent: string): string {
    return streamAddress(this.#base, agent);
  }

  /** Dials an agent as Exotel does. */
  call({ agent = 'bakery', profile = {}, query = '' }: CallOptions = {}): TestCall {
    const call = new TestCall(this.address(agent) + query, profile);
    this.#calls.push(call);
    return call;
  }

  /** From now on Gemini is looked for at another address. */
  moveModel(address: string): void {
    this.#model = address;
  }

  /** One more simulated Gemini, for {@link moveModel}. */
  async model(options: Partial<SimulatedGeminiOptions>): Promise<ListeningGemini> {
    const model = await listen(options);
    this.#models.push(model);
    return model;
  }

  /** Connects by hand to a path of the server. */
  stream(path: string, headers: Readonly<Record<string, string>> = {}): RawStream {
    const stream = new RawStream(this.#base.replace('http', 'ws') + path, headers);
    this.#streams.push(stream);
    return stream;
  }

  /** The id by which the log knows a call. */
  async callId(call: TestCall): Promise<string> {
    const { callId } = await this.log.line('call.started', { callSid: call.caller.identity.callSid });
    return String(callId);
  }

  /** What was left of a call. */
  ending(call: TestCall): Promise<FinishedCall> {
    const { callSid } = call.caller.identity;
    return until('the call to be over', () =>
      this.finished.find(({ parties }) => parties?.callSid === callSid),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { caller } of this.#calls) caller.dropLine();
    for (const stream of this.#streams) stream.drop();
    await this.server.stop();
    for (const model of [this.gemini, ...this.#models]) await model.close();
  }

  #dial(url: string, headers: Record<string, string>): FrameSocket {
    const target = this.#model ? url.replace(hostOf(this.gemini.url), hostOf(this.#model)) : url;
    return dialWebSocket(target, { headers, handshakeMs: 10_000, maxFrameBytes: 1_000_000 });
  }

  #witness(callId: string): CallObserver {
    let parties: CallParties | undefined;
    return {
      started: (who) => {
        parties = who;
      },
      ended: (summary) => this.finished.push({ callId, parties, summary }),
    };
  }

  #recorder(callId: string, agent: Agent): CallObserver[] {
    const { records } = this.#options;
    if (!records) return [];
    const { log } = this.log;
    const onError = ({ message }: Error): void => log.error({ callId, message }, 'record.failed');
    const recorder = new CallRecorder({ folder: records, callId, clock: systemClock, onError });
    return [recordCall(recorder, callId, agent, systemClock, () => log.info({ callId }, 'record.complete'))];
  }
}

function listen(options: Partial<SimulatedGeminiOptions> = {}): Promise<ListeningGemini> {
  return SimulatedGemini.listen({
    clock: systemClock,
    chance: systemChance,
    script,
    setupMs: 0,
    playbackScale: 0.2,
    ...options,
  });
}

/** The bakery with a lead of a second: what is heard does not depend on how busy the machine is. */
function calmAgent(bakery: Agent, name: string, changes: AgentChanges): Agent {
  const {
    prompt = bakery.prompt,
    model = bakery.model,
    numbers = [],
    greeting,
    turns,
    playout,
    limits,
  } = changes;
  return {
    ...bakery,
    name,
    prompt,
    model,
    numbers,
    patience: { ...bakery.patience, ...changes.patience },
    security: { ...bakery.security, ...changes.security },
    overload: { ...bakery.overload, ...changes.overload },
    transfer: { ...bakery.transfer, ...changes.transfer },
    afterCall: { ...bakery.afterCall, ...changes.afterCall },
    greeting: { ...bakery.greeting, ...greeting },
    turns: { ...bakery.turns, ...turns },
    playout: { ...bakery.playout, leadMs: 1000, prebufferMs: 300, ...playout },
    limits: { ...bakery.limits, ...limits },
  };
}

function hostOf(address: string): string {
  return address.replace(/^http:\/\//, '');
}
