import { z } from 'zod';
import type { LiveCalls } from '../../server/index.ts';

const rowSchema = z.object({
  callId: z.string(),
  callSid: z.string().optional(),
  agent: z.string(),
  caller: z.string().optional(),
  acceptedWallMs: z.number(),
  floor: z.enum(['agent', 'caller', 'nobody']),
  because: z.string(),
  floorSinceMs: z.number(),
  latenciesMs: z.array(z.number()),
  health: z.enum(['good', 'slow', 'reconnecting', 'failing']),
  isMuted: z.boolean(),
});

/** What one worker asks all of them about live calls; whether it may is decided where the request came in. */
export const liveQuestionSchema = z.discriminatedUnion('of', [
  z.object({ of: z.literal('rows') }),
  z.object({
    of: z.literal('command'),
    callId: z.string(),
    by: z.string(),
    command: z.discriminatedUnion('type', [
      z.object({ type: z.literal('end') }),
      z.object({ type: z.literal('say'), sentence: z.string() }),
      z.object({ type: z.literal('mute'), isMuted: z.boolean() }),
      z.object({ type: z.literal('transfer'), to: z.string(), announce: z.boolean() }),
    ]),
  }),
]);

/** What a worker answers of its own calls. */
export const liveAnswerSchema = z.object({
  rows: z.array(rowSchema),
  outcome: z.enum(['taken', 'notNow', 'over', 'unknown']),
});

export type LiveQuestion = z.infer<typeof liveQuestionSchema>;
export type LiveAnswer = z.infer<typeof liveAnswerSchema>;

/** What workers have answered; partial when one of them has not. */
export interface LiveAnswers {
  readonly answers: readonly LiveAnswer[];
  readonly isPartial: boolean;
}

/** A worker's answer, from its own calls. */
export async function answerOf(own: LiveCalls | undefined, question: LiveQuestion): Promise<LiveAnswer> {
  if (!own) return { rows: [], outcome: 'over' };
  if (question.of === 'command') {
    return { rows: [], outcome: await own.command(question.callId, question.command, question.by) };
  }
  const { rows } = await own.rows();
  return { rows: rows.map((row) => ({ ...row, latenciesMs: [...row.latenciesMs] })), outcome: 'over' };
}

/** The live calls of all workers, by a question to all of them. */
export function liveCallsOfAll(ask: (question: LiveQuestion) => Promise<LiveAnswers>): LiveCalls {
  return {
    async rows() {
      const { answers, isPartial } = await ask({ of: 'rows' });
      const rows = answers.flatMap((answer) => answer.rows);
      return { rows: rows.sort((one, other) => one.acceptedWallMs - other.acceptedWallMs), isPartial };
    },
    async command(callId, command, by) {
      const { answers, isPartial } = await ask({ of: 'command', callId, command, by });
      // only one of them has the call
      return answers.find(({ outcome }) => outcome !== 'over')?.outcome ?? (isPartial ? 'unknown' : 'over');
    },
  };
}
