import { readFile } from 'node:fs/promises';
import { setPriority } from 'node:os';
import { basename } from 'node:path';
import { type MessagePort, workerData } from 'node:worker_threads';
import { FrameBatch } from './frame-batch.ts';
import { SileroModel } from './silero-model.ts';

/** What the scoring thread is started with. */
export interface WorkerSetup {
  readonly port: MessagePort;
  readonly memory: SharedArrayBuffer;
  /** Address of the weights. */
  readonly modelUrl: string;
}

/** Told to the scoring thread. */
export type WorkerOrder =
  | { readonly type: 'run'; readonly run: number; readonly frames: number }
  | { readonly type: 'stop' };

/** Told by it. */
export type WorkerReport =
  | { readonly type: 'ready' }
  | { readonly type: 'scored' }
  | { readonly type: 'failed'; readonly reason: string };

/** How far the model gives way to the calls' own thread where there is no core for both, as `nice`. */
const niceness = 5;

const { port, memory, modelUrl }: WorkerSetup = workerData;
const batch = new FrameBatch(memory);

function tell(report: WorkerReport): void {
  port.postMessage(report);
}

/** Tells how a run ended, and then wakes a side that waits for it. */
function endRun(run: number, report: WorkerReport): void {
  tell(report);
  Atomics.store(batch.endedRun, 0, run);
  Atomics.notify(batch.endedRun, 0);
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? error.code : undefined;
  if (code === 'ERR_MODULE_NOT_FOUND') return 'the package onnxruntime-node is not installed';
  if (code === 'ENOENT') return `its weights are missing: ${basename(modelUrl)}`;
  return error.message.split('\n')[0] ?? error.name;
}

async function serve(model: SileroModel): Promise<void> {
  let work = Promise.resolve();
  port.on('message', (order: WorkerOrder) => {
    if (order.type === 'stop') {
      work = work.then(() => model.release()).then(() => port.close());
      return;
    }
    work = work
      .then(() => model.score(batch, order.frames))
      .then(
        () => endRun(order.run, { type: 'scored' }),
        (error: unknown) => endRun(order.run, { type: 'failed', reason: reasonOf(error) }),
      );
  });
  tell({ type: 'ready' });
}

try {
  // elsewhere than on Linux it would be the whole process
  if (process.platform === 'linux') setPriority(niceness);
} catch {
  // it is not allowed: calls go on as they would
}
try {
  await serve(await SileroModel.load(await readFile(new URL(modelUrl))));
} catch (error) {
  tell({ type: 'failed', reason: reasonOf(error) });
  port.close();
}
