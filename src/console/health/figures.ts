import type { Sample } from './parse-metrics.ts';

/** Counts of a histogram’s buckets by their upper ends, s. */
export type Buckets = ReadonlyMap<number, number>;

/** What is kept of one look at the metrics. */
export interface Figures {
  readonly atMs: number;
  /** Values as they are, by the names below. */
  readonly gauges: Readonly<Record<GaugeName, number>>;
  /** Counts since the service began. */
  readonly counts: Readonly<Record<CountName, number>>;
  /** Calls that are over, by outcome, since the service began. */
  readonly outcomes: Readonly<Record<string, number>>;
  readonly replyLatency: Buckets;
}

export type GaugeName = 'live' | 'lagMs' | 'memoryMb' | 'heapMb' | 'waitingWebhooks' | 'deadWebhooks';
export type CountName =
  | 'underruns'
  | 'gapMs'
  | 'reconnects'
  | 'rescues'
  | 'callFailures'
  | 'toolFailures'
  | 'toolServerFailures'
  | 'storeFailures'
  | 'failedWebhooks';

/** Tools that did what they were asked for. */
const wellEnded = new Set(['answered', 'repeated']);

/** What is worth keeping of all the service’s metrics; what it does not have is 0. */
export function figuresOf(samples: readonly Sample[], atMs: number): Figures {
  const sum = (name: string, counts: (labels: Sample['labels']) => boolean = () => true): number =>
    samples
      .filter((sample) => sample.name === name && counts(sample.labels))
      .reduce((total, { value }) => total + value, 0);
  const megabytes = (name: string): number => sum(name) / 1e6;
  return {
    atMs,
    gauges: {
      live: sum('baari_calls_live'),
      lagMs: 1000 * sum('nodejs_eventloop_lag_p99_seconds'),
      memoryMb: megabytes('process_resident_memory_bytes'),
      heapMb: megabytes('nodejs_heap_size_used_bytes'),
      waitingWebhooks: sum('baari_webhooks_waiting'),
      deadWebhooks: sum('baari_webhooks_dead'),
    },
    counts: {
      underruns: sum('baari_underruns_total'),
      gapMs: 1000 * sum('baari_gap_seconds_total'),
      reconnects: sum('baari_gemini_reconnects_total'),
      rescues: sum('baari_model_rescues_total'),
      callFailures: sum('baari_call_failures_total'),
      toolFailures: sum('baari_tool_seconds_count', ({ outcome = '' }) => !wellEnded.has(outcome)),
      toolServerFailures: sum('baari_tool_server_failures_total'),
      storeFailures: sum('baari_records_store_failures_total'),
      failedWebhooks: sum('baari_webhooks_total', ({ outcome }) => outcome !== 'delivered'),
    },
    outcomes: byLabel(samples, 'baari_calls_total', 'outcome'),
    replyLatency: bucketsOf(samples, 'baari_reply_latency_seconds_bucket'),
  };
}

function byLabel(samples: readonly Sample[], name: string, label: string): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { name: its, labels, value } of samples) {
    const key = labels[label];
    if (its === name && key !== undefined) sums[key] = (sums[key] ?? 0) + value;
  }
  return sums;
}

function bucketsOf(samples: readonly Sample[], name: string): Buckets {
  const buckets = new Map<number, number>();
  for (const sample of samples) {
    if (sample.name !== name) continue;
    const upTo = sample.labels.le === '+Inf' ? Number.POSITIVE_INFINITY : Number(sample.labels.le);
    buckets.set(upTo, (buckets.get(upTo) ?? 0) + sample.value);
  }
  return buckets;
}
