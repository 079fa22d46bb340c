import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Clock, Timer } from '../time/index.ts';

/** How late the event loop of this process runs what is due: the measure that predicts gaps in calls. */
export interface LoopLag {
  /** The mean lateness over the last {@link windowMs}, ms. */
  readonly lagMs: number;
  start(): void;
  stop(): void;
}

/** One stall is no overload: lateness is averaged over this long, ms. */
const windowMs = 2000;
/** How often the loop is looked at, ms. */
const resolutionMs = 40;

/** A loop that is never late: for tests, and where nothing is measured. */
export const calmLoop: LoopLag = { lagMs: 0, start: () => undefined, stop: () => undefined };

/** Measures the event loop of this process, from `start` to `stop`. */
export function watchLoopLag(clock: Clock): LoopLag {
  const histogram = monitorEventLoopDelay({ resolution: resolutionMs });
  let lagMs = 0;
  let timer: Timer | undefined;
  const look = (): void => {
    // each sample holds the time between two looks, so the resolution is no lateness
    if (histogram.count > 0) lagMs = Math.max(0, histogram.mean / 1e6 - resolutionMs);
    histogram.reset();
    timer = clock.setTimeout(look, windowMs);
  };
  return {
    get lagMs() {
      return lagMs;
    },
    start() {
      histogram.enable();
      timer ??= clock.setTimeout(look, windowMs);
    },
    stop() {
      clock.clearTimeout(timer);
      timer = undefined;
      histogram.disable();
    },
  };
}
