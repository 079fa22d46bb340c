import { AggregatorRegistry, type Registry } from 'prom-client';
import type { Clock } from '../../time/index.ts';
import { AnswerGatherer } from './gather-answers.ts';

/** Longest wait for the metrics of a worker, ms; those of one that is too busy are left out. */
const gatherMs = 2000;

/** One worker's metrics, as prom-client gives them out. */
type MetricsOfWorker = readonly object[];

/** Gathers the metrics of all workers, and adds those of the primary. */
export class MetricsGatherer {
  readonly #own: Registry;
  readonly #answers: AnswerGatherer<MetricsOfWorker>;

  constructor(clock: Clock, own: Registry) {
    this.#own = own;
    this.#answers = new AnswerGatherer(clock, gatherMs);
  }

  /** Resolves with the sum, once each worker that `ask` could be put to has answered, or the time is over. */
  async gather(ask: (id: number) => number): Promise<string> {
    const { found } = await this.#answers.gather(ask);
    const own = await this.#own.getMetricsAsJSON();
    return AggregatorRegistry.aggregate([own, ...found].map((metrics) => [...metrics])).metrics();
  }

  /** A worker's answer; one that comes too late is dropped. */
  given(id: number, metrics: MetricsOfWorker): void {
    this.#answers.given(id, metrics);
  }
}
