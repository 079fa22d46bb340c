import {
  type PlayoutNotice,
  type PlayoutPolicy,
  PlayoutScheduler,
  type ReplyAccount,
  SharedPlayoutClock,
} from '../../src/playout/index.ts';
import { SimulatedClock } from '../../src/time/index.ts';
import { Line } from './line.ts';

/** The policy of an agent that states nothing. */
export const defaultPolicy: PlayoutPolicy = {
  start: 'stream',
  chunkMs: 40,
  leadMs: 200,
  prebufferMs: 60,
  prebufferMaxMs: 300,
  markFallbackMs: 1000,
  keepAliveMs: 10_000,
  trimSilenceMs: 20,
};

/** What a rig differs in from the ordinary. */
export interface RigOptions {
  readonly policy?: Partial<PlayoutPolicy>;
  readonly rateHz?: 8000 | 16_000 | 24_000;
  /** The model's rate; the call's by default, so that samples are told apart by their values. */
  readonly modelRateHz?: 8000 | 16_000 | 24_000;
}

/** A scheduler with a carrier, on a simulated clock, told what the playout chart would tell it. */
export class Rig {
  readonly clock = new SimulatedClock();
  readonly line: Line;
  readonly scheduler: PlayoutScheduler;
  readonly notices: { readonly atMs: number; readonly notice: PlayoutNotice }[] = [];
  readonly settled: { readonly account: ReplyAccount; readonly how: 'drained' | 'flushed' }[] = [];
  readonly counts: Record<string, number> = {};
  readonly rateHz: number;
  readonly #parts: Int16Array[] = [];
  #written = 0;

  constructor({ policy = {}, rateHz = 8000, modelRateHz = rateHz }: RigOptions = {}) {
    this.rateHz = rateHz;
    this.line = new Line(this.clock, rateHz);
    this.line.onMark = (name) => this.scheduler.markReturned(name);
    this.scheduler = new PlayoutScheduler({
      clock: this.clock,
      sharedClock: new SharedPlayoutClock(this.clock),
      policy: { ...defaultPolicy, ...policy },
      callRateHz: rateHz,
      modelRateHz,
      carrier: this.line,
      notify: (notice) => {
        this.notices.push({ atMs: this.clock.nowMs(), notice });
        if (notice === 'filled' || notice === 'more') this.scheduler.play();
      },
      failed: (error) => {
        throw error;
      },
      settled: (account, how) => this.settled.push({ account, how }),
      count: (what, amount) => {
        this.counts[what] = (this.counts[what] ?? 0) + amount;
      },
    });
  }

  /** Writes the next `ms` of a voice whose samples are known by their values: see {@link voice}. */
  write(ms: number): void {
    this.#write(voice(this.#written, Math.round((ms * this.rateHz) / 1000)));
  }

  /** Writes the next `ms` as a pause between words: too quiet for speech, too loud for silence (about −50 dBov). */
  pause(ms: number): void {
    this.#write(new Int16Array(Math.round((ms * this.rateHz) / 1000)).fill(100));
  }

  /** Samples written so far. */
  get written(): number {
    return this.#written;
  }

  /** All samples written so far. */
  get all(): number[] {
    return this.#parts.flatMap((part) => [...part]);
  }

  advance(ms: number): void {
    this.clock.advance(ms);
  }

  get noticed(): PlayoutNotice[] {
    return this.notices.map(({ notice }) => notice);
  }

  #write(pcm: Int16Array): void {
    this.#parts.push(pcm);
    this.#written += pcm.length;
    this.scheduler.write(pcm);
  }

  /** Media messages sent so far. */
  get mediaCount(): number {
    return this.line.sent.filter(({ what }) => what === 'media').length;
  }
}

/** `samples` samples from position `from` of an endless loud voice, none of them 0. */
function voice(from: number, samples: number): Int16Array {
  return Int16Array.from({ length: samples }, (_, at) => 1000 + ((from + at) % 30_000));
}
