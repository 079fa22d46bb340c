import { z } from 'zod';
import { liveAnswerSchema, liveQuestionSchema } from './live-in-workers.ts';
import { ledgerChangeSchema } from './shared-ledger.ts';

/** Where a service answers, as it is told to the user. */
const aboutSchema = z.object({
  address: z.string(),
  model: z.string(),
  agents: z.array(z.object({ name: z.string(), address: z.string() })),
});

/** Where a service answers. */
export type About = z.infer<typeof aboutSchema>;

/** What a worker tells the primary. */
export const fromWorkerSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('listening'), about: aboutSchema }),
  /** Asks for the metrics of all. */
  z.object({ type: z.literal('metrics.ask'), ask: z.number() }),
  /** A change of its ledger, for all others. */
  z.object({ type: z.literal('ledger'), change: ledgerChangeSchema }),
  /** A question about live calls to all others, and an answer to one of them; JSON. */
  z.object({ type: z.literal('watch.ask'), question: z.string() }),
  z.object({ type: z.literal('watch.tell'), to: z.number(), message: z.string() }),
  /** Gives its own; they are what prom-client gives out and takes back. */
  z.object({ type: z.literal('metrics.given'), ask: z.number(), metrics: z.array(z.looseObject({})) }),
  /** Asks all workers, this one too, about their live calls. */
  z.object({ type: z.literal('live.ask'), ask: z.number(), question: liveQuestionSchema }),
  z.object({ type: z.literal('live.given'), ask: z.number(), answer: liveAnswerSchema }),
]);

/** What the primary tells a worker. */
export const fromPrimarySchema = z.discriminatedUnion('type', [
  /** The addresses are told: from now on there may be log. */
  z.object({ type: z.literal('told') }),
  z.object({ type: z.literal('ledger'), change: ledgerChangeSchema }),
  z.object({ type: z.literal('watch.asked'), by: z.number(), question: z.string() }),
  z.object({ type: z.literal('watch.told'), by: z.number(), message: z.string() }),
  z.object({ type: z.literal('metrics.give'), ask: z.number() }),
  z.object({ type: z.literal('metrics.text'), ask: z.number(), text: z.string() }),
  z.object({ type: z.literal('live.give'), ask: z.number(), question: liveQuestionSchema }),
  z.object({
    type: z.literal('live.answers'),
    ask: z.number(),
    answers: z.array(liveAnswerSchema),
    isPartial: z.boolean(),
  }),
]);

/** What a worker tells the primary. */
export type FromWorker = z.infer<typeof fromWorkerSchema>;

/** What the primary tells a worker. */
export type FromPrimary = z.infer<typeof fromPrimarySchema>;
