// Callers that speak Exotel's protocol, as lean as they can be: recorded speech, questions, barge-ins. A process of its own.
import { WebSocket } from 'ws';
import { loadCaller, loadVoice } from '../../../src/sim/index.ts';
import {
  type CallersOrder,
  type CallersReport,
  everyMillisecond,
  frameMs,
  type Moment,
  machineMs,
  obey,
  rateHz,
} from './wire.ts';

const frameSamples = (rateHz * frameMs) / 1000;
const greetingFrames = 5000 / frameMs;
/** A question, then one whose answer is broken into, over and over. */
const periodFrames = 23_000 / frameMs;
/** Where in an utterance both ends look when its audio passes, ms: a bridge that waits for a verdict has come to one by then. */
const lookAtMs = 900;
const question = framesOf(withPeak((await loadCaller('hello-hours')).samples));
const bargeIn = framesOf(withPeak((await loadCaller('sorry-one-moment')).samples));
const script = new Map<number, readonly string[]>([
  [0, question],
  [9000 / frameMs, question],
  [12_700 / frameMs, bargeIn],
]);
const track = Array.from({ length: periodFrames }, () => '');
for (const [at, frames] of script) track.splice(at, frames.length, ...frames);
/** The noise of a quiet line. */
const quiet = framesOf(Int16Array.from({ length: rateHz }, (_, at) => ((at * 7919) % 13) - 6));
/** Less of a reply than this was torn off, ms of audible audio; the greeting is the shortest. */
const wholeMs = (loadVoice('greeting').length / 24) * 0.9;
/** After so long without audio, what comes is another reply, ms. */
const pauseMs = 700;
/** An agent may fall silent for somebody who speaks, and go on so many frames later: no gap. */
const yieldFrames = 1000 / frameMs;
/** Payloads of digital silence: a bridge's keep-alives. */
const silent = 'A'.repeat(64);

class Caller {
  readonly #socket: WebSocket;
  readonly name: string;
  readonly #phase: number;
  #endsAtFrame: number;
  #frame = -greetingFrames;
  #spokeAtFrame = Number.NEGATIVE_INFINITY;
  #sequence = 1;
  #isOpen = false;
  #isDone = false;
  /** When the phone will have played all that it was sent, ms. */
  #queueEndMs = 0;
  /** When it will have played all of that that is audible, ms. */
  #audibleEndMs = 0;
  #audibleMs = 0;
  #isReply = false;

  constructor(address: string, at: number, lifeFrames = Number.POSITIVE_INFINITY) {
    this.name = `0900${String(at).padStart(7, '0')}`;
    // spread evenly, however many there are
    this.#phase = Math.floor(((at * 0.618_034) % 1) * periodFrames);
    this.#endsAtFrame = lifeFrames;
    this.#socket = new WebSocket(address, {
      perMessageDeflate: false,
      skipUTF8Validation: true,
      rejectUnauthorized: false,
      // a mask of zeros is a mask; it costs nothing here and what it always costs there
      generateMask: () => undefined,
    });
    seen.dialled.push({ caller: this.name, atMs: machineMs() });
    this.#socket.on('open', () => this.#begin());
    this.#socket.on('message', (data: Buffer) => this.#hear(data.toString('latin1')));
    this.#socket.on('close', () => {
      if (!this.#isDone) seen.lost += 1;
      this.#isOpen = false;
      callers.delete(this);
    });
    this.#socket.on('error', () => undefined);
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Whether the call has lasted long enough. */
  get isOld(): boolean {
    return this.#frame >= this.#endsAtFrame;
  }

  /** One frame of the uplink. */
  slot(): void {
    if (!this.#isOpen) return;
    const frame = this.#frame;
    this.#frame += 1;
    this.#sequence += 1;
    const at = (frame + this.#phase) % periodFrames;
    const speech = frame >= 0 ? (track[at] ?? '') : '';
    if (speech !== '') this.#spokeAtFrame = frame;
    const payload = speech === '' ? quiet[this.#sequence % quiet.length] : speech;
    if (frame >= 0 && script.has(at - lookAtMs / frameMs))
      seen.peaks.push({ caller: this.name, atMs: machineMs() });
    this.#socket.send(
      `{"event":"media","stream_sid":"s${this.name}","sequence_number":"${this.#sequence}","media":{"chunk":"${this.#sequence}","timestamp":"${this.#sequence * frameMs}","payload":"${payload}"}}`,
    );
  }

  hangUp(): void {
    this.#isDone = true;
    if (this.#isOpen) {
      this.#socket.send(
        `{"event":"stop","stream_sid":"s${this.name}","sequence_number":"${this.#sequence + 1}","stop":{"call_sid":"c${this.name}","account_sid":"bench","reason":"callended"}}`,
      );
    }
    this.#socket.close(1000);
    setTimeout(() => this.#socket.terminate(), 2000);
  }

  #begin(): void {
    this.#isOpen = true;
    this.#socket.send('{"event":"connected"}');
    this.#socket.send(
      JSON.stringify({
        event: 'start',
        stream_sid: `s${this.name}`,
        sequence_number: '1',
        start: {
          stream_sid: `s${this.name}`,
          call_sid: `c${process.pid}${this.name}`,
          account_sid: 'bench',
          from: this.name,
          to: '08000000000',
          media_format: { encoding: 'base64', sample_rate: '8000', bit_rate: '128kbps' },
        },
      }),
    );
  }

  #hear(text: string): void {
    const nowMs = performance.now();
    if (/"event": ?"media"/.test(text.slice(0, 40)) || text.includes('"payload"'))
      return this.#play(text, nowMs);
    if (/"event": ?"mark"/.test(text)) {
      const name = /"name": ?"([^"]+)"/.exec(text)?.[1] ?? '';
      setTimeout(() => this.#returnMark(name), Math.max(0, this.#queueEndMs - nowMs));
    } else if (/"event": ?"clear"/.test(text)) {
      this.#queueEndMs = nowMs;
      this.#isReply = false;
      seen.clears += 1;
    }
  }

  #play(text: string, nowMs: number): void {
    const from = text.indexOf('"', text.indexOf('"payload"') + 9) + 1;
    const to = text.indexOf('"', from);
    const ms = ((((to - from) * 3) / 8) * 1000) / rateHz;
    const middle = (from + to) >> 1;
    const isSilent = text.slice(middle - 32, middle + 32) === silent;
    const dryMs = nowMs - this.#audibleEndMs;
    this.#queueEndMs = Math.max(nowMs, this.#queueEndMs) + ms;
    seen.chunks += 1;
    if (isSilent) return;
    if (this.#isReply && dryMs > pauseMs) this.#end();
    if (!this.#isReply) {
      this.#isReply = true;
      this.#audibleMs = 0;
      seen.heard.push({ caller: this.name, atMs: machineMs() });
    } else if (dryMs > 0 && this.#frame > this.#spokeAtFrame + yieldFrames) {
      seen.gaps += 1;
      if (dryMs > frameMs) seen.longGaps += 1;
    }
    this.#audibleEndMs = this.#queueEndMs;
    this.#audibleMs += ms;
  }

  /** A reply is over that was not cleared. */
  #end(): void {
    this.#isReply = false;
    seen.replies += 1;
    if (this.#audibleMs < wholeMs) seen.short += 1;
  }

  #returnMark(name: string): void {
    if (!this.#isOpen) return;
    this.#sequence += 1;
    this.#socket.send(
      `{"event":"mark","stream_sid":"s${this.name}","sequence_number":"${this.#sequence}","mark":{"name":"${name}"}}`,
    );
  }
}

