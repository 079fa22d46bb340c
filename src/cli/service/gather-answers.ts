import { type Clock, delay } from '../../time/index.ts';

/** What workers answered within the time, and how many did not. */
export interface Gathered<T> {
  readonly found: readonly T[];
  readonly missing: number;
}

/** Puts a question to all workers and gathers what they answer within a time. */
export class AnswerGatherer<T> {
  readonly #clock: Clock;
  readonly #longestMs: number;
  readonly #open = new Map<number, { waiting: number; readonly found: T[]; done: () => void }>();
  #asks = 0;

  /** @param longestMs longest wait, ms; the answer of a worker that is too busy is left out */
  constructor(clock: Clock, longestMs: number) {
    this.#clock = clock;
    this.#longestMs = longestMs;
  }

  /** Resolves once each worker that `ask` could be put to has answered, or the time is over; `ask` returns how many those are. */
  async gather(ask: (id: number) => number): Promise<Gathered<T>> {
    this.#asks += 1;
    const id = this.#asks;
    const over = new AbortController();
    const gathering = { waiting: 0, found: [] as T[], done: () => over.abort() };
    this.#open.set(id, gathering);
    gathering.waiting = ask(id);
    if (gathering.waiting > 0) await delay(this.#clock, this.#longestMs, over.signal);
    this.#open.delete(id);
    return { found: gathering.found, missing: gathering.waiting };
  }

  /** A worker's answer; one that comes too late is dropped. */
  given(id: number, answer: T): void {
    const gathering = this.#open.get(id);
    if (!gathering) return;
    gathering.found.push(answer);
    gathering.waiting -= 1;
    if (gathering.waiting === 0) gathering.done();
  }
}
