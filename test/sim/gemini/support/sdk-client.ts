import { GoogleGenAI, type LiveConnectConfig, type LiveServerMessage, type Session } from '@google/genai';
import { onTestFinished } from 'vitest';
import {
  type GeminiScript,
  type ListeningGemini,
  SimulatedGemini,
  type SimulatedGeminiOptions,
} from '../../../../src/sim/index.ts';
import { seededChance, systemClock } from '../../../../src/time/index.ts';

/** A simulated server on a loopback port until the test ends. */
export async function listening(
  script: GeminiScript,
  options: Partial<SimulatedGeminiOptions> = {},
): Promise<ListeningGemini> {
  const server = await SimulatedGemini.listen({
    clock: systemClock,
    chance: seededChance(7),
    script,
    setupMs: 0,
    playbackScale: 0.02,
    ...options,
  });
  onTestFinished(() => server.close());
  return server;
}

/** What the unmodified SDK reported of one connection. */
export class SdkClient {
  readonly messages: LiveServerMessage[] = [];
  readonly errors: string[] = [];
  closed: { readonly code: number; readonly reason: string } | undefined;
  session: Session | undefined;
  #waiting: (() => void)[] = [];

  /** Connects with the SDK; rejects when the SDK does. */
  async connect(
    config: LiveConnectConfig = {},
    { baseUrl, apiKey = 'k' }: { baseUrl?: string; apiKey?: string } = {},
  ): Promise<Session> {
    const ai = new GoogleGenAI({
      apiKey,
      apiVersion: 'v1beta',
      ...(baseUrl ? { httpOptions: { baseUrl } } : {}),
    });
    this.session = await ai.live.connect({
      model: 'gemini-3.8-live',
      config,
      callbacks: {
        onmessage: (message) => {
          this.messages.push(message);
          this.#tell();
        },
        onerror: (error) => {
          this.errors.push(error.message);
          this.#tell();
        },
        onclose: ({ code, reason }) => {
          this.closed = { code, reason };
          this.#tell();
        },
      },
    });
    return this.session;
  }

  /** Resolves once `fact` is true of what was reported. */
  async until(fact: () => boolean): Promise<void> {
    while (!fact()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** The first message of this kind, when it has come. */
  async first<T>(pick: (message: LiveServerMessage) => T | undefined): Promise<T> {
    let found: T | undefined;
    await this.until(() => {
      found = this.messages.map(pick).find((value) => value !== undefined);
      return found !== undefined;
    });
    if (found === undefined) throw new Error('until resolved without its fact');
    return found;
  }

  /** Sends PCM16 at 16 kHz in frames of 20 ms, all at once. */
  say(samples: Int16Array): void {
    for (let from = 0; from < samples.length; from += 320) {
      const data = Buffer.from(samples.slice(from, from + 320).buffer).toString('base64');
      this.session?.sendRealtimeInput({ audio: { data, mimeType: 'audio/pcm;rate=16000' } });
    }
  }

  /** Samples of model audio so far. */
  get audioSamples(): number {
    const parts = this.messages.flatMap((message) => message.serverContent?.modelTurn?.parts ?? []);
    return parts.reduce(
      (sum, part) => sum + Buffer.from(part.inlineData?.data ?? '', 'base64').length / 2,
      0,
    );
  }

  #tell(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }
}

export const turnComplete = (message: LiveServerMessage): true | undefined =>
  message.serverContent?.turnComplete === true ? true : undefined;
