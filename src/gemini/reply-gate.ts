import type { Clock } from '../time/index.ts';

/** What ends a reply on the wire. */
export type ReplyBoundary = 'generationComplete' | 'interrupted' | 'turnComplete';

/** Longest wait for the `turnComplete` that follows `interrupted`, ms; it is known to be missing at times. */
const stragglersMs = 1000;

/**
 * Owns one race: audio of a reply that was cancelled, arriving after the cancellation.
 *
 * Invariant: nothing of a cancelled reply is let through; the first audio of the next one is.
 */
export class ReplyGate {
  readonly #clock: Clock;
  #isInFlight = false;
  #isCancelled = false;
  #isCallerTurn = false;
  #stragglersUntilMs = 0;
  #generation = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Number of the reply that is, or was last, let through. */
  get generation(): number {
    return this.#generation;
  }

  /** Whether a reply has begun to come that is wanted and not complete. */
  get isInFlight(): boolean {
    return this.#isInFlight;
  }

  /** Whether audio that arrives now is to be played. */
  admit(): boolean {
    if (this.#isCancelled || this.#isCallerTurn || this.#clock.nowMs() < this.#stragglersUntilMs)
      return false;
    if (!this.#isInFlight) this.#generation += 1;
    this.#isInFlight = true;
    return true;
  }

  /** The current reply is not wanted any more. */
  cancel(): void {
    this.#isCancelled ||= this.#isInFlight;
    this.#isInFlight = false;
  }

  /** While the caller's turn is open and we own it, the model cannot be answering it. */
  callerTurn(isOpen: boolean): void {
    this.#isCallerTurn = isOpen;
    if (!isOpen) this.#stragglersUntilMs = 0;
  }

  /** A boundary came; returns whether it concerns a reply that the chart still believes in. */
  boundary(kind: ReplyBoundary): boolean {
    const wasCancelled = this.#isCancelled;
    this.#isCancelled = false;
    this.#isInFlight = false;
    this.#stragglersUntilMs = kind === 'interrupted' ? this.#clock.nowMs() + stragglersMs : 0;
    return !wasCancelled;
  }

  /** The connection is gone, and with it whatever was in flight. */
  reset(): void {
    this.#isInFlight = false;
    this.#isCancelled = false;
    this.#stragglersUntilMs = 0;
  }
}
