import { type Clock, delay } from '../time/index.ts';

/** Pauses before a step that failed is tried again, ms: doubled from the first to the longest. */
const firstPauseMs = 1000;
const longestPauseMs = 60_000;

/** What a queue is built from. */
export interface StepQueueOptions {
  readonly clock: Clock;
  /** Calls that are worked on together at most. */
  readonly batch: number;
  /** Batches that are worked on at once at most. */
  readonly atOnce: number;
  /** Does the step, which must do no harm when it is done twice; rejects when it is to be tried again. */
  readonly run: (callIds: readonly string[]) => Promise<void>;
  /** Aborted when the service stops: what fails then is left to the next start. */
  readonly over: AbortSignal;
  /** Told of the first of several failures in a row, and of their end. */
  readonly failed: (message: string, waiting: number) => void;
  readonly back: (waiting: number) => void;
}

interface Item {
  readonly callId: string;
  readonly done: (isDone: boolean) => void;
}

/** Does one step for one record after the other, until it succeeds; a record that it always fails for holds up no other. */
export class StepQueue {
  readonly #o: StepQueueOptions;
  #waiting: Item[] = [];
  #running = 0;
  #failures = 0;
  #isResting = false;

  constructor(options: StepQueueOptions) {
    this.#o = options;
  }

  /** Resolves with true once the step is done for the call, with false when the service stops before. */
  add(callId: string): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#waiting.push({ callId, done: resolve });
    // whoever comes in the same moment is worked on together with it
    queueMicrotask(() => this.#work());
    return promise;
  }

  #work(): void {
    const { batch, atOnce } = this.#o;
    // after a failure by one at a time: it may be a single record that cannot be done
    while (
      this.#waiting.length > 0 &&
      !this.#isResting &&
      this.#running < (this.#failures > 0 ? 1 : atOnce)
    ) {
      this.#running += 1;
      this.#run(this.#waiting.splice(0, this.#failures > 0 ? 1 : batch)).finally(() => {
        this.#running -= 1;
        this.#work();
      });
    }
  }

  async #run(items: readonly Item[]): Promise<void> {
    const { run, back } = this.#o;
    try {
      await run(items.map(({ callId }) => callId));
      if (this.#failures > 0) back(this.#waiting.length);
      this.#failures = 0;
      for (const { done } of items) done(true);
    } catch (error) {
      await this.#failed(items, error instanceof Error ? error.message : 'unknown');
    }
  }

  async #failed(items: readonly Item[], message: string): Promise<void> {
    const { clock, over, failed } = this.#o;
    this.#failures += 1;
    if (this.#failures === 1) failed(message, this.#waiting.length + items.length);
    if (over.aborted) {
      for (const { done } of items) done(false);
      return;
    }
    this.#waiting.push(...items);
    this.#isResting = true;
    await delay(clock, Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(30, this.#failures - 1)), over);
    this.#isResting = false;
  }
}
