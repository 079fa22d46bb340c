import { z } from 'zod';
import {
  type CallLedger,
  type LedgerOutcome,
  MemoryCallLedger,
  type StatusCallback,
} from '../../call/index.ts';
import type { Clock } from '../../time/index.ts';

const callSid = z.string();

/** A change of a ledger, as workers tell it to each other. */
export const ledgerChangeSchema = z.discriminatedUnion('change', [
  z.object({ change: z.literal('open'), callSid, agent: z.string(), callId: z.string().optional() }),
  z.object({
    change: z.literal('close'),
    callSid,
    outcome: z.custom<LedgerOutcome>((outcome) => typeof outcome === 'string'),
  }),
  z.object({ change: z.literal('transferTo'), callSid, number: z.string() }),
  z.object({ change: z.literal('branchTo'), callSid, branch: z.string().optional() }),
  z.object({
    change: z.literal('callback'),
    callSid,
    key: z.string(),
    status: z.string(),
    event: z.string().optional(),
  }),
]);

/** A change of a ledger. */
export type LedgerChange = z.infer<typeof ledgerChangeSchema>;

/**
 * A ledger that is the same in all workers: Exotel asks any of them what became of a call. Changes of others arrive a moment
 * later, and a worker that starts knows nothing of calls before it.
 */
export class SharedCallLedger implements CallLedger {
  readonly #own: MemoryCallLedger;
  readonly #share: (change: LedgerChange) => void;

  /** @param share tells all other workers */
  constructor(clock: Clock, share: (change: LedgerChange) => void) {
    this.#own = new MemoryCallLedger(clock);
    this.#share = share;
  }

  open(callSid: string, agent: string, callId?: string): void {
    this.#own.open(callSid, agent, callId);
    this.#share({ change: 'open', callSid, agent, callId });
  }

  close(callSid: string, outcome: LedgerOutcome): void {
    this.#own.close(callSid, outcome);
    this.#share({ change: 'close', callSid, outcome });
  }

  transferTo(callSid: string, number: string): boolean {
    this.#share({ change: 'transferTo', callSid, number });
    return this.#own.transferTo(callSid, number);
  }

  branchTo(callSid: string, branch: string | undefined): boolean {
    this.#share({ change: 'branchTo', callSid, branch });
    return this.#own.branchTo(callSid, branch);
  }

  callback(callSid: string, callback: StatusCallback): ReturnType<CallLedger['callback']> {
    const kept = this.#own.callback(callSid, callback);
    if (kept === 'kept') this.#share({ change: 'callback', callSid, ...callback });
    return kept;
  }

  find(callSid: string): ReturnType<CallLedger['find']> {
    return this.#own.find(callSid);
  }

  /** Takes what another worker has changed. */
  take(change: LedgerChange): void {
    switch (change.change) {
      case 'open':
        return this.#own.open(change.callSid, change.agent, change.callId);
      case 'close':
        return this.#own.close(change.callSid, change.outcome);
      case 'transferTo':
        this.#own.transferTo(change.callSid, change.number);
        return;
      case 'branchTo':
        this.#own.branchTo(change.callSid, change.branch);
        return;
      case 'callback': {
        const { key, status, event } = change;
        this.#own.callback(change.callSid, { key, status, event });
      }
    }
  }
}
