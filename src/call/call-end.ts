import type { CallOutput, Failure } from '../../machines/index.ts';
import { costUsd, type TokenUsage } from '../gemini/index.ts';
import type { Log } from '../observe/index.ts';
import type { CallSummary } from './observer.ts';

/** What is known of a call at its end. */
export interface KnownAtEnd {
  readonly model: string;
  /** Undefined when its chart did not come to its end. */
  readonly output: CallOutput | undefined;
  /** What of ours has ended it. */
  readonly defect: Failure | undefined;
  readonly durationMs: number;
  readonly tokens: TokenUsage;
  readonly counts: Readonly<Record<string, number>>;
}

/** Sums a call up. */
export function summaryOf({ model, output, defect, durationMs, tokens, counts }: KnownAtEnd): CallSummary {
  const usd = costUsd(model, tokens);
  return {
    outcome: output?.outcome ?? 'stopped',
    failure: output?.failure ?? defect,
    transferTo: output?.transferTo,
    durationMs,
    tokens,
    cost: usd === undefined ? undefined : { usd },
    counts,
  };
}

/** Logs the end of a call. */
export function logEnd(
  log: Log,
  { outcome, durationMs, tokens: { prompt, response }, cost }: CallSummary,
): void {
  log.info(
    { outcome, durationMs: Math.round(durationMs), tokens: { prompt, response }, costUsd: cost?.usd },
    'call.ended',
  );
}
