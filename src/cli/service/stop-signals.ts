import type { EventEmitter } from 'node:events';
import type { Clock } from '../../time/index.ts';

/** A signal that comes again sooner than this is the same wish, ms: npm passes on what its whole group was sent. */
const sameWishMs = 1000;

/** How the user wants the service to stop. */
export interface StopSignals {
  /** Resolves at the first SIGTERM or SIGINT. */
  readonly stopped: Promise<void>;
  /** Aborted at SIGINT, or at a second SIGTERM: no call is waited for any longer. */
  readonly hurried: AbortSignal;
}

/** Listens for SIGTERM and SIGINT, and takes them from `source`. */
export function stopSignals(clock: Clock, source: Pick<EventEmitter, 'on'> = process): StopSignals {
  const hurry = new AbortController();
  let firstMs: number | undefined;
  const stopped = new Promise<void>((resolve) => {
    source.on('SIGTERM', () => {
      if (firstMs !== undefined && clock.nowMs() - firstMs >= sameWishMs) hurry.abort();
      firstMs ??= clock.nowMs();
      resolve();
    });
    source.on('SIGINT', () => {
      firstMs ??= clock.nowMs();
      hurry.abort();
      resolve();
    });
  });
  return { stopped, hurried: hurry.signal };
}
