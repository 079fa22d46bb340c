import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** Whether the bridge has a core of its own here, and the load the others. */
export const isPinned = existsSync('/usr/bin/taskset') && availableParallelism() > 1;

/** The command that runs `command` on the core of the bridge, or on the others. */
export function pinned(who: 'bridge' | 'load', command: readonly string[]): string[] {
  if (!isPinned) return [...command];
  const last = availableParallelism() - 1;
  return ['/usr/bin/taskset', '-c', who === 'bridge' ? '0' : `1-${last}`, ...command];
}
