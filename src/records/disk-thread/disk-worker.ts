import {
  appendFileSync,
  closeSync,
  mkdirSync,
  openSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { setPriority } from 'node:os';
import { dirname } from 'node:path';
import { parentPort } from 'node:worker_threads';
import type { DiskAnswers, DiskOrder, DiskOrders } from './disk-orders.ts';

/** How far writing gives way to the calls' own thread where there is no core for both, as `nice`. */
const niceness = 5;

/** Files that are being written, by path. */
const open = new Map<string, number>();

try {
  // elsewhere than on Linux it would be the whole process
  if (process.platform === 'linux') setPriority(niceness);
} catch {
  // it is not allowed: calls go on as they would
}

parentPort?.on('message', (orders: DiskOrders) => {
  parentPort?.postMessage(orders.map(carriedOut) satisfies DiskAnswers);
});

function carriedOut(order: DiskOrders[number]): DiskAnswers[number] {
  const { id } = order;
  try {
    carryOut(order);
    return { id };
  } catch (error) {
    if (!(error instanceof Error)) return { id, failure: { code: undefined, message: 'unknown' } };
    const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
    return { id, failure: { code, message: error.message } };
  }
}

function carryOut(order: DiskOrder): void {
  const { path } = order;
  switch (order.do) {
    case 'append':
      return inFolder(path, () => appendFileSync(path, order.text));
    case 'replace':
      return inFolder(path, () => {
        writeFileSync(`${path}.part`, order.content);
        renameSync(`${path}.part`, path);
      });
    case 'open':
      close(path);
      open.set(path, openSync(path, 'w'));
      return;
    case 'write':
      return write(path, order.bytes, order.position);
    case 'close':
      return close(path);
  }
}

function write(path: string, bytes: Uint8Array, position: number): void {
  const file = open.get(path);
  if (file === undefined) throw new Error('the file is not open');
  for (let at = 0; at < bytes.length; ) {
    const written = writeSync(file, bytes, at, bytes.length - at, position + at);
    if (written === 0) throw new Error('the disk took no more bytes');
    at += written;
  }
}

function close(path: string): void {
  const file = open.get(path);
  if (file === undefined) return;
  open.delete(path);
  closeSync(file);
}

/** Makes the folder of `path` where `act` finds that it is missing. */
function inFolder(path: string, act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    mkdirSync(dirname(path), { recursive: true });
    act();
  }
}
