import { FunctionResponseScheduling, type LiveServerMessage, type Session } from '@google/genai';
import { encodePcm16Base64 } from '../audio/index.ts';
import { scrub } from '../observe/index.ts';
import type { FrameSocket } from '../wire/index.ts';
import { type Loss, type LossContext, lossOfClose, lossOfError } from './failure.ts';
import { type GeminiPass, passFor } from './pass.ts';
import { clientWithOwnSocket, type GeminiDial, type SdkCallbacks, type SdkSocket } from './sdk-seam.ts';
import { readServerFrame } from './server-message.ts';
import type { GeminiAccess, GeminiSettings, ToolAnswer } from './settings.ts';
import { type Continuation, liveConfig } from './setup.ts';

/** What a session is opened with. */
export interface SessionOptions {
  readonly access: GeminiAccess;
  readonly settings: GeminiSettings;
  readonly continuation: Continuation;
  readonly dial: GeminiDial;
}

/** Who owns a session; callbacks are not called after `close`. */
export interface SessionListener {
  /** Whether the call holds a handle that a next connection could resume from. */
  readonly hasHandle: () => boolean;
  readonly onSetUp: () => void;
  readonly onMessage: (message: LiveServerMessage) => void;
  readonly onBadFrame: (problem: string) => void;
  /** Told once. */
  readonly onLost: (loss: Loss) => void;
  /** The socket is gone, whoever closed it; a resumption may follow (Google: not while the old one is open). */
  readonly onGone: () => void;
}

/** The rate the model hears at, Hz. */
export const modelInputRateHz = 16_000;
/** The rate the model speaks at, Hz. */
export const modelOutputRateHz = 24_000;

/** What the SDK sends for audio (mono PCM16 at 16 kHz); it would build and write out an object for each 20 ms. */
export function audioFrame(pcm: Int16Array): string {
  return `{"realtimeInput":{"audio":{"data":"${encodePcm16Base64(pcm)}","mimeType":"audio/pcm;rate=16000"}}}`;
}

/** One connection to Gemini Live through the SDK, over our own socket. */
export class GeminiSession {
  readonly #o: SessionOptions;
  #to: SessionListener;
  #pass: GeminiPass | undefined;
  #kept: readonly LiveServerMessage[] = [];
  #sdk: Session | undefined;
  #socket: FrameSocket | undefined;
  #isSetUp = false;
  #isOver = false;
  #isGone = false;
  #error: Error | undefined;

  constructor(options: SessionOptions, listener: SessionListener) {
    this.#o = options;
    this.#to = listener;
  }

