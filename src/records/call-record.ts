import * as z from 'zod';

const ms = z.number();
const optionalMs = ms.optional();
const failure = z.object({ code: z.string(), message: z.string() });
const tokensBy = z.object({ text: z.int(), audio: z.int(), other: z.int() });

const message = z.object({
  atMs: ms,
  from: z.string(),
  number: z
    .string()
    .optional()
    .meta({ description: 'Where to call back, when it is not the caller’s number.' }),
  text: z.string(),
  urgent: z.boolean().optional(),
});

/** How a call ended, as its chart says; `cutOff`: the process that served it was lost. */
const outcome = z.string().meta({
  description:
    'How the call ended: callerHungUp, agentEnded, callerSilent, timeLimit, transferred, modelUnavailable, lineFailed, stopped; cutOff when the process was lost.',
});

const parties = z.object({
  callSid: z.string(),
  streamSid: z.string(),
  from: z.string(),
  to: z.string(),
  sampleRateHz: z.number(),
  parameters: z.record(z.string(), z.string()),
});

const turn = z.object({
  turn: z.int(),
  isBargeIn: z.boolean().meta({ description: 'The turn began by an interruption of the agent.' }),
  callerStartedMs: optionalMs,
  callerEndedMs: optionalMs,
  toldMs: optionalMs,
  firstAudioMs: optionalMs,
  firstChunkMs: optionalMs,
  latency: z
    .object({
      endpointingMs: ms.meta({ description: 'From the caller’s last sound to telling the model.' }),
      modelMs: ms.meta({ description: 'From telling the model to its first audible audio.' }),
      playoutMs: ms.meta({ description: 'From there to the first chunk on the wire.' }),
      totalMs: ms,
    })
    .optional()
    .meta({ description: 'Absent for what the agent said unasked.' }),
});

const reply = z.object({
  reply: z.int(),
  by: z.enum(['model', 'baari']),
  how: z.string(),
  generated: z.int(),
  sent: z.int(),
  heard: z.int(),
  dropped: z.int(),
  queued: z.int(),
});

const tool = z.looseObject({
  name: z.string(),
  outcome: z.string(),
  durationMs: ms,
  endedMs: ms,
  failure: failure.optional(),
});

const command = z.object({
  atMs: ms,
  command: z.string().meta({ description: '`end`, `transfer`, `say` or `mute`.' }),
  by: z.string().meta({ description: 'The name of the token.' }),
});

/** What was the case when a call began. */
const openingSchema = z.object({
  callId: z.string(),
  startedAt: z.iso.datetime(),
  /** When the record is to be deleted. */
  keepUntil: z.iso.datetime().optional(),
  baari: z.string().meta({ description: 'The version of Baari.' }),
  agent: z.object({
    name: z.string(),
    model: z.string(),
    voice: z.string(),
    languages: z.array(z.string()),
    file: z
      .string()
      .meta({ description: 'The first 12 hexadecimal digits of the SHA-256 of the agent file.' }),
  }),
  policy: z
    .record(z.string(), z.unknown())
    .meta({ description: 'The turn policy that was in force: the section `turns` of the agent.' }),
});

const ledgerSchema = z.object({
  parties: parties.optional(),
  verdicts: z.object({ confirmed: z.int(), rejected: z.int() }),
  interruptions: z.object({
    byCaller: z.int().meta({ description: 'The caller spoke into a reply and was given the floor.' }),
    byAgent: z.int().meta({ description: 'A reply began while the caller was speaking.' }),
  }),
  silence: z
    .object({ totalMs: ms, longestMs: ms })
    .meta({ description: 'While nobody had the floor, from the start of the stream on.' }),
  reconnects: z
    .object({ lost: z.int(), resumed: z.int(), fresh: z.int() })
    .meta({ description: 'Connections to the model: lost, resumed, and begun anew in mid-call.' }),
  turns: z.array(turn),
  replies: z.array(reply),
  tools: z.array(tool),
});

/** What is left to tell at the end. */
const endSchema = z.object({
  outcome,
  failure: failure.optional(),
  transferTo: z.string().optional(),
  durationMs: ms,
  tokens: z
    .object({
      prompt: z.int(),
      response: z.int(),
      thoughts: z.int(),
      cached: z.int(),
      promptBy: tokensBy,
      responseBy: tokensBy,
    })
    .optional()
    .meta({ description: 'As the model counted them; absent when the call was cut off.' }),
  cost: z.object({ usd: z.number() }).optional(),
  counts: z.record(z.string(), z.number()),
});

/** What was read out of the call afterwards. */
const extraction = z
  .object({
    model: z.string(),
    data: z
      .unknown()
      .optional()
      .meta({ description: 'What fits the schema of the agent file; absent after a failure.' }),
    failure: failure.optional(),
    tokens: z
      .object({ prompt: z.int(), response: z.int(), thoughts: z.int() })
      .meta({ description: 'Of all attempts.' }),
    cost: z.object({ usd: z.number() }).optional(),
  })
  .meta({ description: 'What a text model has read out of the transcript, as the agent file asks.' });

/** The content of `call.json`; times are ms since the call was accepted. */
export const callRecordSchema = z
  .object({
    version: z.literal(1),
    ...openingSchema.shape,
    ...endSchema.shape,
    ...ledgerSchema.shape,
    commands: z
      .array(command)
      .optional()
      .meta({ description: 'What was commanded through the API while the call ran, and by whom.' }),
    extraction: extraction.optional(),
    summary: z
      .string()
      .optional()
      .meta({ description: 'Of a call that was passed on: for whoever answers it.' }),
    messages: z
      .array(message)
      .optional()
      .meta({ description: 'What the caller left for the people of the business.' }),
  })
  .meta({ title: 'Baari call record', description: 'call.json: what there is to know of one call.' });

export type CallRecord = z.infer<typeof callRecordSchema>;
export type CallOpening = z.infer<typeof openingSchema>;
export type CallEnd = z.infer<typeof endSchema>;

/** One line of `journal.jsonl`; a call's record is what its lines add up to. */
export const journalEntrySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('opened'), atMs: ms, process: z.string(), opening: openingSchema }),
  z.object({ kind: z.literal('started'), atMs: ms, parties }),
  z.looseObject({ kind: z.literal('event'), atMs: ms, type: z.string() }),
  z.object({ kind: z.literal('turn'), atMs: ms, turn: turn.omit({ latency: true }) }),
  z.object({ kind: z.literal('reply'), atMs: ms, reply }),
  z.object({ kind: z.literal('tool'), atMs: ms, tool }),
  z.object({ kind: z.literal('command'), ...command.shape }),
]);

export type JournalEntry = z.infer<typeof journalEntrySchema>;

/** The JSON Schema (draft 7) of `call.json`. */
export function callJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(callRecordSchema, { target: 'draft-7', io: 'input' }) };
}
