import {
  type GeminiScript,
  type GeminiSession,
  type SessionObservation,
  SimulatedGemini,
  type SimulatedGeminiOptions,
} from '../../../../src/sim/index.ts';
import { SimulatedClock, seededChance } from '../../../../src/time/index.ts';
import { type FrameSocket, memorySocketPair } from '../../../../src/wire/index.ts';

export const livePath = '/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent?key=k';
export const model = 'models/gemini-3.8-live';

/** The fields of a server message that tests look at. */
export interface Message {
  readonly setupComplete?: object;
  readonly serverContent?: {
    readonly modelTurn?: { readonly parts: { readonly inlineData: { readonly data: string } }[] };
    readonly inputTranscription?: { readonly text: string };
    readonly outputTranscription?: { readonly text: string };
    readonly generationComplete?: boolean;
    readonly turnComplete?: boolean;
    readonly turnCompleteReason?: string;
    readonly interrupted?: boolean;
  };
  readonly toolCall?: { readonly functionCalls: { readonly id: string; readonly name: string }[] };
  readonly toolCallCancellation?: { readonly ids: string[] };
  readonly sessionResumptionUpdate?: { readonly newHandle: string; readonly resumable: boolean };
  readonly goAway?: { readonly timeLeft: string };
  readonly usageMetadata?: { readonly responseTokenCount: number };
}

/** A client in memory: what it received, and what it can say. */
export class MemoryClient {
  readonly clock: SimulatedClock;
  readonly session: GeminiSession | undefined;
  readonly messages: { readonly atMs: number; readonly message: Message }[] = [];
  readonly frames: { readonly text: string; readonly isBinary: boolean }[] = [];
  closed: { readonly code: number; readonly reason: string } | undefined;
  readonly #socket: FrameSocket;

  constructor(gemini: SimulatedGemini, clock: SimulatedClock, path = livePath) {
    this.clock = clock;
    const [here, there] = memorySocketPair(clock);
    this.#socket = here;
    this.session = gemini.accept(there, { path, headers: {} });
    here.listen({
      onFrame: (data, isBinary) => {
        const text = data.toString();
        this.frames.push({ text, isBinary });
        if (!text.includes('\u0000')) this.messages.push({ atMs: clock.nowMs(), message: JSON.parse(text) });
      },
      onClose: (code, reason) => {
        this.closed = { code, reason };
      },
    });
    clock.advance(0);
  }

  get seen(): SessionObservation {
    if (!this.session) throw new Error('the connection was not accepted');
    return this.session.observation;
  }

  /** The kinds of the frames sent so far, without audio, transcripts and empty frames. */
  get landmarks(): string[] {
    const kinds = [
      'audio',
      'inputTranscription',
      'outputTranscription',
      'empty',
      'voiceActivity',
      'sessionResumptionUpdate',
    ];
    return this.seen.sent.map((frame) => frame.kind).filter((kind) => !kinds.includes(kind));
  }

  /** All audio received, as one. */
  get audio(): Int16Array {
    const parts = this.messages.flatMap(({ message }) => message.serverContent?.modelTurn?.parts ?? []);
    const bytes = Buffer.concat(parts.map((part) => Buffer.from(part.inlineData.data, 'base64')));
    return Int16Array.from({ length: bytes.length / 2 }, (_, i) => bytes.readInt16LE(2 * i));
  }

  get handle(): string | undefined {
    return this.messages.findLast(({ message }) => message.sessionResumptionUpdate)?.message
      .sessionResumptionUpdate?.newHandle;
  }

  send(message: object | string): void {
    this.#socket.send(typeof message === 'string' ? message : JSON.stringify(message));
    this.clock.advance(0);
  }

  /** Sends the set-up and waits until it is complete, or refused. */
  setUp(setup: object = {}): this {
    this.send({ setup: { model, ...setup } });
    this.clock.advance(60);
    return this;
  }

  /** Streams audio in 20 ms frames, in real time. */
  say(samples: Int16Array, rateHz: number): void {
    const frame = rateHz / 50;
    for (let from = 0; from < samples.length; from += frame) {
      const part = samples.slice(from, from + frame);
      const data = Buffer.from(part.buffer).toString('base64');
      this.send({ realtimeInput: { audio: { data, mimeType: `audio/pcm;rate=${rateHz}` } } });
      this.clock.advance(20);
    }
  }

  /** Streams digital silence in real time. */
  silence(ms: number, rateHz = 8000): void {
    this.say(new Int16Array((ms * rateHz) / 1000), rateHz);
  }

  close(): void {
    this.#socket.close(1000, '');
    this.clock.advance(0);
  }
}

/** A simulated server on a clock of its own; `connect` gives a client that has been set up. */
export function inMemory(script: GeminiScript, options: Partial<SimulatedGeminiOptions> = {}) {
  const clock = new SimulatedClock();
  const gemini = new SimulatedGemini({ clock, chance: seededChance(7), script, keepAudio: true, ...options });
  return {
    clock,
    gemini,
    dial: (path?: string) => new MemoryClient(gemini, clock, path),
    connect: (setup: object = {}, path?: string) => new MemoryClient(gemini, clock, path).setUp(setup),
  };
}

export const manual = { realtimeInputConfig: { automaticActivityDetection: { disabled: true } } };
