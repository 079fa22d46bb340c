/** One thing that Baari does, alone, over and over. */
export interface Operation {
  readonly what: string;
  /** How often a call needs it in a second of the usual call. */
  readonly perCallSecond: number;
  /** What it is part of, where another operation holds it already: it is then left out of the sum. */
  readonly within?: string;
  /** Does it so many times. */
  run(times: number): void | Promise<void>;
}

/** Operations that share a process, and what is to be done when it ends. */
export interface Subject {
  readonly operations: readonly Operation[];
  close?(): Promise<void>;
}

/** A call as the sum supposes it: how often what comes by the turn or by the call is needed in a second. */
export const usualCall = {
  lengthS: 180,
  turnsPerMinute: 6,
  /** Share of the time in which the caller speaks, with pre-roll and pauses: what goes to the model. */
  callerSpeaks: 0.35,
  /** Share of the time in which the agent is heard. */
  agentSpeaks: 0.5,
} as const;

/** Frames of the caller's a second: 20 ms each. */
export const framesPerSecond = 50;
/** Pieces of the agent's audio in a second, as they come from the model and as they go to the line: 40 ms each. */
export const chunksPerSecond = 25 * usualCall.agentSpeaks;
