import type { Clock, Timer } from '../../time/index.ts';
import { type ReplyPlan, type ReplyStep, replyRateHz } from './reply-plan.ts';

/** Whom a reply tells as it goes. */
export interface ReplyListener {
  step(step: ReplyStep): void;
  generated(): void;
  /** The client is assumed to have played everything. */
  played(): void;
}

/**
 * One reply on its way: frames leave at their times, then the playback that is left is waited for.
 *
 * Invariant: after `stop` the listener hears nothing more.
 */
export class ReplyInFlight {
  readonly #clock: Clock;
  readonly #steps: readonly ReplyStep[];
  readonly #playbackScale: number;
  readonly #listener: ReplyListener;
  readonly #startMs: number;
  #next = 0;
  #playedAtMs = 0;
  #timer: Timer | undefined;

  /** @param playbackScale share of the assumed playback time that is really waited for, 0 to 1. */
  constructor(clock: Clock, plan: ReplyPlan, playbackScale: number, listener: ReplyListener) {
    this.#clock = clock;
    this.#steps = plan.steps;
    this.#playbackScale = playbackScale;
    this.#listener = listener;
    this.#startMs = clock.nowMs();
    this.#wait();
  }

  stop(): void {
    this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#next = Number.POSITIVE_INFINITY;
  }

  #wait(): void {
    const step = this.#steps[this.#next];
    const dueMs = step ? this.#startMs + step.atMs : this.#clock.nowMs();
    this.#timer = this.#clock.setTimeout(() => this.#sendDue(), Math.max(0, dueMs - this.#clock.nowMs()));
  }

  #sendDue(): void {
    const elapsedMs = this.#clock.nowMs() - this.#startMs;
    for (;;) {
      const step = this.#steps[this.#next];
      // A millisecond of grace: real timers may fire a little early.
      if (!step || step.atMs > elapsedMs + 1) break;
      this.#next += 1;
      if (step.kind === 'audio') {
        const playMs = ((step.samples.length * 1000) / replyRateHz) * this.#playbackScale;
        this.#playedAtMs = Math.max(this.#playedAtMs, this.#clock.nowMs()) + playMs;
      }
      this.#listener.step(step);
    }
    if (this.#next < this.#steps.length) {
      this.#wait();
      return;
    }
    if (this.#next !== this.#steps.length) return;
    this.#next += 1;
    this.#timer = this.#clock.setTimeout(
      () => this.#listener.played(),
      Math.max(0, this.#playedAtMs - this.#clock.nowMs()),
    );
    this.#listener.generated();
  }
}
