import cluster from 'node:cluster';
import type { OtherProcesses, PeerListener } from '../../inspection/index.ts';
import type { Metrics } from '../../observe/index.ts';
import type { LiveCalls } from '../../server/index.ts';
import { type Clock, within } from '../../time/index.ts';
import { answerOf, type LiveAnswers, type LiveQuestion, liveCallsOfAll } from './live-in-workers.ts';
import { SharedCallLedger } from './shared-ledger.ts';
import { type About, type FromWorker, fromPrimarySchema } from './worker-messages.ts';

/** Longest wait for the primary to gather the metrics of all workers, ms; it has a shorter deadline of its own. */
const metricsMs = 3000;

/** Longest wait for the primary to gather what all workers say of their live calls, ms; then only those of this one count. */
const liveMs = 3000;

/** A worker's side of its link to the primary. */
export class WorkerLink {
  /** What is known of calls, in all workers. */
  readonly ledger: SharedCallLedger;
  /** The other workers, whose live calls can be watched from this one. */
  readonly others: OtherProcesses;
  /** The live calls of all workers. */
  readonly live: LiveCalls;
  readonly #clock: Clock;
  readonly #metrics: Metrics;
  readonly #asked = new Map<number, (text: string) => void>();
  readonly #askedLive = new Map<number, (answers: LiveAnswers) => void>();
  #own: LiveCalls | undefined;
  readonly #told = Promise.withResolvers<void>();
  #watch: PeerListener | undefined;
  #asks = 0;

  constructor(clock: Clock, metrics: Metrics) {
    this.#clock = clock;
    this.#metrics = metrics;
    this.ledger = new SharedCallLedger(clock, (change) => this.#send({ type: 'ledger', change }));
    this.others = {
      ask: (question) => this.#send({ type: 'watch.ask', question: JSON.stringify(question) }),
      tell: (to, message) => this.#send({ type: 'watch.tell', to, message }),
      listen: (listener) => {
        this.#watch = listener;
      },
    };
    this.live = liveCallsOfAll((question) => this.#askAll(question));
    process.on('message', (message) => this.#take(message));
  }

  /** Tells that this worker listens; resolves once the user knows the addresses. */
  listening(about: About): Promise<void> {
    this.#send({ type: 'listening', about });
    return this.#told.promise;
  }

  /** From now on all workers are told of `own`, the live calls of this one. */
  tellOf(own: LiveCalls): void {
    this.#own = own;
  }

  /** The metrics of all workers; of this one alone when the primary does not answer in time. */
  async metricsOfAll(): Promise<string> {
    this.#asks += 1;
    const ask = this.#asks;
    const answer = new Promise<string>((resolve) => this.#asked.set(ask, resolve));
    this.#send({ type: 'metrics.ask', ask });
    const text = await within(this.#clock, metricsMs, answer);
    this.#asked.delete(ask);
    return text ?? this.#metrics.registry.metrics();
  }

  /** Lets the process end, with the exit code it has. */
  close(): void {
    // else Node takes the end of the link for the end of the primary, and ends this process at once with 0
    if (cluster.worker) cluster.worker.exitedAfterDisconnect = true;
    if (process.connected) process.disconnect?.();
  }

  async #askAll(question: LiveQuestion): Promise<LiveAnswers> {
    this.#asks += 1;
    const ask = this.#asks;
    const answer = new Promise<LiveAnswers>((resolve) => this.#askedLive.set(ask, resolve));
    this.#send({ type: 'live.ask', ask, question });
    const answers = await within(this.#clock, liveMs, answer);
    this.#askedLive.delete(ask);
    if (answers) return answers;
    // a command may have been carried out: it is not given a second time
    const own = question.of === 'rows' ? [await answerOf(this.#own, question)] : [];
    return { answers: own, isPartial: true };
  }

  #take(raw: unknown): void {
    const { success, data: message } = fromPrimarySchema.safeParse(raw);
    if (!success) return;
    if (message.type === 'told') this.#told.resolve();
    else if (message.type === 'ledger') this.ledger.take(message.change);
    else if (message.type === 'watch.asked') this.#watch?.asked(message.by, JSON.parse(message.question));
    else if (message.type === 'watch.told') this.#watch?.told(message.by, message.message);
    else if (message.type === 'metrics.text') this.#asked.get(message.ask)?.(message.text);
    else if (message.type === 'live.answers') this.#askedLive.get(message.ask)?.(message);
    else if (message.type === 'live.give') {
      const { ask } = message;
      answerOf(this.#own, message.question).then((answer) => this.#send({ type: 'live.given', ask, answer }));
    } else {
      const { ask } = message;
      this.#metrics.registry.getMetricsAsJSON().then((metrics) => {
        this.#send({ type: 'metrics.given', ask, metrics: metrics.map((metric) => ({ ...metric })) });
      });
    }
  }

  #send(message: FromWorker): void {
    // a primary that is gone needs no answer
    if (process.connected) process.send?.(message, undefined, {}, () => undefined);
  }
}
