import { readdirSync, readFileSync } from 'node:fs';
import { setPriority } from 'node:os';

/** How far V8’s helpers give way, as `nice`: beside a busy thread they get little more than what it leaves. */
const niceness = 15;
/** The name that Node gives to V8's helper threads. */
const helper = 'V8Worker';

/**
 * Lets the threads that collect garbage and compile give way to the one that carries the calls.
 *
 * Where there is one core for all of them they would take four fifths of it, and a call would be torn, for as long as a large
 * collection lasts. Only on Linux, where a priority belongs to a thread; elsewhere, and where it is refused, nothing changes.
 */
export function letHelpersGiveWay(): void {
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
