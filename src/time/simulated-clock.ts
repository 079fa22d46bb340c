import type { Clock, Timer } from './clock.ts';

class SimulatedTimer implements Timer {
  readonly dueMs: number;
  readonly order: number;
  fn: (() => void) | undefined;

  constructor(dueMs: number, order: number, fn: () => void) {
    this.dueMs = dueMs;
    this.order = order;
    this.fn = fn;
  }
}

/**
 * A clock that stands still until it is told to advance.
 *
 * Invariant: timers fire in order of due time, then of creation, each at its own due time, so that a timer set by
 * another timer inside one advance still fires inside it.
 */
export class SimulatedClock implements Clock {
  #nowMs = 0;
  #order = 0;
  readonly #startWallMs: number;
  readonly #heap: SimulatedTimer[] = [];

  /** @param startWallMs wall time at the start, ms since 1970; fixed by default so that runs repeat. */
  constructor(startWallMs = Date.UTC(2026, 0, 1)) {
    this.#startWallMs = startWallMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  wallMs(): number {
    return this.#startWallMs + this.#nowMs;
  }

  setTimeout(fn: () => void, delayMs: number): Timer {
    this.#order += 1;
    const timer = new SimulatedTimer(this.#nowMs + Math.max(0, delayMs), this.#order, fn);
    this.#push(timer);
    return timer;
  }

  clearTimeout(timer: Timer | undefined): void {
    if (timer instanceof SimulatedTimer) timer.fn = undefined;
  }

  yield(fn: () => void): void {
    this.setTimeout(fn, 0);
  }

  /** Number of timers that are still to fire. */
  get pendingTimers(): number {
    return this.#heap.reduce((count, timer) => count + (timer.fn ? 1 : 0), 0);
  }

  /** Advances by `ms` milliseconds, firing what falls due; promises settle only after the call. */
  advance(ms: number): void {
    const untilMs = this.#nowMs + ms;
    while (this.#fireNext(untilMs));
    this.#nowMs = untilMs;
  }

  /**
   * Advances by `ms` milliseconds and lets promises settle after each timer, so that asynchronous code takes part.
   * Stops early once `until` returns true.
   */
  async run(ms: number, until?: () => boolean): Promise<void> {
    const untilMs = this.#nowMs + ms;
    await settle();
    while (!until?.() && this.#fireNext(untilMs)) await settle();
    if (!until?.()) this.#nowMs = untilMs;
  }

  #fireNext(untilMs: number): boolean {
    for (;;) {
      const next = this.#heap[0];
      if (!next || next.dueMs > untilMs) return false;
      this.#pop();
      const { fn } = next;
      if (!fn) continue;
      next.fn = undefined;
      this.#nowMs = Math.max(this.#nowMs, next.dueMs);
      fn();
      return true;
    }
  }

  #push(timer: SimulatedTimer): void {
    const heap = this.#heap;
    let at = heap.push(timer) - 1;
    while (at > 0) {
      const up = (at - 1) >> 1;
      const parent = heap[up];
      if (!parent || isBefore(parent, timer)) break;
      heap[at] = parent;
      at = up;
    }
    heap[at] = timer;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (!last || heap.length === 0) return;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      const a = heap[left];
      const b = heap[left + 1];
      const childAt = a && b && isBefore(b, a) ? left + 1 : left;
      const child = heap[childAt];
      if (!child || isBefore(last, child)) break;
      heap[at] = child;
      at = childAt;
    }
    heap[at] = last;
  }
}

function isBefore(a: SimulatedTimer, b: SimulatedTimer): boolean {
  return a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.order < b.order);
}

/** Lets every promise that can settle do so: one turn of the event loop drains the microtask queue. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
