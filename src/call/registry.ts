import type { LiveCall } from './live-call.ts';

/** The live calls of this process, each with an actor system of its own. */
export class CallRegistry {
  readonly #calls = new Map<string, LiveCall>();
  #whenEmpty: (() => void)[] = [];

  get size(): number {
    return this.#calls.size;
  }

  /** The call by its id; undefined when it is over. */
  get(callId: string): LiveCall | undefined {
    return this.#calls.get(callId);
  }

  /** The live calls, in the order in which they came. */
  get all(): Iterable<LiveCall> {
    return this.#calls.values();
  }

  add(callId: string, call: LiveCall): void {
    this.#calls.set(callId, call);
  }

  /** Forgets a call that is over. */
  remove(callId: string): void {
    this.#calls.delete(callId);
    if (this.#calls.size > 0) return;
    const waiting = this.#whenEmpty;
    this.#whenEmpty = [];
    for (const done of waiting) done();
  }

  /** Asks every call to end; those that have not after the deadline are dropped by {@link abortAll}. */
  endAll(): void {
    for (const call of this.#calls.values()) call.end();
  }

  /** Lets every agent say goodbye; each call ends after it. */
  takeLeaveOfAll(): void {
    for (const call of this.#calls.values()) call.takeLeave();
  }

  /** Closes every line, whatever is being said. */
  hangUpAll(): void {
    for (const call of this.#calls.values()) call.hangUp();
  }

  abortAll(): void {
    for (const call of this.#calls.values()) call.abort();
  }

  /** Resolves once no call is live. */
  empty(): Promise<void> {
    if (this.#calls.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#whenEmpty.push(resolve));
  }
}
