export { type CallOptions, LiveCall, type Sentence } from './live-call.ts';
export type { CallObserver, CallParties, CallSummary } from './observer.ts';
export { recordCall } from './record-call.ts';
export { CallRegistry } from './registry.ts';
export type { TranscriptLine } from './transcript.ts';
export type { TurnTimes } from './turn-log.ts';
