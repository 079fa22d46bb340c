import type { CallFacts } from '../agents/index.ts';
import type { Clock } from '../time/index.ts';

/** Arguments that fit the tool's schema. */
export type ToolArguments = Readonly<Record<string, unknown>>;

/** What a run of a tool may use. */
export interface ToolContext {
  readonly callId: string;
  /** What is known of the phone call; undefined before it has begun. */
  readonly facts: CallFacts | undefined;
  readonly clock: Clock;
  /** Aborted when the result is not wanted any more: time is up, the model has cancelled, or the call is over. */
  readonly signal: AbortSignal;
}

/** When the model speaks of a result that it did not wait for, where its rules let it be told. */
export type ResultScheduling = 'INTERRUPT' | 'WHEN_IDLE' | 'SILENT';

/** Something that the model can have done during a call. */
export interface Tool {
  /** Letters, digits, `_` and `-`, beginning with a letter or `_`; at most 64. */
  readonly name: string;
  /** Tells the model what it does, and when to use it. */
  readonly description: string;
  /** JSON Schema (2020-12) of the arguments; of type `object`. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Whether the model shall stay silent until it has the result; some models decide that themselves. */
  readonly blocking: boolean;
  /** For a tool that the model does not wait for; WHEN_IDLE by default. */
  readonly scheduling?: ResultScheduling;
  /** Longest run, ms; 10 000 by default, 60 000 at most. */
  readonly timeoutMs?: number;
  /** Whether to run it twice would do something twice: a call repeated within a short time is then not run again. */
  readonly hasSideEffects: boolean;
  /** What a caller hears who waits for it: `tone`, `none` or a WAV file; by default as the agent has it. */
  readonly phrase?: string | undefined;
  /** So long a caller who waits for it hears nothing, ms; by default as the agent has it. */
  readonly phraseAfterMs?: number | undefined;
  /** False lets it run to its end when the caller interrupts, and the model is told what came of it; true by default. */
  readonly isInterruptible?: boolean;
  /** Does it. The result must be JSON; what it throws is told to the model. */
  run(args: ToolArguments, context: ToolContext): Promise<unknown>;
}
