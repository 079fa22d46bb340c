import type { Clock, Timer } from '../../time/index.ts';

/** How often a condition is looked at while somebody waits. */
const LOOK_EVERY_MS = 10;

/** A wait that did not come true in time; the message names what was waited for and how things stood. */
export class CallerWaitError extends Error {
  override readonly name = 'CallerWaitError';
  readonly waitedFor: string;
  readonly state: string;

  constructor(waitedFor: string, why: string, state: string) {
    super(`waited for ${waitedFor}: ${why}; ${state}`);
    this.waitedFor = waitedFor;
    this.state = state;
  }
}

interface Wait {
  readonly what: string;
  readonly untilMs: number;
  readonly withinMs: number;
  readonly outlivesCall: boolean;
  /** Settles the wait and returns true when it has come true. */
  readonly look: () => boolean;
  readonly fail: (error: Error) => void;
}

export interface UntilOptions {
  /** What is waited for, as it reads after "waited for". */
  readonly what: string;
  readonly withinMs: number;
  /** By default a wait fails as soon as the call has ended. */
  readonly outlivesCall?: boolean;
}

/** Waits on facts of a call, each with a deadline of the clock. */
export class Watch {
  readonly #clock: Clock;
  readonly #describe: () => string;
  readonly #hasEnded: () => boolean;
  readonly #waits = new Set<Wait>();
  #timer: Timer | undefined;

  constructor(clock: Clock, describe: () => string, hasEnded: () => boolean) {
    this.#clock = clock;
    this.#describe = describe;
    this.#hasEnded = hasEnded;
  }

  /** Resolves with the first value of `test` that is not undefined; rejects with a {@link CallerWaitError}. */
  until<T>(test: () => T | undefined, options: UntilOptions): Promise<T> {
    return new Promise((resolve, reject) => {
      const { what, withinMs, outlivesCall = false } = options;
      this.#waits.add({
        what,
        withinMs,
        outlivesCall,
        untilMs: this.#clock.nowMs() + withinMs,
        fail: reject,
        look: () => {
          const value = test();
          if (value === undefined) return false;
          resolve(value);
          return true;
        },
      });
      this.look();
    });
  }

  /** Looks at every wait now. */
  look(): void {
    this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
    const nowMs = this.#clock.nowMs();
    let nextMs = LOOK_EVERY_MS;
    for (const wait of this.#waits) {
      const isSettled = wait.look();
      const failure = isSettled ? undefined : this.#failureOf(wait, nowMs);
      if (failure !== undefined) wait.fail(new CallerWaitError(wait.what, failure, this.#describe()));
      if (isSettled || failure !== undefined) this.#waits.delete(wait);
      else nextMs = Math.min(nextMs, wait.untilMs - nowMs);
    }
    if (this.#waits.size > 0) this.#timer = this.#clock.setTimeout(() => this.look(), nextMs);
  }

  #failureOf(wait: Wait, nowMs: number): string | undefined {
    if (this.#hasEnded() && !wait.outlivesCall) return 'the call has ended';
    return nowMs >= wait.untilMs ? `not within ${wait.withinMs} ms` : undefined;
  }
}
