// A Gemini that costs as little as it can: what it sends is encoded once, of what it is sent only the voice is looked at. It answers
// sessions with and without automatic activity detection. A process of its own.
import { once } from 'node:events';
import { type WebSocket, WebSocketServer } from 'ws';
import { loadVoice } from '../../../src/sim/index.ts';
import {
  audiblePeak,
  everyMillisecond,
  type GeminiOrder,
  type GeminiReport,
  loudestPeak,
  type Moment,
  machineMs,
  obey,
  peakOf,
  samplesIn,
} from './wire.ts';

const rateHz = 24_000;
/** One chunk of a reply, ms, and how often one leaves: four times as fast as it is heard. */
const chunkMs = 40;
const everyMs = 10;
/** From the end of the caller's turn to the first audio, ms. */
const thinkMs = 300;
/** Automatic activity detection: quiet that ends a turn, speech that interrupts a reply, ms. */
const quietMs = 500;
const interruptMs = 100;
/** Loudest frames lie further apart, ms. */
const peakPauseMs = 500;

const encode = (message: object): Buffer => Buffer.from(JSON.stringify(message));
const frames = {
  setUp: encode({ setupComplete: {} }),
  interrupted: encode({ serverContent: { interrupted: true } }),
  generated: encode({ serverContent: { generationComplete: true } }),
  complete: encode({
    serverContent: { turnComplete: true },
    usageMetadata: { promptTokenCount: 100, responseTokenCount: 100, totalTokenCount: 200 },
  }),
  handle: encode({ sessionResumptionUpdate: { newHandle: 'a-handle', resumable: true } }),
  asked: encode({ serverContent: { inputTranscription: { text: 'When are you open?' } } }),
};

interface Reply {
  readonly chunks: readonly Buffer[];
  readonly ms: number;
}

const greeting = replyOf(loadVoice('greeting'), 'Hello, how can I help you today?');
const answer = replyOf(loadVoice('prices'), 'A half kilo cake is four hundred and fifty rupees.');

class Session {
  readonly #socket: WebSocket;
  caller = '';
  #isAutomatic = true;
  #hasGreeted = false;
  #reply: Reply | undefined;
  #at = 0;
  #fromMs = 0;
  #sincePeakMs = peakPauseMs;
  #quietForMs = 0;
  #speechForMs = 0;
  #isTurn = false;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data: Buffer) => this.#read(data));
    socket.on('close', () => sessions.delete(this));
    socket.on('error', () => undefined);
  }

  /** Sends what is due. */
  slot(nowMs: number): void {
    const reply = this.#reply;
    if (!reply || nowMs < this.#fromMs + this.#at * everyMs) return;
    const chunk = reply.chunks[this.#at];
    if (chunk) {
      if (this.#at === 0) this.#note(seen.said);
      this.#socket.send(chunk);
      this.#at += 1;
      if (this.#at === reply.chunks.length) this.#socket.send(frames.generated);
    } else if (nowMs >= this.#fromMs + reply.ms) {
      this.#reply = undefined;
      this.#socket.send(frames.complete);
      this.#socket.send(frames.handle);
    }
  }

  #read(data: Buffer): void {
    const head = data.toString('latin1', 0, 64);
    if (head.includes('"setup"')) return this.#setUp(data.toString());
    if (head.includes('"audio"') || head.includes('"media_chunks"') || head.includes('"mediaChunks"')) {
      const text = data.toString('latin1');
      const from = text.indexOf('"', text.indexOf('"data"') + 6) + 1;
      return this.#hear(samplesIn(text.slice(from, text.indexOf('"', from))));
    }
    if (/activity_?start/i.test(head)) return this.#interrupt();
    if (/activity_?end/i.test(head)) return this.#answer();
    if (/"text"|client_?content/i.test(head)) this.#answer();
  }

  #setUp(text: string): void {
    this.caller = /caller=(\w+)/.exec(text)?.[1] ?? '';
    this.#isAutomatic = !/"disabled":\s*true/.test(text);
    this.#socket.send(frames.setUp);
  }

  #hear(samples: Int16Array): void {
    const ms = samples.length / 16;
    const peak = peakOf(samples);
    this.#sincePeakMs += ms;
    if (peak > loudestPeak && this.#sincePeakMs > peakPauseMs) {
      this.#sincePeakMs = 0;
      this.#note(seen.peaks);
    }
    if (peak < audiblePeak) {
      this.#quietForMs += ms;
      this.#speechForMs = 0;
      if (this.#isAutomatic && this.#isTurn && this.#quietForMs >= quietMs) {
        this.#isTurn = false;
        this.#answer();
      }
      return;
    }
    this.#quietForMs = 0;
    this.#speechForMs += ms;
    if (!this.#isAutomatic || this.#speechForMs < interruptMs) return;
    this.#isTurn = true;
    this.#interrupt();
  }

  #interrupt(): void {
    if (!this.#reply) return;
    this.#reply = undefined;
    seen.interrupted += 1;
    this.#socket.send(frames.interrupted);
    this.#socket.send(frames.complete);
  }

  #answer(): void {
    this.#reply = this.#hasGreeted ? answer : greeting;
    if (this.#hasGreeted) this.#socket.send(frames.asked);
    this.#hasGreeted = true;
    this.#at = 0;
    this.#fromMs = performance.now() + thinkMs;
  }

  #note(moments: Moment[]): void {
    moments.push({ caller: this.caller, atMs: machineMs() });
  }
}

const sessions = new Set<Session>();
const seen = { peaks: [] as Moment[], said: [] as Moment[], interrupted: 0 };

const server = new WebSocketServer({
  port: 0,
  host: '127.0.0.1',
  perMessageDeflate: false,
  skipUTF8Validation: true,
});
server.on('connection', (socket) => sessions.add(new Session(socket)));
await once(server, 'listening');

everyMillisecond((slot) => {
  // sessions take turns, a fifth of them each millisecond
  const nowMs = performance.now();
  let at = 0;
  for (const session of sessions) if (at++ % 5 === slot % 5) session.slot(nowMs);
});

obey<GeminiOrder>((order) => {
  if (order.do === 'tell') return { sessions: sessions.size, ...seen } satisfies GeminiReport;
  Object.assign(seen, { peaks: [], said: [], interrupted: 0 });
  const address = server.address();
  return typeof address === 'object' ? address?.port : undefined;
});

function replyOf(voice: Int16Array, words: string): Reply {
  const length = (chunkMs * rateHz) / 1000;
  // it begins at once, and is never digitally silent: what is silent on the phone was put there by the bridge
  const samples = voice
    .subarray(voice.findIndex((sample) => Math.abs(sample) > 1000))
    .map((sample, at) => sample + (at % 8 < 4 ? 8 : -8));
  const chunks = Array.from({ length: Math.ceil(samples.length / length) }, (_, at) => {
    const data = Buffer.from(samples.slice(at * length, (at + 1) * length).buffer).toString('base64');
    const content = { modelTurn: { parts: [{ inlineData: { mimeType: 'audio/pcm;rate=24000', data } }] } };
    const outputTranscription = at === 2 ? { outputTranscription: { text: words } } : {};
    return encode({ serverContent: { ...content, ...outputTranscription } });
  });
  return { chunks, ms: (samples.length * 1000) / rateHz };
}
