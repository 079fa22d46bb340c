import type { InspectionEvent } from 'xstate';
import type { GeminiListener } from '../../src/sim/index.ts';
import type { Tap } from './tapped-socket.ts';
import { latencyMs } from './world.ts';

/** What happens to a call from outside, as far as it may cross each other. */
export const crossings = ['reply ends', 'mark', 'interrupted', 'going away', 'hang-up'] as const;
type Crossing = (typeof crossings)[number];

/** Two that happen so close to each other cross, ms. */
const closeMs = 1000;
/** Times that differ by less are the same, ms. */
const sameTimeMs = 0.001;
/** Frames longer than this hold audio. */
const longestControlFrame = 600;

/** Sees what passes on both wires of one call, in order. */
export class LineWitness {
  /** Where audio left behind a clear that belongs to no reply begun since. */
  readonly staleAudio: string[] = [];
  /** Replies that began with audio of one that had been interrupted. */
  readonly revived: string[] = [];
  /** Ordered pairs of crossings that happened close to each other. */
  readonly crossed = new Map<string, number>();
  clears = 0;
  openedReplies = 0;
  readonly #nowMs: () => number;
  readonly #seen: { readonly what: Crossing; readonly atMs: number }[] = [];
  #clearedAtMs = Number.NEGATIVE_INFINITY;
  #openedAtMs = Number.NEGATIVE_INFINITY;
  #filledAtMs = Number.NEGATIVE_INFINITY;
  #confirmedAtMs = Number.NEGATIVE_INFINITY;
  readonly #geminiLatencyMs: number;
  /** When each piece of the model's audio left, and the first of the same reply, oldest first. */
  readonly #audio: { readonly leftFirstAtMs: number; readonly leftAtMs: number }[] = [];
  readonly #leftFirstAtMs = new Map<string, number>();

  constructor(nowMs: () => number, geminiLatencyMs: number) {
    this.#nowMs = nowMs;
    this.#geminiLatencyMs = geminiLatencyMs;
  }

  /** For the simulated Gemini. */
  readonly gemini: GeminiListener = (event) => {
    if (event.type !== 'sent' || event.frame.kind !== 'audio') return;
    const reply = `${event.connection}.${event.frame.reply}`;
    const leftAtMs = event.frame.atMs;
    const leftFirstAtMs = this.#leftFirstAtMs.get(reply) ?? leftAtMs;
    this.#leftFirstAtMs.set(reply, leftFirstAtMs);
    this.#audio.push({ leftFirstAtMs, leftAtMs });
  };

  /** For the wire between caller and service, on the caller's side. */
  readonly line: Tap = {
    out: (frame) => {
      if (typeof frame !== 'string' || frame.length > longestControlFrame) return true;
      if (frame.includes('"event":"mark"')) this.#note('mark');
      if (frame.includes('"event":"stop"')) this.#note('hang-up');
      return true;
    },
    in: (what) => {
      if (what === 'closed') return;
      const frame = what.data.toString();
      if (frame.includes('"event":"clear"')) {
        this.clears += 1;
        this.#clearedAtMs = this.#nowMs();
      } else if (frame.includes('"event":"media"')) this.#media(frame);
    },
  };

  /** For the wire between service and Gemini, on the service's side. */
  readonly model: Tap = {
    in: (what) => {
      if (what === 'closed' || what.data.length > longestControlFrame) return;
      const frame = what.data.toString();
      if (frame.includes('"generationComplete"')) this.#note('reply ends');
      if (frame.includes('"interrupted"')) this.#note('interrupted');
      if (frame.includes('"goAway"')) this.#note('going away');
    },
  };

  /** For the call's actors. */
  readonly watch = (inspection: InspectionEvent): void => {
    if (inspection.type !== '@xstate.event') return;
    const { event } = inspection;
    if (event.type === 'turn.verdict' && event.verdict === 'confirmed') this.#confirmedAtMs = this.#nowMs();
    if (event.type === 'queue.fill' || event.type === 'queue.apologise') this.#filledAtMs = this.#nowMs();
    if (event.type !== 'queue.audible') return;
    this.openedReplies += 1;
    this.#openedAtMs = this.#nowMs();
    // the phrase for a caller who waits, and the apology, are nothing of the model's
    if (this.#filledAtMs === this.#openedAtMs) return;
    const arrivedUntilMs = this.#openedAtMs - this.#geminiLatencyMs + sameTimeMs;
    const arrived = this.#audio.findLast(({ leftAtMs }) => leftAtMs <= arrivedUntilMs);
    // heard of before the interruption was confirmed: it is the reply that was interrupted
    if (arrived && arrived.leftFirstAtMs + this.#geminiLatencyMs < this.#confirmedAtMs)
      this.revived.push(
        `the reply of ${arrived.leftFirstAtMs} ms begins again, though interrupted at ${this.#confirmedAtMs} ms`,
      );
  };

  /** The connection to Gemini drops, or the line does. */
  note(what: Crossing): void {
    this.#note(what);
  }

  #media(frame: string): void {
    const leftAtMs = this.#nowMs() - latencyMs;
    const isOfAReply = this.#openedAtMs >= this.#clearedAtMs - latencyMs && this.#openedAtMs <= leftAtMs;
    if (this.#clearedAtMs === Number.NEGATIVE_INFINITY || isOfAReply || isSilent(frame)) return;
    this.staleAudio.push(`audio left at ${leftAtMs} ms, behind the clear of ${this.#clearedAtMs} ms`);
  }

  #note(what: Crossing): void {
    const atMs = this.#nowMs();
    for (const before of this.#seen) {
      if (before.what === what || atMs - before.atMs > closeMs) continue;
      const pair = `${before.what}, then ${what}`;
      this.crossed.set(pair, (this.crossed.get(pair) ?? 0) + 1);
    }
    this.#seen.push({ what, atMs });
  }
}

/** Whether a media frame holds nothing but zeros, as one that keeps the line alive does. */
function isSilent(frame: string): boolean {
  return /"payload":"A+=*"/.test(frame);
}
