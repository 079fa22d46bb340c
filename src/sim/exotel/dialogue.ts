import type { SimulatedCaller } from './simulated-caller.ts';
import type { SpeechClip } from './speech-clip.ts';

/** One thing the caller does or waits for; times are ms. */
export type DialogueStep =
  | { readonly wait: 'connected' | 'ended'; readonly withinMs: number }
  | { readonly wait: 'agentAudible'; readonly withinMs: number; readonly afterSilenceMs?: number }
  /** Finished: audible, then silent for `forMs` (700 by default). */
  | {
      readonly wait: 'agentFinished';
      readonly withinMs: number;
      readonly forMs?: number;
      /** Only speech that begins this long after any earlier: leaves out the tail of an interrupted reply. */
      readonly afterSilenceMs?: number;
    }
  | { readonly wait: 'agentSilent'; readonly withinMs: number; readonly forMs: number }
  /** Said after a pause, or once the agent has been audible for a while; then the step waits for its end. */
  | {
      readonly say: SpeechClip;
      readonly name?: string;
      readonly afterMs?: number;
      /** Counted from the first audible sample of the agent's present speech; waits up to `withinMs` (10 s) for it. */
      readonly afterAgentAudibleMs?: number;
      readonly withinMs?: number;
    }
  | { readonly pause: number }
  | { readonly press: string }
  | { readonly hangUp: true }
  | { readonly dropLine: true };

/** What came of one step; all times are call ms. */
export interface StepOutcome {
  readonly step: DialogueStep;
  /** When the step was over. */
  readonly atMs: number;
  /** For `say`: the clip's first and last sample, and its audible part. */
  readonly said?: {
    readonly onsetMs: number;
    readonly endMs: number;
    readonly speechOnsetMs: number;
    readonly speechEndMs: number;
  };
  /** For waits on the agent: what was heard of it. */
  readonly agent?: { readonly firstAudibleMs: number; readonly lastAudibleMs?: number };
}

/** How a dialogue went; with a `failure` the steps after it were not taken. */
export interface DialogueOutcome {
  readonly steps: readonly StepOutcome[];
  readonly failure: { readonly stepIndex: number; readonly error: Error } | undefined;
}

/** Slack for a clip to be said beyond its length: a stalled process catches up afterwards. */
const SAY_SLACK_MS = 30_000;

/**
 * Takes the steps one after the other on a caller that has dialled. Never rejects for what the bridge does: a wait
 * that fails ends the dialogue and is reported.
 *
 * The agent's speech belongs to a wait when it reaches beyond the end of what the caller said last, or of what the
 * agent was last found to have finished. After a short interruption give `afterSilenceMs` (300), so that the tail of
 * the interrupted reply is not taken for the next one.
 */
export async function runDialogue(
  caller: SimulatedCaller,
  steps: readonly DialogueStep[],
): Promise<DialogueOutcome> {
  const outcomes: StepOutcome[] = [];
  let sinceMs = 0;
  for (const [stepIndex, step] of steps.entries()) {
    try {
      const found = await takeStep(caller, step, sinceMs);
      sinceMs = found.said?.speechEndMs ?? found.agent?.lastAudibleMs ?? sinceMs;
      outcomes.push({ step, atMs: caller.nowMs, ...found });
    } catch (reason) {
      const error = reason instanceof Error ? reason : new Error(String(reason));
      return { steps: outcomes, failure: { stepIndex, error } };
    }
  }
  return { steps: outcomes, failure: undefined };
}

type Found = Pick<StepOutcome, 'said' | 'agent'>;

async function takeStep(caller: SimulatedCaller, step: DialogueStep, sinceMs: number): Promise<Found> {
  if ('wait' in step) return waitFor(caller, step, sinceMs);
  if ('say' in step) return say(caller, step, sinceMs);
  if ('pause' in step) await pause(caller, step.pause);
  else if ('press' in step) caller.pressDigit(step.press);
  else if ('hangUp' in step) caller.hangUp();
  else caller.dropLine();
  return {};
}

async function waitFor(
  caller: SimulatedCaller,
  step: Extract<DialogueStep, { wait: string }>,
  sinceMs: number,
): Promise<Found> {
  const { withinMs } = step;
  switch (step.wait) {
    case 'connected':
      await caller.wait.connected({ withinMs });
      return {};
    case 'ended':
      await caller.wait.ended({ withinMs });
      return {};
    case 'agentSilent':
      await caller.wait.agentSilent({ withinMs, forMs: step.forMs });
      return {};
    case 'agentAudible':
      return { agent: await caller.wait.agentAudible({ ...step, sinceMs }) };
    case 'agentFinished':
      return { agent: await caller.wait.agentFinished({ forMs: 700, ...step, sinceMs }) };
  }
}

async function say(
  caller: SimulatedCaller,
  step: Extract<DialogueStep, { say: SpeechClip }>,
  sinceMs: number,
): Promise<Found> {
  let atMs = caller.nowMs + (step.afterMs ?? 0);
  if (step.afterAgentAudibleMs !== undefined) {
    const withinMs = step.withinMs ?? 10_000;
    const { firstAudibleMs } = await caller.wait.agentAudible({ withinMs, sinceMs });
    atMs = firstAudibleMs + step.afterAgentAudibleMs;
  }
  const utterance = caller.say(step.say, { atMs });
  await caller.wait.until(() => utterance.isSaid || undefined, {
    what: `${step.name ?? 'a clip'} to be said`,
    withinMs: utterance.endMs - caller.nowMs + SAY_SLACK_MS,
  });
  const { onsetMs, endMs, speechOnsetMs, speechEndMs } = utterance;
  return { said: { onsetMs, endMs, speechOnsetMs, speechEndMs } };
}

function pause(caller: SimulatedCaller, pauseMs: number): Promise<true> {
  const untilMs = caller.nowMs + pauseMs;
  return caller.wait.until(() => caller.nowMs >= untilMs || undefined, {
    what: `a pause of ${pauseMs} ms`,
    withinMs: pauseMs + SAY_SLACK_MS,
  });
}
