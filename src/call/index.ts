export type { CallCommand } from './call-commands.ts';
export {
  type CallLedger,
  isFailure,
  type LedgerEntry,
  type LedgerOutcome,
  MemoryCallLedger,
  type StatusCallback,
} from './call-ledger.ts';
export type { CallOptions } from './call-options.ts';
export type { CallerMemory } from './caller-memory.ts';
export { type ChartStep, ChartSteps } from './chart-steps.ts';
export { isChart } from './charts-under.ts';
export { LiveCall } from './live-call.ts';
export type { CallObserver, CallParties, CallSummary } from './observer.ts';
export { recordCall } from './record-call.ts';
export { CallRegistry } from './registry.ts';
export { forgetSentences, loadApology, loadPleaseHold, loadSentence, type Sentence } from './sentence.ts';
export { toolNotes } from './tool-notes.ts';
export type { TranscriptLine } from './transcript.ts';
export type { TurnTimes } from './turn-log.ts';
export { WarmStarts } from './warm-starts.ts';
