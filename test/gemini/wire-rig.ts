import type { GeminiWireCommand, GeminiWireReport } from '../../machines/index.ts';
import {
  type GeminiDial,
  type GeminiSettings,
  GeminiWire,
  type TokenUsage,
  type ToolRequest,
} from '../../src/gemini/index.ts';
import type { SimulatedClock } from '../../src/time/index.ts';
import { MemoryLog } from '../helpers/memory-log.ts';
import { plainSettings, secretKey } from './settings.ts';

/** What a rig differs in from the ordinary. */
export interface WireRigOptions {
  readonly clock: SimulatedClock;
  readonly dial: GeminiDial;
  readonly settings?: Partial<GeminiSettings>;
  readonly apiKey?: string;
  readonly preRollMs?: number;
  readonly transcript?: string;
  readonly heardOfReply?: string;
  readonly lastOfCaller?: string;
}

/** A wire on a simulated clock, and all it told. */
export class WireRig {
  readonly clock: SimulatedClock;
  readonly wire: GeminiWire;
  readonly memory = new MemoryLog();
  readonly reports: GeminiWireReport[] = [];
  /** The audio let through, samples at 24 kHz. */
  readonly audio: number[] = [];
  readonly texts: string[] = [];
  readonly toolCalls: ToolRequest[] = [];
  /** Keys of the tool calls that were cancelled. */
  readonly cancelled: string[] = [];
  readonly counts: Record<string, number> = {};
  readonly tokens: TokenUsage[] = [];

  constructor({
    clock,
    dial,
    settings,
    apiKey = secretKey,
    preRollMs = 400,
    transcript = '',
    heardOfReply = '',
    lastOfCaller = '',
  }: WireRigOptions) {
    this.clock = clock;
    this.wire = new GeminiWire({
      clock,
      log: this.memory.log,
      access: { apiKey, baseUrl: 'http://127.0.0.1:9' },
      settings: { ...plainSettings, ...settings },
      preRollMs,
      dial,
      transcript: () => transcript,
      heardOfReply: () => heardOfReply,
      lastOfCaller: () => lastOfCaller,
      onCallerRepeats: () => this.texts.push('(the caller repeats)'),
      onAudio: (pcm) => this.audio.push(...pcm),
      onTranscript: (who, text) => this.texts.push(`${who}: ${text}`),
      onToolCalls: (calls) => this.toolCalls.push(...calls),
      onToolsCancelled: (keys) => this.cancelled.push(...keys),
      onUsage: (usage) => this.tokens.push(usage),
      count: (what, amount) => {
        this.counts[what] = (this.counts[what] ?? 0) + amount;
      },
    });
    this.wire.listen((report) => this.reports.push(report));
    this.wire.setCallRate(8000);
  }

  /** The types of the reports so far, but for those that only tell that the server is at work. */
  get told(): string[] {
    return this.reports
      .map(({ type }) => type)
      .filter((type) => !['wire.asked', 'wire.answering', 'wire.alive', 'wire.handle'].includes(type));
  }

  tell(...commands: GeminiWireCommand[]): void {
    for (const command of commands) this.wire.handle(command);
  }

  /** Opens a connection and lets it be set up. */
  async connect(how: 'first' | 'rotate' | 'resume' | 'renew' = 'first', withinMs = 100): Promise<void> {
    this.tell({ type: 'wire.connect', how });
    await this.clock.run(withinMs);
  }

  /** The caller's next `ms` of audio, in frames of 20 ms and in real time; each sample has the value of its frame. */
  async hear(ms: number, firstValue = 1): Promise<void> {
    for (let frame = 0; frame < ms / 20; frame += 1) {
      this.wire.write(new Int16Array(160).fill(firstValue + frame));
      await this.clock.run(20);
    }
  }
}
