import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { systemClock } from '../../time/index.ts';
import { FrameBatch } from './frame-batch.ts';
import type { Inference } from './inference.ts';
import type { WorkerOrder, WorkerReport, WorkerSetup } from './silero-worker.ts';

/** How a {@link WorkerInference} is opened. */
export interface WorkerInferenceOptions {
  /** Wait for the scores within `run`: for simulated time, which must not pass meanwhile. */
  readonly isSynchronous?: boolean;
  /** The scoring thread's program; by default the one beside this file. */
  readonly workerUrl?: URL;
  /** The weights; by default Silero VAD 6.2, unchanged as its authors publish it. */
  readonly modelUrl?: URL;
}

const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
const ownWorkerUrl = new URL(`./silero-worker.${extension}`, import.meta.url);
const ownModelUrl = new URL('./silero-vad-v6.2.onnx', import.meta.url);

/** Longest wait for the runtime to load, for a synchronous run, and for the thread to end; real milliseconds. */
const loadMs = 10_000;
const synchronousRunMs = 30_000;
const endMs = 2000;

/** Runs Silero on one thread beside the calls, over shared memory. */
export class WorkerInference implements Inference {
  readonly batch: FrameBatch;
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #isSynchronous: boolean;
  readonly #ended: Promise<void>;
  #run = 0;
  #done: ((failure?: string) => void) | undefined;
  #failure: string | undefined;

  private constructor(batch: FrameBatch, worker: Worker, port: MessagePort, isSynchronous: boolean) {
    this.batch = batch;
    this.#worker = worker;
    this.#port = port;
    this.#isSynchronous = isSynchronous;
    worker.on('error', (error) => this.#fail(`the scoring thread failed: ${error.message}`));
    this.#ended = new Promise((resolve) => {
      worker.on('exit', () => {
        this.#fail('the scoring thread ended');
        resolve();
      });
    });
    if (!isSynchronous) port.on('message', (report: WorkerReport) => this.#take(report));
    // calls keep the process alive, a detector must not
    worker.unref();
    port.unref();
  }

  /** Starts the thread and loads the model. @throws Error saying what is missing or does not load, within 10 s */
  static async open(options: WorkerInferenceOptions = {}): Promise<WorkerInference> {
    const { isSynchronous = false, workerUrl = ownWorkerUrl, modelUrl = ownModelUrl } = options;
    // the runtime would tell its maker of this machine; it looks at the process, and not at its thread
    process.env.ORT_DISABLE_TELEMETRY ??= '1';
    const batch = new FrameBatch();
    const { port1, port2 } = new MessageChannel();
    const workerData: WorkerSetup = { port: port2, memory: batch.memory, modelUrl: modelUrl.href };
    const worker = new Worker(workerUrl, { name: 'silero', workerData, transferList: [port2] });
    const failure = await untilReady(worker, port1);
    if (failure === undefined) return new WorkerInference(batch, worker, port1, isSynchronous);
    port1.close();
    await worker.terminate();
    throw new Error(failure);
  }

  run(frames: number, done: (failure?: string) => void): void {
    if (this.#failure !== undefined) {
      done(this.#failure);
      return;
    }
    this.#done = done;
    this.#run += 1;
    this.#order({ type: 'run', run: this.#run, frames });
    if (this.#isSynchronous) this.#await();
  }

  async close(): Promise<void> {
    this.#done = undefined;
    this.#failure = 'closed';
    this.#worker.ref();
    this.#order({ type: 'stop' });
    const timer = systemClock.setTimeout(() => void this.#worker.terminate(), endMs);
    await this.#ended;
    systemClock.clearTimeout(timer);
    this.#port.close();
  }

  #order(order: WorkerOrder): void {
    this.#port.postMessage(order);
  }

  #await(): void {
    const runBefore = this.#run - 1;
    const untilMs = systemClock.nowMs() + synchronousRunMs;
    // the wake-up of the run before may come only now: the number decides
    while (Atomics.load(this.batch.endedRun, 0) === runBefore && systemClock.nowMs() < untilMs) {
      Atomics.wait(this.batch.endedRun, 0, runBefore, untilMs - systemClock.nowMs());
    }
    const received: { message: WorkerReport } | undefined = receiveMessageOnPort(this.#port);
    if (received) this.#take(received.message);
    else this.#fail(`the scoring thread gave no answer within ${synchronousRunMs} ms`);
  }

  #take(report: WorkerReport): void {
    if (report.type === 'failed') this.#fail(report.reason);
    else this.#tell(undefined);
  }

  #fail(reason: string): void {
    this.#failure ??= reason;
    this.#tell(this.#failure);
  }

  #tell(failure: string | undefined): void {
    const done = this.#done;
    this.#done = undefined;
    done?.(failure);
  }
}

function untilReady(worker: Worker, port: MessagePort): Promise<string | undefined> {
  return new Promise((resolve) => {
    const timer = systemClock.setTimeout(() => settle(`it did not load within ${loadMs} ms`), loadMs);
    const onError = (error: Error): void => settle(error.message);
    // what it said last may still be on its way when its end is known
    const onExit = (): void => {
      const last: { message: WorkerReport } | undefined = receiveMessageOnPort(port);
      if (last) onMessage(last.message);
      else settle('its thread ended');
    };
    const onMessage = (report: WorkerReport): void =>
      settle(report.type === 'failed' ? report.reason : undefined);
    const settle = (failure: string | undefined): void => {
      systemClock.clearTimeout(timer);
      worker.off('error', onError).off('exit', onExit);
      port.off('message', onMessage);
      resolve(failure);
    };
    worker.on('error', onError).on('exit', onExit);
    port.on('message', onMessage);
  });
}