  /** Starts to connect, the outcome is told by `onSetUp` or `onLost`; one that is set up already tells so at once. */
  open(): void {
    if (this.#sdk) {
      for (const message of this.#kept) this.#to.onMessage(message);
      this.#kept = [];
      return this.#to.onSetUp();
    }
    const pass = passFor(this.#o.access);
    if (!(pass instanceof Promise)) return this.#connectWith(pass);
    pass.then(
      (found) => this.#connectWith(found),
      (error: unknown) => this.#lose(lossOfError(this.#cause(error), this.#context())),
    );
  }

  /** Gives a session that is set up to another owner, who is told `messages` and the set-up at its `open`. */
  handOver(listener: SessionListener, messages: readonly LiveServerMessage[]): void {
    this.#to = listener;
    this.#kept = messages;
  }

  #connectWith(pass: GeminiPass): void {
    if (this.#isOver) return;
    this.#pass = pass;
    const { settings, continuation } = this.#o;
    try {
      const client = clientWithOwnSocket(pass, (url, headers, callbacks) =>
        this.#connect(url, headers, callbacks),
      );
      client.live
        .connect({
          model: settings.model,
          config: liveConfig(settings, continuation),
          // after set-up the frames are read here, once, and not by the SDK
          callbacks: { onmessage: (message) => this.#take(message) },
        })
        .then(
          (sdk) => this.#setUp(sdk),
          (error: unknown) => this.#lose(lossOfError(this.#cause(error), this.#context())),
        );
    } catch (error) {
      this.#lose(lossOfError(this.#cause(error), this.#context()));
    }
  }

  /** Whether messages reach the server now. */
  get isReady(): boolean {
    return this.#sdk !== undefined && !this.#isOver && this.#socket?.isOpen === true;
  }

  /** Bytes that have not left this process yet. */
  get bufferedBytes(): number {
    return this.#socket?.bufferedBytes ?? 0;
  }

  /** Whether the socket is gone; `onGone` has been told then. */
  get isGone(): boolean {
    return this.#isGone;
  }

  /** Sends mono PCM16 at 16 kHz. */
  sendAudio(pcm: Int16Array): void {
    if (!this.isReady) return;
    this.#socket?.send(audioFrame(pcm));
  }

  sendText(text: string): void {
    if (this.isReady) this.#sdk?.sendRealtimeInput({ text });
  }

  /** Adds a line to the model's history without asking for an answer. */
  addContext(text: string): void {
    if (!this.isReady) return;
    this.#sdk?.sendClientContent({ turns: [{ role: 'user', parts: [{ text }] }], turnComplete: false });
  }

  startActivity(): void {
    if (this.isReady) this.#sdk?.sendRealtimeInput({ activityStart: {} });
  }

  endActivity(): void {
    if (this.isReady) this.#sdk?.sendRealtimeInput({ activityEnd: {} });
  }

  /** Answers a tool call. */
  answerTool(id: string, name: string, { response, scheduling }: ToolAnswer): void {
    if (!this.isReady) return;
    const asked = scheduling === undefined ? {} : { scheduling: FunctionResponseScheduling[scheduling] };
    this.#sdk?.sendToolResponse({ functionResponses: [{ id, name, response: { ...response }, ...asked }] });
  }

  /** Ends the connection; only `onGone` is told afterwards. */
  close(): void {
    this.#isOver = true;
    this.#socket?.close(1000);
    if (this.#socket) return;
    this.#isGone = true;
    this.#to.onGone();
  }

  /** Drops the connection at once. */
  terminate(): void {
    this.#isOver = true;
    this.#socket?.terminate();
  }

  #connect(url: string, headers: Record<string, string>, callbacks: SdkCallbacks): SdkSocket {
    return {
      connect: () => {
        // the SDK may have waited for something, and nobody for the SDK
        if (this.#isOver) return callbacks.onclose({ code: 1000, reason: '' });
        const socket = this.#o.dial(url, headers);
        this.#socket = socket;
        socket.listen({
          onOpen: () => callbacks.onopen(),
          onFrame: (data) => this.#read(data, callbacks),
          onError: (error) => {
            // a refused upgrade is followed by the error of the socket that never opened
            this.#error ??= error;
          },
          onClose: (code, reason) => {
            this.#closed(code, reason);
            // lets the SDK's promise settle; it is told nothing that holds the address
            callbacks.onclose({ code, reason: '' });
          },
        });
        if (socket.isOpen) callbacks.onopen();
      },
      send: (frame) => {
        this.#socket?.send(frame);
      },
      close: () => this.#socket?.close(),
    };
  }

  #read(data: Buffer, callbacks: SdkCallbacks): void {
    if (this.#isOver) return;
    const message = readServerFrame(data);
    if ('problem' in message) return this.#to.onBadFrame(message.problem);
    if (this.#isSetUp) return this.#take(message);
    if (message.setupComplete) this.#isSetUp = true;
    callbacks.onmessage({ data: data.toString('utf8') });
  }

  #take(message: LiveServerMessage): void {
    if (!this.#isOver && !message.setupComplete) this.#to.onMessage(message);
  }

  #setUp(sdk: Session): void {
    this.#sdk = sdk;
    if (!this.#isOver) this.#to.onSetUp();
  }

  #closed(code: number, reason: string): void {
    const context = this.#context();
    const loss =
      this.#error && code === 1006
        ? lossOfError(this.#cause(this.#error), context)
        : lossOfClose(code, this.#scrubbed(reason), context);
    this.#isGone = true;
    this.#lose(loss);
    this.#to.onGone();
  }

  #lose(loss: Loss): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#to.onLost(loss);
  }

  #context(): LossContext {
    const wasResuming = this.#o.continuation.handle !== undefined;
    return { isSetUp: this.#isSetUp, wasResuming, hasHandle: this.#to.hasHandle() };
  }

  #cause(error: unknown): Error {
    if (!(error instanceof Error)) return new Error('the SDK failed without a reason');
    error.message = this.#scrubbed(error.message);
    return error;
  }

  #scrubbed(text: string): string {
    return scrub(text, this.#pass ? [this.#pass.secret] : []);
  }
}