const seen = {
  lost: 0,
  chunks: 0,
  gaps: 0,
  longGaps: 0,
  replies: 0,
  short: 0,
  clears: 0,
  peaks: [] as Moment[],
  heard: [] as Moment[],
  dialled: [] as Moment[],
};
/** The callers of each millisecond of a frame: they speak one after the other, as callers do. */
const slots: Caller[][] = Array.from({ length: frameMs }, () => []);
const callers = new Set<Caller>();
let dialled = 0;

everyMillisecond((number) => {
  for (const caller of slots[number % frameMs] ?? []) caller.slot();
});

obey<CallersOrder>(async (order) => {
  if (order.do === 'open') {
    const { calls, address, perSecond, lifeS } = order;
    for (let at = 0; at < calls; at += 1) {
      dial(address, lifeS);
      await new Promise((resolve) => setTimeout(resolve, 1000 / perSecond));
    }
  } else if (order.do === 'measure') {
    Object.assign(seen, { lost: 0, chunks: 0, gaps: 0, longGaps: 0, replies: 0, short: 0, clears: 0 });
    Object.assign(seen, { peaks: [], heard: [], dialled: [] });
  } else if (order.do === 'close') for (const caller of [...callers]) caller.hangUp();
  return { open: [...callers].filter(({ isOpen }) => isOpen).length, ...seen } satisfies CallersReport;
});

function dial(address: string, lifeS: number | undefined): void {
  const at = dialled;
  dialled += 1;
  const life = lifeS === undefined ? undefined : (lifeS * 1000 * (0.5 + ((at * 0.618_034) % 1))) / frameMs;
  const caller = new Caller(address, at, life);
  callers.add(caller);
  const slot = slots[at % frameMs];
  slot?.push(caller);
  if (life === undefined) return;
  const look = setInterval(() => {
    if (!caller.isOld && callers.has(caller)) return;
    clearInterval(look);
    if (slot) slot.splice(slot.indexOf(caller), 1);
    caller.hangUp();
    dial(address, lifeS);
  }, 1000);
}

/** At most half as loud as can be, but for one frame, which is louder than any other. */
function withPeak(clip: Int16Array): Int16Array {
  const from = (lookAtMs * rateHz) / 1000;
  const loudest = clip.reduce((most, sample) => Math.max(most, Math.abs(sample)), 1);
  return clip.map((sample, at) =>
    at >= from && at < from + frameSamples
      ? Math.round(30_000 * Math.sin((2 * Math.PI * 400 * at) / rateHz))
      : Math.round((sample * Math.min(loudest, 14_000)) / loudest),
  );
}

/** A clip as payloads. */
function framesOf(clip: Int16Array): string[] {
  return Array.from({ length: Math.floor(clip.length / frameSamples) }, (_, at) =>
    Buffer.from(clip.slice(at * frameSamples, (at + 1) * frameSamples).buffer).toString('base64'),
  );
}
