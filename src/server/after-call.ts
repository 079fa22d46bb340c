import type { Agent } from '../agents/index.ts';
import { isFailure, type LedgerEntry } from '../call/index.ts';
import { asE164, type StreamReport, streamFailed } from '../exotel/index.ts';

/** What Exotel's flow is told when a stream is over. */
export interface AfterCall {
  /** Passthru answers 302, which is its branch B. */
  readonly isBranchB: boolean;
  /** The branch that a SwitchCase applet takes. */
  readonly branch: string;
}

/** Decides how Exotel's flow goes on; `known` is undefined for a call that never reached Baari, or long ago. */
export function afterCall(
  { afterCall: fields }: Agent,
  known: LedgerEntry | undefined,
  report: StreamReport,
): AfterCall {
  // a caller who hung up before it was done is not passed on
  const isChosen = known?.transferTo !== undefined && known.outcome !== 'callerHungUp';
  const isTransferred = known?.outcome === 'transferred' || isChosen;
  // where Exotel's status and its error conflict the error counts, and so does its word that the stream failed
  const hasFailed = isFailure(known?.outcome) || streamFailed(report);
  const traits = [isTransferred && 'transferred', hasFailed && 'failed', known?.outcome].filter(Boolean);
  const toB = fields.branchB.length > 0 ? fields.branchB : ['transferred', 'failed'];
  return {
    isBranchB: traits.some((trait) => typeof trait === 'string' && toB.includes(trait)),
    branch: known?.branch ?? (isTransferred ? 'transferred' : hasFailed ? 'failed' : 'done'),
  };
}

/** The number that the Connect applet shall dial: the one chosen in the call, else the agent's `transfer.number`; undefined without either. */
export function destinationOf({ transfer }: Agent, known: LedgerEntry | undefined): string | undefined {
  return asE164(known?.transferTo ?? '') ?? asE164(transfer.number ?? '');
}
