import type { FunctionAnswer, Setup } from './client-messages.ts';

/** What a session's log holds at most of each kind of entry; the oldest go first, and `dropped` counts them. */
export const observationLimit = 50_000;

/** A frame from the client. */
export interface ReceivedFrame {
  readonly atMs: number;
  readonly kind:
    | 'setup'
    | 'audio'
    | 'activityStart'
    | 'activityEnd'
    | 'audioStreamEnd'
    | 'text'
    | 'clientContent'
    | 'toolResponse'
    | 'refused';
  /** Audio only: samples in this frame, and the position of its first in all audio received. */
  readonly samples?: number;
  readonly fromSample?: number;
  readonly sampleRateHz?: number;
  /** Manual detection only: audio outside an activity, which is thrown away. */
  readonly discarded?: true;
  readonly text?: string;
}

/** A frame to the client. */
export interface SentFrame {
  readonly atMs: number;
  readonly kind:
    | 'setupComplete'
    | 'audio'
    | 'inputTranscription'
    | 'outputTranscription'
    | 'generationComplete'
    | 'turnComplete'
    | 'interrupted'
    | 'toolCall'
    | 'toolCallCancellation'
    | 'sessionResumptionUpdate'
    | 'goAway'
    | 'voiceActivity'
    | 'interactionStatus'
    | 'empty'
    | 'notJson';
  /** The reply that the frame is part of, counted from 1. */
  readonly reply?: number;
  /** Audio only: 24 kHz samples in this frame, and the position of its first in its reply. */
  readonly samples?: number;
  readonly fromSample?: number;
  readonly text?: string;
}

/** What became of a caller's turn. */
type TurnOutcome = 'answered' | 'tooShort' | 'scriptIsOver' | 'mute' | 'empty' | 'rejected' | 'queued';

/** A turn of the caller as the server understood it. */
export interface ObservedTurn {
  /** Counted from 1 on this connection. */
  readonly number: number;
  readonly by: 'automatic' | 'manual' | 'text' | 'clientContent';
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly speechMs: number;
  readonly text?: string;
  /** Positions in all audio received: of the first sample of speech, the sample after the last, and of the whole turn. */
  readonly speech?: { readonly fromSample: number; readonly toSample: number };
  readonly range?: { readonly fromSample: number; readonly toSample: number };
  readonly sampleRateHz?: number;
  /** The turn's samples, when the server was told to keep audio. */
  readonly audio?: Int16Array;
  outcome: TurnOutcome;
  /** The reply it got, counted from 1 on this connection. */
  reply?: number;
}

/** A reply of the simulated model. */
export interface ObservedReply {
  readonly number: number;
  readonly text: string;
  readonly startedAtMs: number;
  /** All 24 kHz samples of the reply, and how many were sent. */
  readonly totalSamples: number;
  sentSamples: number;
  firstAudioAtMs?: number;
  generatedAtMs?: number;
  interruptedAtMs?: number;
  completedAtMs?: number;
}

/** An answer to a tool call. */
export interface ObservedToolAnswer {
  readonly atMs: number;
  readonly answer: FunctionAnswer;
  /** `duplicate`: answered before; `late`: cancelled before; `unknown`: never called. */
  readonly outcome: 'accepted' | 'duplicate' | 'late' | 'unknown';
}

/** All that one connection did; arrays grow as it goes. */
export interface SessionObservation {
  readonly connection: number;
  readonly apiVersion: string;
  readonly openedAtMs: number;
  readonly received: readonly ReceivedFrame[];
  readonly sent: readonly SentFrame[];
  readonly turns: readonly ObservedTurn[];
  readonly replies: readonly ObservedReply[];
  readonly toolAnswers: readonly ObservedToolAnswer[];
  readonly dropped: number;
  readonly setup?: Setup;
  readonly resumed?: boolean;
  readonly readyAtMs?: number;
  readonly closed?: {
    readonly atMs: number;
    readonly code: number;
    readonly reason: string;
    readonly by: 'server' | 'client';
  };
  /** All audio received, in samples, when the server was told to keep it. */
  readonly audio: Int16Array;
}

/** What a listener of the server is told, as it happens. */
export type GeminiEvent =
  | { readonly type: 'opened'; readonly connection: number }
  | { readonly type: 'ready'; readonly connection: number }
  | { readonly type: 'received'; readonly connection: number; readonly frame: ReceivedFrame }
  | { readonly type: 'sent'; readonly connection: number; readonly frame: SentFrame }
  | { readonly type: 'turn.started'; readonly connection: number; readonly atMs: number }
  | { readonly type: 'turn.ended'; readonly connection: number; readonly turn: ObservedTurn }
  | { readonly type: 'reply.started'; readonly connection: number; readonly reply: ObservedReply }
  | { readonly type: 'reply.ended'; readonly connection: number; readonly reply: ObservedReply }
  | { readonly type: 'tool.answered'; readonly connection: number; readonly answer: ObservedToolAnswer }
  | { readonly type: 'closed'; readonly connection: number; readonly code: number; readonly reason: string };

/** Told of every event, synchronously; must not throw. */
export type GeminiListener = (event: GeminiEvent) => void;
