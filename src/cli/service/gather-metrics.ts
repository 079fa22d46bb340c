import { AggregatorRegistry, type Registry } from 'prom-client';
import { type Clock, delay } from '../../time/index.ts';

/** Longest wait for the metrics of a worker, ms; those of one that is too busy are left out. */
const gatherMs = 2000;

/** One worker's metrics, as prom-client gives them out. */
type MetricsOfWorker = readonly object[];

/** Gathers the metrics of all workers, and adds those of the primary. */
export class MetricsGatherer {
  readonly #clock: Clock;
  readonly #own: Registry;
  readonly #open = new Map<
    number,
    { waiting: number; readonly found: MetricsOfWorker[]; done: () => void }
  >();
  #asks = 0;

  constructor(clock: Clock, own: Registry) {
    this.#clock = clock;
    this.#own = own;
  }

  /** Resolves with the sum, once each worker that `ask` could be put to has answered, or the time is over. */
  async gather(ask: (id: number) => number): Promise<string> {
    this.#asks += 1;
    const id = this.#asks;
    const over = new AbortController();
    const gathering = { waiting: 0, found: [] as MetricsOfWorker[], done: () => over.abort() };
    this.#open.set(id, gathering);
    gathering.waiting = ask(id);
    if (gathering.waiting > 0) await delay(this.#clock, gatherMs, over.signal);
    this.#open.delete(id);
    const own = await this.#own.getMetricsAsJSON();
    return AggregatorRegistry.aggregate([own, ...gathering.found].map((metrics) => [...metrics])).metrics();
  }

  /** A worker's answer; one that comes too late is dropped. */
  given(id: number, metrics: MetricsOfWorker): void {
    const gathering = this.#open.get(id);
    if (!gathering) return;
    gathering.found.push(metrics);
    gathering.waiting -= 1;
    if (gathering.waiting === 0) gathering.done();
  }
}
