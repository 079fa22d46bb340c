import { type Clock, SimulatedClock, type Timer } from '../../../src/time/index.ts';

/** A simulated clock whose timers can be held up, as by an event loop that is busy. */
export class StallingClock implements Clock {
  readonly inner = new SimulatedClock();
  #held: (() => void)[] = [];
  #isStalled = false;

  nowMs(): number {
    return this.inner.nowMs();
  }

  wallMs(): number {
    return this.inner.wallMs();
  }

  setTimeout(fn: () => void, delayMs: number): Timer {
    return this.inner.setTimeout(() => {
      if (this.#isStalled) this.#held.push(fn);
      else fn();
    }, delayMs);
  }

  clearTimeout(timer: Timer | undefined): void {
    this.inner.clearTimeout(timer);
  }

  yield(fn: () => void): void {
    this.setTimeout(fn, 0);
  }

  /** Lets `ms` pass with no timer firing, then fires what was missed. */
  stall(ms: number): void {
    this.#isStalled = true;
    this.inner.advance(ms);
    this.#isStalled = false;
    const held = this.#held;
    this.#held = [];
    for (const fn of held) fn();
  }
}
