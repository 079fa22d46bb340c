import type { CallOutcome } from '../../machines/index.ts';
import type { Clock } from '../time/index.ts';

/** Calls that are remembered; the one that was heard of longest ago is forgotten first. */
const mostCalls = 10_000;
/** How long a call is remembered after it was last heard of, ms. */
const keptMs = 3_600_000;
/** Status callbacks that are kept of a call; later ones are dropped. Exotel sends three, each up to three times. */
const mostCallbacks = 20;

/** How a call ended: as its chart says, or `refused` when there was no room for it. */
export type LedgerOutcome = CallOutcome | 'refused';

/** One status callback of Exotel; `key` is the same when it is sent again. */
export interface StatusCallback {
  readonly key: string;
  readonly status: string;
  readonly event: string | undefined;
}

/** What is known of one call by Exotel's id of it; numbers are personal data. */
export interface LedgerEntry {
  readonly callSid: string;
  readonly agent: string;
  /** Baari's own id; undefined until the stream has begun. */
  readonly callId: string | undefined;
  /** Undefined until the stream is over. */
  readonly outcome: LedgerOutcome | undefined;
  /** The number that the Connect applet shall dial next. */
  readonly transferTo: string | undefined;
  /** The branch that a SwitchCase applet shall take next. */
  readonly branch: string | undefined;
  readonly callbacks: readonly StatusCallback[];
}

/** What the addresses that Exotel calls need to know of a call, before, during and for an hour after its stream. */
export interface CallLedger {
  /** A call is to be expected, or its stream has begun: `callId` is then Baari's id of it. */
  open(callSid: string, agent: string, callId?: string): void;
  /** The stream of a call is over; a call that was never opened is ignored. */
  close(callSid: string, outcome: LedgerOutcome): void;
  /** Chooses the number that the Connect applet shall dial after the stream; false when the call is not known. */
  transferTo(callSid: string, number: string): boolean;
  /** Chooses the branch of a SwitchCase applet after the stream, or takes the choice back; false when the call is not known. */
  branchTo(callSid: string, branch: string | undefined): boolean;
  /** Keeps a status callback; one that came before is kept once. */
  callback(callSid: string, callback: StatusCallback): 'kept' | 'known already' | 'dropped' | 'no such call';
  find(callSid: string): LedgerEntry | undefined;
}

interface Kept extends LedgerEntry {
  readonly heardOfMs: number;
}

/**
 * A ledger in the memory of the process.
 *
 * Invariant: the calls stand in the order in which they were last heard of.
 */
export class MemoryCallLedger implements CallLedger {
  readonly #clock: Clock;
  readonly #most: number;
  readonly #calls = new Map<string, Kept>();

  constructor(clock: Clock, most = mostCalls) {
    this.#clock = clock;
    this.#most = most;
  }

  get size(): number {
    return this.#calls.size;
  }

  open(callSid: string, agent: string, callId?: string): void {
    const known = this.#recent(callSid);
    const fresh = {
      callSid,
      agent,
      callId: undefined,
      outcome: undefined,
      transferTo: undefined,
      branch: undefined,
      callbacks: [],
    };
    // a second stream of the same call replaces how the first one ended, not what was chosen in it
    this.#keep({
      ...(known ?? fresh),
      agent,
      ...(callId === undefined ? {} : { callId, outcome: undefined }),
    });
  }

  close(callSid: string, outcome: LedgerOutcome): void {
    this.#change(callSid, { outcome });
  }

  transferTo(callSid: string, number: string): boolean {
    return this.#change(callSid, { transferTo: number });
  }

  branchTo(callSid: string, branch: string | undefined): boolean {
    return this.#change(callSid, { branch });
  }

  callback(callSid: string, callback: StatusCallback): 'kept' | 'known already' | 'dropped' | 'no such call' {
    const known = this.#recent(callSid);
    if (!known) return 'no such call';
    if (known.callbacks.some(({ key }) => key === callback.key)) return 'known already';
    if (known.callbacks.length >= mostCallbacks) return 'dropped';
    this.#change(callSid, { callbacks: [...known.callbacks, callback] });
    return 'kept';
  }

  find(callSid: string): LedgerEntry | undefined {
    return this.#recent(callSid);
  }

  #recent(callSid: string): Kept | undefined {
    const known = this.#calls.get(callSid);
    if (!known || this.#clock.nowMs() - known.heardOfMs <= keptMs) return known;
    this.#calls.delete(callSid);
    return undefined;
  }

  #change(callSid: string, change: Partial<LedgerEntry>): boolean {
    const known = this.#recent(callSid);
    if (known) this.#keep({ ...known, ...change });
    return known !== undefined;
  }

  #keep(entry: LedgerEntry): void {
    const nowMs = this.#clock.nowMs();
    this.#calls.delete(entry.callSid);
    this.#calls.set(entry.callSid, { ...entry, heardOfMs: nowMs });
    for (const [callSid, { heardOfMs }] of this.#calls) {
      if (this.#calls.size <= this.#most && nowMs - heardOfMs <= keptMs) return;
      this.#calls.delete(callSid);
    }
  }
}

/** Tells whether an outcome means that the caller was not served. */
export function isFailure(outcome: LedgerOutcome | undefined): boolean {
  return outcome === 'modelUnavailable' || outcome === 'lineFailed' || outcome === 'refused';
}
