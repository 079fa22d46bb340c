import { Counter, Gauge, Registry } from 'prom-client';

/** What the primary itself measures. */
export interface WorkerMetrics {
  readonly registry: Registry;
  readonly lost: Counter;
}

/** Opens the metrics of the primary; `live` tells how many workers are alive. */
export function workerMetrics(live: () => number): WorkerMetrics {
  const registry = new Registry();
  const registers = [registry];
  new Gauge({
    name: 'baari_workers',
    help: 'Worker processes that are alive.',
    registers,
    collect() {
      this.set(live());
    },
  });
  const lost = new Counter({ name: 'baari_workers_lost_total', help: 'Workers that crashed.', registers });
  return { registry, lost };
}
