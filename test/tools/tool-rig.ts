import { type AnyEventObject, createActor, createMachine } from 'xstate';
import { type GeminiSettings, GeminiWire, toolMode } from '../../src/gemini/index.ts';
import { SimulatedClock } from '../../src/time/index.ts';
import { type Tool, type ToolCallRecord, ToolDesk, ToolSet, toolsActor } from '../../src/tools/index.ts';
import { ScriptedServer } from '../gemini/scripted-server.ts';
import { plainSettings, secretKey } from '../gemini/settings.ts';
import { MemoryLog } from '../helpers/memory-log.ts';

/** One answer as a server saw it. */
interface SeenAnswer {
  readonly connection: number;
  readonly id: string;
  readonly response: Readonly<Record<string, unknown>>;
  readonly scheduling?: string;
}

/** The tools of a call with a real line to a scripted server, on a simulated clock. */
export class ToolRig {
  readonly clock = new SimulatedClock();
  readonly server = new ScriptedServer(this.clock);
  readonly memory = new MemoryLog();
  readonly records: ToolCallRecord[] = [];
  /** What the call was told. */
  readonly told: string[] = [];
  readonly wire: GeminiWire;
  readonly desk: ToolDesk;
  readonly #actor;

  constructor(tools: readonly Tool[], settings: Partial<GeminiSettings> = {}) {
    const { clock } = this;
    const set = new ToolSet(tools);
    const model = settings.model ?? plainSettings.model;
    this.wire = new GeminiWire({
      clock,
      log: this.memory.log,
      access: { apiKey: secretKey, baseUrl: 'http://127.0.0.1:9' },
      settings: { ...plainSettings, ...settings, tools: set.all },
      preRollMs: 400,
      dial: this.server.dial,
      transcript: () => '',
      heardOfReply: () => '',
      lastOfCaller: () => '',
      onAudio: () => undefined,
      onTranscript: () => undefined,
      onToolCalls: (calls) => this.desk.take(calls),
      onToolsCancelled: (keys) => this.desk.cancel(keys),
    });
    this.desk = new ToolDesk({
      callId: 'call-1',
      clock,
      log: this.memory.log,
      tools: set,
      modeOf: (blocking) => toolMode(model, blocking),
      answer: (key, answer) => this.wire.answerTool(key, answer),
      ended: (record) => this.records.push(record),
    });
    const note = ({ event }: { event: AnyEventObject }): void => {
      if (!event.type.startsWith('xstate.')) this.told.push(event.type);
    };
    this.#actor = createActor(
      createMachine({
        invoke: { id: 'tools', src: toolsActor(() => this.desk) },
        on: { '*': { actions: note } },
      }),
      { clock },
    );
    this.#actor.start();
    this.wire.setCallRate(8000);
  }

  async connect(how: 'first' | 'resume' | 'renew' = 'first'): Promise<void> {
    this.wire.handle({ type: 'wire.connect', how });
    await this.clock.run(10);
    this.server.last.send({ sessionResumptionUpdate: { newHandle: 'h', resumable: true } });
    await this.clock.run(1);
  }

  /** The newest session calls tools, in one frame. */
  async call(...functionCalls: { id: string; name?: string; args?: unknown }[]): Promise<void> {
    this.server.last.send({
      toolCall: {
        functionCalls: functionCalls.map((one) => ({ name: 'book', args: { people: 2 }, ...one })),
      },
    });
    await this.clock.run(1);
  }

  async cancel(...ids: string[]): Promise<void> {
    this.server.last.send({ toolCallCancellation: { ids } });
    await this.clock.run(1);
  }

  /** Every answer by id that any session got. */
  get answers(): SeenAnswer[] {
    return this.server.connections.flatMap(({ frames }, connection) =>
      frames.flatMap(({ toolResponse }) => {
        if (typeof toolResponse !== 'object' || toolResponse === null) return [];
        const [answer] = (toolResponse as { functionResponses: Omit<SeenAnswer, 'connection'>[] })
          .functionResponses;
        return answer ? [{ connection, ...answer }] : [];
      }),
    );
  }

  /** `id: output` or `id! error` of each answer. */
  get answered(): string[] {
    return this.answers.map(({ id, response }) =>
      'error' in response ? `${id}! ${String(response.error)}` : `${id}: ${JSON.stringify(response.output)}`,
    );
  }

  get outcomes(): string[] {
    return this.records.map(({ outcome }) => outcome);
  }

  /** The runs that the charts know of. */
  get running(): number {
    const { children } = this.#actor.getSnapshot();
    const inTools: unknown = children.tools?.getSnapshot();
    const runs = typeof inTools === 'object' && inTools !== null ? Reflect.get(inTools, 'children') : {};
    return Object.keys(runs ?? {}).filter((id) => id !== 'desk').length;
  }

  /** The call is over. */
  async end(): Promise<void> {
    this.#actor.stop();
    this.wire.dispose();
    this.desk.dispose();
    await this.clock.run(1000);
  }
}
