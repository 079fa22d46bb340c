import type { KeypadAsk } from '../../machines/index.ts';
import type { CallFacts } from '../agents/index.ts';
import type { Clock } from '../time/index.ts';

/** Arguments that fit the tool's schema. */
export type ToolArguments = Readonly<Record<string, unknown>>;

/** What a tool may do to the phone call that it is called in. */
export interface CallPowers {
  /** Ends the call once the agent's last sentence is heard; the flow then goes on at `branch` of its SwitchCase applet. */
  leave(branch?: string): void;
  /** Passes the caller on to a number once the agent's last sentence is heard. */
  transfer(to: string, summary: string): void;
  /** Waits for a number that the caller enters; its digits are told to nobody else. */
  askForDigits(ask: KeypadAsk, signal: AbortSignal): Promise<EnteredNumber>;
  /** Keeps a fact for later calls of this caller. @throws Error when it cannot be kept */
  remember(fact: string): Promise<void>;
}

/** The powers of a tool that runs outside of a phone call: none. */
export const noPowers: CallPowers = {
  leave: () => undefined,
  transfer: () => undefined,
  askForDigits: async () => ({ digits: '', because: 'callEnded' }),
  remember: async () => {
    throw new Error('nothing is remembered here');
  },
};

/** What came of asking the caller for a number; the digits are personal data. */
export interface EnteredNumber {
  readonly digits: string;
  /** Why it is over; `complete` or `terminator` when it was entered. */
  readonly because: string;
}

/** What a run of a tool may use. */
export interface ToolContext {
  readonly callId: string;
  /** What is known of the phone call; undefined before it has begun. */
  readonly facts: CallFacts | undefined;
  readonly call: CallPowers;
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
