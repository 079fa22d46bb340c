import cluster, { type Worker } from 'node:cluster';
import type { Log } from '../../observe/index.ts';
import { type Clock, within } from '../../time/index.ts';
import { AnswerGatherer } from './gather-answers.ts';
import { MetricsGatherer } from './gather-metrics.ts';
import type { LiveAnswer, LiveQuestion } from './live-in-workers.ts';
import { Restarts } from './restarts.ts';
import type { StopSignals } from './stop-signals.ts';
import { type About, type FromPrimary, fromWorkerSchema } from './worker-messages.ts';
import { workerMetrics } from './worker-metrics.ts';

/** What a primary is built from. */
export interface PrimaryOptions {
  readonly workers: number;
  readonly clock: Clock;
  readonly log: Log;
  /** Added to the environment of each worker: what all must share. */
  readonly shared: Readonly<Record<string, string>>;
  /** Told once, when the first worker listens. */
  readonly tell: (about: About) => void;
  /** A defect that the user has to know of. */
  readonly complain: (sentence: string) => void;
  readonly signals: StopSignals;
  /** Longest wait for workers to end after they were told to, ms; then they are killed. */
  readonly stopMs: number;
}

/** Longest wait for what a worker says of its live calls, ms. */
const liveMs = 2000;

/**
 * Keeps so many workers alive, each a whole service of its own on the same port, until it is told to stop.
 *
 * A worker that is lost takes its own calls with it and no other, and is replaced.
 */
export class Primary {
  readonly #o: PrimaryOptions;
  readonly #restarts = new Restarts();
  readonly #gatherer: MetricsGatherer;
  readonly #liveGatherer: AnswerGatherer<LiveAnswer>;
  readonly #over = Promise.withResolvers<number>();
  readonly #live = new Set<Worker>();
  readonly #metrics = workerMetrics(() => this.#live.size);
  #isTold = false;
  /** The code to end with; undefined while the service is to run. */
  #exitCode: number | undefined;

  constructor(options: PrimaryOptions) {
    this.#o = options;
    this.#liveGatherer = new AnswerGatherer(options.clock, liveMs);
    this.#gatherer = new MetricsGatherer(options.clock, this.#metrics.registry);
  }

  /** Resolves with the exit code once all workers are gone. */
  run(): Promise<number> {
    const { signals } = this.#o;
    signals.stopped.then(() => this.#stop(0));
    signals.hurried.addEventListener('abort', () => this.#signal('SIGINT'));
    process.on('SIGHUP', () => this.#signal('SIGHUP'));
    // the others follow when it listens: what is wrong with the configuration is told once
    this.#start(true);
    return this.#over.promise;
  }

  #start(isFirst: boolean): void {
    if (this.#exitCode !== undefined) return;
    const { log } = this.#o;
    const worker = cluster.fork({
      ...this.#o.shared,
      BAARI_WORKER: isFirst ? 'first' : 'next',
    });
    this.#live.add(worker);
    let hasListened = false;
    worker.on('message', (raw: unknown) => {
      const { success, data: message } = fromWorkerSchema.safeParse(raw);
      if (!success) return;
      if (message.type === 'listening') {
        hasListened = true;
        this.#listening(worker, message.about);
      } else if (message.type === 'ledger') this.#sendOthers(worker, message);
      else if (message.type === 'watch.ask') {
        this.#sendOthers(worker, { type: 'watch.asked', by: worker.id, question: message.question });
      } else if (message.type === 'watch.tell') {
        const to = [...this.#live].find(({ id }) => id === message.to);
        if (to) this.#send(to, { type: 'watch.told', by: worker.id, message: message.message });
      } else if (message.type === 'metrics.given') this.#gatherer.given(message.ask, message.metrics);
      else if (message.type === 'live.given') this.#liveGatherer.given(message.ask, message.answer);
      else if (message.type === 'live.ask') this.#giveLive(worker, message.ask, message.question);
      else this.#giveMetrics(worker, message.ask);
    });
    worker.on('error', ({ message }) => log.error({ worker: worker.id, message }, 'worker.error'));
    worker.on('exit', (code, signal) => {
      this.#live.delete(worker);
      this.#gone(worker, code, signal, isFirst && !hasListened);
    });
  }

  #listening(worker: Worker, about: About): void {
    if (!this.#isTold) {
      this.#isTold = true;
      this.#o.tell(about);
      for (let more = 1; more < this.#o.workers; more += 1) this.#start(false);
    }
    this.#send(worker, { type: 'told' });
    this.#o.log.info({ worker: worker.id, pid: worker.process.pid }, 'worker.ready');
  }

  #gone(worker: Worker, code: number | null, signal: string | null, isUnableToStart: boolean): void {
    const { log, clock, complain } = this.#o;
    if (this.#exitCode !== undefined) {
      if (this.#live.size === 0) this.#over.resolve(this.#exitCode);
      return;
    }
    if (isUnableToStart) return this.#stop(code || 1);
    this.#metrics.lost.inc();
    const delayMs = this.#restarts.lost(clock.nowMs());
    log.error({ worker: worker.id, code, signal, again: delayMs }, 'worker.lost');
    if (delayMs === undefined) {
      complain(`giving up: expected workers to live, lost ${this.#restarts.limit}; their log says why`);
      return this.#stop(1);
    }
    clock.setTimeout(() => this.#start(false), delayMs);
  }

  #stop(exitCode: number): void {
    if (this.#exitCode !== undefined) return;
    this.#exitCode = exitCode;
    if (this.#live.size === 0) return this.#over.resolve(exitCode);
    this.#signal(this.#o.signals.hurried.aborted ? 'SIGINT' : 'SIGTERM');
    within(this.#o.clock, this.#o.stopMs, this.#over.promise).then((code) => {
      if (code !== undefined) return;
      this.#o.log.error({ workers: [...this.#live].map(({ id }) => id) }, 'worker.killed');
      this.#signal('SIGKILL');
    });
  }

  #signal(signal: NodeJS.Signals): void {
    for (const worker of this.#live) worker.process.kill(signal);
  }

  async #giveMetrics(to: Worker, ask: number): Promise<void> {
    const text = await this.#gatherer.gather((id) => {
      const asked = [...this.#live].filter((worker) => worker.isConnected());
      for (const worker of asked) this.#send(worker, { type: 'metrics.give', ask: id });
      return asked.length;
    });
    this.#send(to, { type: 'metrics.text', ask, text });
  }

  #sendOthers(worker: Worker, message: FromPrimary): void {
    for (const other of this.#live) if (other !== worker) this.#send(other, message);
  }

  async #giveLive(to: Worker, ask: number, question: LiveQuestion): Promise<void> {
    const { found, missing } = await this.#liveGatherer.gather((id) => {
      const asked = [...this.#live].filter((worker) => worker.isConnected());
      for (const worker of asked) this.#send(worker, { type: 'live.give', ask: id, question });
      return asked.length;
    });
    this.#send(to, { type: 'live.answers', ask, answers: [...found], isPartial: missing > 0 });
  }

  #send(worker: Worker, message: FromPrimary): void {
    // one that goes away meanwhile needs no answer
    if (worker.isConnected()) worker.send(message, undefined, () => undefined);
  }
}
