import type { CallEvent, CallOutcome, Failure, SchedulerCommand } from '../../machines/index.ts';
import type { TokenUsage } from '../gemini/index.ts';
import type { ReplyAccount } from '../playout/index.ts';
import type { ToolCallRecord } from '../tools/index.ts';
import type { ChartStep } from './chart-steps.ts';
import type { TranscriptLine } from './transcript.ts';
import type { TurnTimes } from './turn-log.ts';

/** Who is on the line; numbers are personal data. */
export interface CallParties {
  readonly callSid: string;
  readonly streamSid: string;
  readonly from: string;
  readonly to: string;
  readonly sampleRateHz: number;
  readonly parameters: Readonly<Record<string, string>>;
}

/** What is left to tell when a call is over. */
export interface CallSummary {
  readonly outcome: CallOutcome;
  readonly failure: Failure | undefined;
  /** The number that a call with the outcome `transferred` is passed on to; personal data. */
  readonly transferTo: string | undefined;
  readonly durationMs: number;
  /** As the model counted them, over all its sessions; a turn that was never completed is not in it. */
  readonly tokens: TokenUsage;
  /** By estimate; undefined for a model whose price is not known. */
  readonly cost: { readonly usd: number } | undefined;
  readonly counts: Readonly<Record<string, number>>;
}

/** Somebody who follows a call: a record, a display, metrics. Times are ms since the call was accepted; must not throw. */
export interface CallObserver {
  started?(parties: CallParties, atMs: number): void;
  event?(event: CallEvent, atMs: number): void;
  /** A chart of the call is in another state; only calls that somebody follows so pay for it. */
  step?(step: ChartStep): void;
  /** What the playout chart tells its scheduler, such as `queue.hold`. */
  playout?(command: SchedulerCommand['type'], atMs: number): void;
  /** A mark came back from the carrier: what was sent before it has been heard. */
  mark?(atMs: number): void;
  /** It is decided that the caller will be passed on to this number, unless they hang up first, with a summary, `''` for none; personal data. */
  transferring?(number: string, summary: string): void;
  /** It is decided which branch the flow takes after the stream; undefined when a caller who stays has taken that back. */
  branching?(branch: string | undefined): void;
  line?(line: TranscriptLine): void;
  /** The lines that are not complete, as they would be if the call ended now; told once a second at most. */
  openLines?(lines: readonly TranscriptLine[]): void;
  turn?(times: TurnTimes): void;
  /** A tool call of the model is over; arguments and result are personal data. */
  tool?(record: ToolCallRecord, atMs: number): void;
  reply?(account: ReplyAccount, how: 'drained' | 'flushed', atMs: number): void;
  /** The caller's audio as received; valid only during the call. */
  callerAudio?(pcm: Int16Array): void;
  /** Audio handed to the carrier that will be heard from `inMs` on; valid only during the call. */
  agentAudio?(pcm: Int16Array, inMs: number): void;
  /** What was to be heard later than in `inMs` was cleared. */
  agentCleared?(inMs: number): void;
  /** Somebody outside has commanded something that the call took; `by` is the name of their token. */
  commanded?(command: { readonly command: string; readonly by: string }, atMs: number): void;
  ended?(summary: CallSummary): void;
}
