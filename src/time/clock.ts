/** A pending timer of a {@link Clock}; opaque to its holder. */
export interface Timer {
  readonly dueMs: number;
}

/**
 * The only door to time: monotonic time, wall time and timers, real or simulated.
 * It satisfies XState's `Clock`, so one object serves the machines and the code around them.
 */
export interface Clock {
  /** Monotonic milliseconds with fractions, from an arbitrary zero. */
  nowMs(): number;
  /** Milliseconds since 1970-01-01 UTC; for records and tokens, never for durations. */
  wallMs(): number;
  /** Calls `fn` once, `delayMs` milliseconds from now or later. */
  setTimeout(fn: () => void, delayMs: number): Timer;
  /** Cancels a timer; a timer that has fired or was cancelled is ignored. */
  clearTimeout(timer: Timer | undefined): void;
  /** Calls `fn` after the input that is already waiting has been served. */
  yield(fn: () => void): void;
}

class RealTimer implements Timer {
  readonly dueMs: number;
  handle: NodeJS.Timeout | undefined;

  constructor(dueMs: number) {
    this.dueMs = dueMs;
  }
}

/** The clock of the machine Baari runs on. */
export const systemClock: Clock = {
  nowMs: () => performance.now(),
  wallMs: () => Date.now(),
  setTimeout(fn, delayMs) {
    const timer = new RealTimer(performance.now() + delayMs);
    timer.handle = setTimeout(fn, Math.max(0, delayMs));
    return timer;
  },
  clearTimeout(timer) {
    if (timer instanceof RealTimer) clearTimeout(timer.handle);
  },
  yield(fn) {
    setImmediate(fn);
  },
};

/** Waits for `work` at most `limitMs` milliseconds of `clock`; resolves with its value, or undefined at the limit. */
export async function within<T>(clock: Clock, limitMs: number, work: Promise<T>): Promise<T | undefined> {
  const over = new AbortController();
  try {
    return await Promise.race([work, delay(clock, limitMs, over.signal).then(() => undefined)]);
  } finally {
    over.abort();
  }
}

/** Resolves after `delayMs` milliseconds of `clock`, at once when `signal` is aborted. */
export function delay(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = (): void => {
      clock.clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = clock.setTimeout(done, delayMs);
    signal?.addEventListener('abort', done, { once: true });
  });
}
