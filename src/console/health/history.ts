import type { Buckets, CountName, Figures, GaugeName } from './figures.ts';

/** What is kept, ms. */
const keptMs = 15 * 60_000;
/** Counts and latencies are those of so long before each moment, ms. */
const windowMs = 60_000;

/** A moment of the plots; counts are those of the minute before. */
export interface Moment {
  readonly atMs: number;
  readonly gauges: Readonly<Record<GaugeName, number>>;
  readonly counts: Readonly<Record<CountName, number>>;
  readonly outcomes: Readonly<Record<string, number>>;
  /** Within which half of the replies came, ms; undefined when there were none. */
  readonly p50Ms: number | undefined;
  readonly p95Ms: number | undefined;
}

/** What was seen so far, with one more look and without what is too old. */
export function longer(history: readonly Figures[], figures: Figures): readonly Figures[] {
  return [...history.filter(({ atMs }) => atMs > figures.atMs - keptMs), figures];
}

/** What is plotted of what was seen. */
export function momentsOf(history: readonly Figures[]): readonly Moment[] {
  return history.map((now) => {
    const before = history.find(({ atMs }) => atMs >= now.atMs - windowMs) ?? now;
    const replies = new Map(
      [...now.replyLatency].map(([upTo, count]) => [upTo, grown(count, before.replyLatency.get(upTo))]),
    );
    return {
      atMs: now.atMs,
      gauges: now.gauges,
      counts: {
        underruns: grown(now.counts.underruns, before.counts.underruns),
        gapMs: grown(now.counts.gapMs, before.counts.gapMs),
        reconnects: grown(now.counts.reconnects, before.counts.reconnects),
        rescues: grown(now.counts.rescues, before.counts.rescues),
        callFailures: grown(now.counts.callFailures, before.counts.callFailures),
        toolFailures: grown(now.counts.toolFailures, before.counts.toolFailures),
        toolServerFailures: grown(now.counts.toolServerFailures, before.counts.toolServerFailures),
        storeFailures: grown(now.counts.storeFailures, before.counts.storeFailures),
        failedWebhooks: grown(now.counts.failedWebhooks, before.counts.failedWebhooks),
      },
      outcomes: Object.fromEntries(
        Object.entries(now.outcomes).map(([outcome, count]) => [
          outcome,
          grown(count, before.outcomes[outcome]),
        ]),
      ),
      p50Ms: quantileMs(replies, 0.5),
      p95Ms: quantileMs(replies, 0.95),
    };
  });
}

/** How much a count has grown; a service that was begun anew counts from 0. */
function grown(now: number, before = 0): number {
  return now >= before ? now - before : now;
}

/** Within which a part of what a histogram has counted lies, ms, even between the ends of a bucket. */
function quantileMs(buckets: Buckets, part: number): number | undefined {
  const ends = [...buckets].sort(([a], [b]) => a - b);
  const all = ends.at(-1)?.[1] ?? 0;
  if (all === 0) return undefined;
  let fromS = 0;
  let below = 0;
  for (const [upToS, count] of ends) {
    if (count >= all * part) {
      // what is above the last end is known to be no shorter
      if (!Number.isFinite(upToS)) return fromS * 1000;
      return 1000 * (fromS + ((all * part - below) / (count - below)) * (upToS - fromS));
    }
    fromS = upToS;
    below = count;
  }
  return undefined;
}
