import { hostname } from 'node:os';
import { systemChance } from '../time/index.ts';

const boot = systemChance.hexId(8);

/** Names this process in journals: host, process id, and a mark of its own, because ids come again. */
export const processMark = `${hostname()} ${process.pid} ${boot}`;

/** Whether the process with this mark is known to be gone; false when that cannot be told. */
export function isGone(mark: string): boolean {
  const [host, pid, theirs] = mark.split(' ');
  if (host !== hostname()) return false;
  const id = Number(pid);
  if (id === process.pid) return theirs !== boot;
  if (!Number.isInteger(id) || id <= 0) return false;
  try {
    process.kill(id, 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}
