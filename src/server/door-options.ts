import type { Agent } from '../agents/index.ts';
import type { CallLedger, Sentence } from '../call/index.ts';
import type { StatusReport } from '../exotel/index.ts';
import type { AdmissionLimits } from './admission.ts';
import type { LoopLag } from './loop-lag.ts';

/** How the service guards its addresses and what it takes on; whatever is left out is open, calm and usual. */
export interface DoorOptions {
  /** Signs the paths that are given out, at least 32 characters; without it a secret of this process. */
  readonly secret?: string | undefined;
  /** The base address under which the world reaches the service, such as `https://voice.example.com`. */
  readonly publicUrl?: string | undefined;
  /** Addresses and ranges of the proxies in front, whose X-Forwarded headers are believed. */
  readonly trustedProxies?: readonly string[];
  readonly limits?: Partial<AdmissionLimits>;
  readonly loopLag?: LoopLag;
  /** What is known of calls; kept in memory without it. */
  readonly ledger?: CallLedger | undefined;
  /** Told of each status callback that is kept, besides the ledger. */
  readonly statusTold?: ((report: StatusReport) => void) | undefined;
  /** The password of an agent's `security.basic_user`. */
  readonly passwordOf?: (agent: Agent) => string | undefined;
  /** What a parked caller hears. */
  readonly pleaseHoldFor?: (agent: Agent) => Sentence;
}
