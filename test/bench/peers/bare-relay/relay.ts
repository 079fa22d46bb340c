// The floor: what any bridge has to do between Exotel and Gemini Live, and nothing else. No detector, no pacing, no records.
import { once } from 'node:events';
import { WebSocket, WebSocketServer } from 'ws';
import { doubler, thirder } from './fir.ts';

const { PORT = '8080', GEMINI_API_KEY = '', GOOGLE_GEMINI_BASE_URL } = process.env;
const base = (GOOGLE_GEMINI_BASE_URL ?? 'https://generativelanguage.googleapis.com').replace(/^http/, 'ws');
const service = 'ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent';
const address = `${base.replace(/\/$/, '')}/${service}?key=${GEMINI_API_KEY}`;
/** Exotel takes multiples of 320 bytes: 20 ms at 8 kHz. */
const chunkSamples = 160;

interface FromExotel {
  readonly event?: string;
  readonly start?: { readonly stream_sid: string; readonly from: string };
  readonly media?: { readonly payload: string };
}
interface FromGemini {
  readonly setupComplete?: object;
  readonly serverContent?: {
    readonly modelTurn?: { readonly parts?: readonly { readonly inlineData?: { readonly data: string } }[] };
    readonly interrupted?: boolean;
    readonly generationComplete?: boolean;
  };
}

function relay(exotel: WebSocket): void {
  exotel.on('error', () => exotel.terminate());
  exotel.on('message', function begin(data: Buffer) {
    const { start }: FromExotel = JSON.parse(data.toString());
    if (!start) return;
    exotel.off('message', begin);
    converse(exotel, start.stream_sid, start.from);
  });
}

function converse(exotel: WebSocket, streamSid: string, from: string): void {
  const gemini = new WebSocket(address, { perMessageDeflate: false });
  const up = doubler();
  let down = thirder();
  let waiting = new Int16Array(0);
  let isReady = false;

  const say = (samples: Int16Array): void => {
    const payload = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength).toString('base64');
    exotel.send(`{"event":"media","stream_sid":"${streamSid}","media":{"payload":"${payload}"}}`);
  };
  const play = (samples: Int16Array): void => {
    const all = joined(waiting, samples);
    const whole = all.length - (all.length % chunkSamples);
    if (whole > 0) say(all.subarray(0, whole));
    waiting = all.slice(whole);
  };

  exotel.on('message', (data: Buffer) => {
    const { media }: FromExotel = JSON.parse(data.toString());
    if (!media || !isReady) return;
    const samples = up.next(samplesIn(media.payload));
    const audio = Buffer.from(samples.buffer).toString('base64');
    gemini.send(`{"realtimeInput":{"audio":{"data":"${audio}","mimeType":"audio/pcm;rate=16000"}}}`);
  });
  exotel.on('close', () => gemini.close());

  gemini.on('open', () => gemini.send(setup(from)));
  gemini.on('message', (data: Buffer) => {
    const { setupComplete, serverContent }: FromGemini = JSON.parse(data.toString());
    if (setupComplete) {
      isReady = true;
      gemini.send('{"realtimeInput":{"text":"Greet the caller."}}');
    }
    if (!serverContent) return;
    for (const { inlineData } of serverContent.modelTurn?.parts ?? []) {
      if (inlineData) play(down.next(samplesIn(inlineData.data)));
    }
    if (serverContent.interrupted) {
      waiting = new Int16Array(0);
      down = thirder();
      exotel.send(`{"event":"clear","stream_sid":"${streamSid}"}`);
    } else if (serverContent.generationComplete && waiting.length > 0) {
      say(joined(waiting, new Int16Array(chunkSamples - waiting.length)));
      waiting = new Int16Array(0);
    }
  });
  gemini.on('error', () => gemini.terminate());
  gemini.on('close', () => exotel.close(1000));
}

function setup(from: string): string {
  return JSON.stringify({
    setup: {
      model: 'models/gemini-3.8-live',
      generationConfig: { responseModalities: ['AUDIO'] },
      systemInstruction: { role: 'user', parts: [{ text: `You take calls. caller=${from}` }] },
    },
  });
}

function samplesIn(base64: string): Int16Array {
  const bytes = Buffer.from(base64, 'base64');
  // a pooled buffer may begin at an odd address
  const from = bytes.byteOffset % 2 === 0 ? bytes : new Uint8Array(bytes);
  return new Int16Array(from.buffer, from.byteOffset, from.byteLength >> 1);
}

function joined(first: Int16Array, second: Int16Array): Int16Array<ArrayBuffer> {
  const both = new Int16Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

const server = new WebSocketServer({ host: '127.0.0.1', port: Number(PORT), perMessageDeflate: false });
server.on('connection', relay);
process.on('SIGTERM', () => process.exit());
await once(server, 'listening');
console.log('listening');
