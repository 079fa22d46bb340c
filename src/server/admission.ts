import type { Agent } from '../agents/index.ts';
import type { LoopLag } from './loop-lag.ts';

/** Limits of the process; those of an agent are in its file. */
export interface AdmissionLimits {
  /** Calls at once. */
  readonly maxCalls: number;
  /** Calls at once that wait for room. */
  readonly maxParked: number;
  /** Mean lateness of the event loop beyond which no call is taken, ms. */
  readonly maxLagMs: number;
}

/** Limits that hold unless the service says otherwise. */
export const usualLimits: AdmissionLimits = { maxCalls: 200, maxParked: 20, maxLagMs: 100 };

/** Streams of one address that have not sent their `start` yet: Exotel sends it at once. */
const mostUnstarted = 20;

interface Entered {
  readonly agent: string;
  readonly client: string | undefined;
  isStarted: boolean;
}

/** Counts the calls and says whether there is room for one more. */
export class Admission {
  readonly #limits: AdmissionLimits;
  readonly #lag: LoopLag;
  readonly #entered = new Map<string, Entered>();

  constructor(limits: AdmissionLimits, lag: LoopLag) {
    this.#limits = limits;
    this.#lag = lag;
  }

  /** Why there is no room for a call to `agent`, for the log; undefined when there is. */
  shortage({ name, limits }: Agent): string | undefined {
    const { maxCalls, maxLagMs } = this.#limits;
    if (this.#entered.size >= maxCalls) return `all ${maxCalls} calls of this process are taken`;
    let ofAgent = 0;
    for (const { agent } of this.#entered.values()) if (agent === name) ofAgent += 1;
    if (ofAgent >= limits.calls) return `all ${limits.calls} calls of this agent are taken`;
    const lagMs = Math.round(this.#lag.lagMs);
    return lagMs > maxLagMs ? `this process runs ${lagMs} ms late, at most ${maxLagMs} ms` : undefined;
  }

  /** Tells whether an address has opened too many streams that have not started. */
  isFlooding(client: string): boolean {
    let unstarted = 0;
    for (const one of this.#entered.values()) if (one.client === client && !one.isStarted) unstarted += 1;
    return unstarted >= mostUnstarted;
  }

  /** A call has come in. */
  enter(callId: string, agent: string, client: string | undefined): void {
    this.#entered.set(callId, { agent, client, isStarted: false });
  }

  /** Its stream has started. */
  started(callId: string): void {
    const entered = this.#entered.get(callId);
    if (entered) entered.isStarted = true;
  }

  /** It is over. */
  leave(callId: string): void {
    this.#entered.delete(callId);
  }
}
