import type { Clock } from '../time/index.ts';

/** So long after its end a call with side effects is recognised when it is repeated, ms. */
const repeatWindowMs = 5000;
/** Calls remembered for that; the oldest are forgotten first. */
const remembered = 64;

interface Past {
  readonly output: unknown;
  readonly endedMs: number;
}

/**
 * Owns one race: a model that makes the same call again before, or just after, it has the answer to the first.
 *
 * Invariant: what was done is not done again within the window; what failed may be tried again at once.
 */
export class RepeatedCalls {
  readonly #clock: Clock;
  readonly #running = new Map<string, string>();
  readonly #past = new Map<string, Past>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The run that does the same now. */
  runningAs(call: string): string | undefined {
    return this.#running.get(call);
  }

  /** The result of the same call, a moment ago. */
  lately(call: string): Pick<Past, 'output'> | undefined {
    const past = this.#past.get(call);
    return past && this.#clock.nowMs() - past.endedMs <= repeatWindowMs ? past : undefined;
  }

  started(call: string, run: string): void {
    this.#running.set(call, run);
  }

  /** A run is over; with `done` it has a result. */
  ended(call: string, done?: { readonly output: unknown }): void {
    this.#running.delete(call);
    this.#past.delete(call);
    if (!done) return;
    this.#past.set(call, { output: done.output, endedMs: this.#clock.nowMs() });
    const [oldest] = this.#past.keys();
    if (this.#past.size > remembered && oldest !== undefined) this.#past.delete(oldest);
  }
}

/** The same text for the same tool with the same arguments, in whatever order they are. */
export function callText(name: string, args: unknown): string {
  return `${name} ${JSON.stringify(sorted(args))}`;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}
