import type { InspectionEvent } from 'xstate';
import { type CallSummary, loadApology } from '../../src/call/index.ts';
import { createLog, type Log } from '../../src/observe/index.ts';
import type { ReplyAccount } from '../../src/playout/index.ts';
import { BaariServer, streamAddress } from '../../src/server/index.ts';
import { type ExotelProfile, type GeminiSession, SimulatedCaller } from '../../src/sim/index.ts';
import { createScorers, type Scorers } from '../../src/speech/index.ts';
import { seededChance } from '../../src/time/index.ts';
import { type Tool, ToolSet } from '../../src/tools/index.ts';
import { MemoryLog } from '../helpers/memory-log.ts';
import { agentOf } from '../helpers/simulated-call.ts';
import { type Tap, TappedSocket } from './tapped-socket.ts';
import { TurnFollower } from './turn-follower.ts';
import type { World } from './world.ts';

/** What a stage differs in from the ordinary. */
export interface StageOptions {
  /** Lines of an agent file behind its prompt. */
  readonly agent?: string;
  readonly seed?: number;
  readonly apiKey?: string;
  readonly log?: Log;
  /** What the model can have done; by default a tool that answers when the stage says so. */
  readonly tools?: readonly Tool[];
  readonly profile?: Partial<ExotelProfile>;
  /** Sees the frames between caller and service, on the caller's side. */
  readonly lineTap?: Tap;
  /** Sees the frames between service and Gemini, on the service's side. */
  readonly modelTap?: Tap;
  /** Told of everything that the call's actors do. */
  readonly watch?: (inspection: InspectionEvent) => void;
}

/** What became of a reply. */
export interface SettledReply {
  readonly account: ReplyAccount;
  readonly how: 'drained' | 'flushed';
}

/** Runs of the stages' own tool that wait for their answer, by call. */
const runs = new Map<string, (() => void)[]>();
const lookUp: Tool = {
  name: 'look_up',
  description: 'Looks something up.',
  parameters: { type: 'object', properties: { what: { type: 'number' } } },
  blocking: true,
  hasSideEffects: false,
  timeoutMs: 60_000,
  run: (_, { callId }) => new Promise((resolve) => runs.get(callId)?.push(() => resolve({ found: true }))),
};
/** Made once: to compile a schema takes longer than a short call in simulated time. */
const stageTools = new ToolSet([lookUp]);

/** One call: a real server, a simulated caller and a simulated Gemini in a world of their own. */
export class ServiceStage {
  readonly world: World;
  readonly server: BaariServer;
  readonly caller: SimulatedCaller;
  readonly turn: TurnFollower;
  readonly replies: SettledReply[] = [];
  readonly #toolRuns: (() => void)[] = [];
  #toolCalls = 0;
  /** Aborted when nothing of the call runs any more; undefined until the stream has begun. */
  scope: AbortSignal | undefined;
  summary: CallSummary | undefined;
  #model: TappedSocket | undefined;
  #line: TappedSocket | undefined;
  #isUplinkAlive = true;

  private constructor(world: World, options: StageOptions, scorers: Scorers) {
    this.world = world;
    this.turn = new TurnFollower(() => world.clock.nowMs());
    const { seed = 1, modelTap, watch } = options;
    const agent = agentOf(options.agent ?? '');
    this.server = new BaariServer({
      host: '127.0.0.1',
      port: 0,
      clock: world.clock,
      chance: seededChance(seed + 1),
      log: options.log ?? createLog({ level: 'silent' }),
      agents: new Map([[agent.name, agent]]),
      access: { apiKey: options.apiKey ?? 'simulated', baseUrl: world.baseUrl },
      dial: (url, headers) => {
        this.#model = new TappedSocket(world.dialGemini(url, headers), modelTap);
        return this.#model;
      },
      scorers,
      apologyFor: () => loadApology(),
      toolsFor: () => (options.tools ? new ToolSet(options.tools) : stageTools),
      observersFor: (callId) => [
        { started: () => runs.set(callId, this.#toolRuns) },
        {
          started: () => {
            const call = this.server.calls.get(callId);
            this.scope = call?.scope;
            call?.inspect(this.turn.watch);
            if (watch) call?.inspect(watch);
          },
          reply: (account, how) => this.replies.push({ account, how }),
          ended: (summary) => {
            this.summary = summary;
          },
        },
      ],
    });
    this.caller = this.#callerOf(options, agent.name);
  }

  /** Sets a call up and dials. */
  static async open(world: World, options: StageOptions = {}): Promise<ServiceStage> {
    const { log } = new MemoryLog();
    const scorers = await createScorers({ kind: 'energy', clock: world.clock, log, isSynchronous: true });
    const stage = new ServiceStage(world, options, scorers);
    if (world.isReal) await stage.server.listen();
    stage.caller.call();
    return stage;
  }

  /** The connection to Gemini that was opened last. */
  get session(): GeminiSession | undefined {
    return this.world.gemini.sessions.at(-1);
  }

  /** Lets time pass, at most `ms`, until `isDone`; returns whether it was. */
  pass(ms: number, isDone?: () => boolean): Promise<boolean> {
    return this.world.pass(ms, isDone);
  }

  /** Sends a frame of Gemini's beside those of the simulated one. */
  fromModel(message: object): void {
    this.#model?.inject(message);
  }

  /** Lets the model call the stage's own tool. */
  callTool(): void {
    this.#toolCalls += 1;
    const call = { id: `stage-${this.#toolCalls}`, name: lookUp.name, args: { what: this.#toolCalls } };
    this.fromModel({ toolCall: { functionCalls: [call] } });
  }

  /** Lets the call that came first have its answer. */
  answerTool(): void {
    this.#toolRuns.shift()?.();
  }

  /** Sends a frame of Exotel's beside those of the simulated one. */
  fromLine(message: object): void {
    this.#line?.send(JSON.stringify(message));
  }

  /** Tells whether the caller's audio reaches the service; the line stays open. */
  setUplink(isAlive: boolean): void {
    this.#isUplinkAlive = isAlive;
  }

  /** Hangs up, if nobody has, and waits for the call to be over; returns whether it is. */
  async end(withinMs = 5000): Promise<boolean> {
    this.caller.hangUp();
    return this.pass(withinMs, () => this.summary !== undefined);
  }

  /** How things stand, for an error. */
  describe(): string {
    const steps = this.turn.steps.slice(-8).map(({ from, event, to }) => `${from} × ${event} → ${to}`);
    const failure = this.summary?.failure?.message ?? 'no failure';
    return [this.caller.describe(), failure, ...steps].join('\n');
  }

  async close(): Promise<void> {
    await this.server.stop();
    await this.world.close();
  }

  #callerOf({ seed = 1, profile = {}, lineTap = {} }: StageOptions, agent: string): SimulatedCaller {
    const isLost = (frame: string | Uint8Array): boolean =>
      !this.#isUplinkAlive && typeof frame === 'string' && frame.includes('"media"');
    const { world, server } = this;
    return new SimulatedCaller({
      clock: world.clock,
      chance: seededChance(seed + 2),
      address: `ws://baari.simulated/exotel/${agent}`,
      profile,
      dial: (address) => {
        const target = world.isReal ? streamAddress(server.address, agent) : address;
        const socket = world.dialService(target, (far) => server.accept(agent, far));
        this.#line = new TappedSocket(socket, {
          ...lineTap,
          out: (frame) => !isLost(frame) && (lineTap.out?.(frame) ?? true),
        });
        return this.#line;
      },
    });
  }
}
