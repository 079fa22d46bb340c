import type { Clock, Timer } from '../time/index.ts';

/**
 * What the parts of one call run in: it ends with the call, and what is thrown in it ends this call only.
 *
 * Invariant: once it has ended no timer of it fires.
 */
export class CallScope {
  readonly #clock: Clock;
  readonly #failed: (error: unknown) => void;
  readonly #controller = new AbortController();
  readonly #timers = new Set<Timer>();

  /** @param failed told of what a part of the call has thrown */
  constructor(clock: Clock, failed: (error: unknown) => void) {
    this.#clock = clock;
    this.#failed = failed;
  }

  /** Aborted when the scope ends. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The clock for parts of the call: its timers are cleared with the scope. */
  readonly clock: Clock = {
    nowMs: () => this.#clock.nowMs(),
    wallMs: () => this.#clock.wallMs(),
    setTimeout: (fn, delayMs) => {
      const timer = this.#clock.setTimeout(() => {
        this.#timers.delete(timer);
        this.run(fn);
      }, delayMs);
      if (this.signal.aborted) this.#clock.clearTimeout(timer);
      else this.#timers.add(timer);
      return timer;
    },
    clearTimeout: (timer) => {
      if (timer) this.#timers.delete(timer);
      this.#clock.clearTimeout(timer);
    },
    yield: (fn) => this.#clock.yield(() => this.run(fn)),
  };

  /** Runs `act`; what it throws is told and goes no further. Nothing runs once the scope has ended. */
  run(act: () => void): void {
    if (this.signal.aborted) return;
    try {
      act();
    } catch (error) {
      this.#failed(error);
    }
  }

  /** Clears every timer; repeated calls are ignored. */
  end(): void {
    this.#controller.abort();
    for (const timer of this.#timers) this.#clock.clearTimeout(timer);
    this.#timers.clear();
  }
}
