import { delay, systemClock } from '../../src/time/index.ts';

/** Longest wait for a fact, ms: far beyond what a busy machine needs, so that only a defect meets it. */
const longestMs = 15_000;
const lookEveryMs = 5;

/** The first value of `fact` that is not undefined. @throws Error naming what did not come true */
export async function until<T>(what: string, fact: () => T | undefined): Promise<T> {
  const deadlineMs = systemClock.nowMs() + longestMs;
  for (;;) {
    const found = fact();
    if (found !== undefined) return found;
    if (systemClock.nowMs() > deadlineMs) throw new Error(`waited ${longestMs} ms for ${what}`);
    await delay(systemClock, lookEveryMs);
  }
}
