import { readdirSync, readFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { setFlagsFromString } from 'node:v8';

/** How far V8’s helpers give way, as `nice`: beside a busy thread they get little more than what it leaves. */
const niceness = 15;
/** The name that Node gives to V8's helper threads. */
const helper = 'V8Worker';

/** Sets Node up for calls: called once, before the first. */
export function tuneForCalls(): void {
  // What a call holds changes by the second, so that V8 would go through all of the heap every few seconds, and tear
  // replies meanwhile; the heap may grow for half a minute instead. Its upper limit stays.
  setFlagsFromString('--heap-growing-percent=1000');
  letHelpersGiveWay();
}

/**
 * Lets the threads that collect garbage and compile give way to the one that carries the calls.
 *
 * Where there is one core for all of them they would take four fifths of it, and a call would be torn, for as long as a large
 * collection lasts. Only on Linux, where a priority belongs to a thread; elsewhere, and where it is refused, nothing changes.
 */
function letHelpersGiveWay(): void {
  if (process.platform !== 'linux') return;
  try {
    for (const id of readdirSync('/proc/self/task')) {
      const name = readFileSync(`/proc/self/task/${id}/comm`, 'utf8').trim();
      if (name === helper) setPriority(Number(id), niceness);
    }
  } catch {
    // calls go on as they would
  }
}
