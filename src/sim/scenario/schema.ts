import { z } from 'zod';
import { callers } from '../callers/index.ts';
import { voices } from '../voices/index.ts';

const ms = z.number().min(0).max(600_000);
const voice = z.enum(Object.keys(voices) as [keyof typeof voices, ...(keyof typeof voices)[]]);
const callerClip = z.enum(Object.keys(callers) as [keyof typeof callers, ...(keyof typeof callers)[]]);

/** What a scenario's calls are measured by. */
const measureNames = [
  'interruption',
  'ignored',
  'shortAnswer',
  'pause',
  'gaps',
  'silentModel',
  'conversation',
] as const;

/** Which sounds are tried, one call for each. */
const clips = z.discriminatedUnion('take', [
  z.strictObject({ take: z.literal('whole'), at_least_ms: ms.default(0), at_most_ms: ms.default(600_000) }),
  z.strictObject({
    take: z.literal('cut'),
    lengths_ms: z.array(ms.min(50)).min(1),
    every: z.int().min(1).default(1),
  }),
  z.strictObject({ take: z.literal('joined'), pause_ms: ms, at_least_ms: ms.default(0) }),
  z.strictObject({
    take: z.literal('noise'),
    kinds: z.array(z.enum(['cough', 'click', 'burst', 'knock'])).min(1),
    calls: z.int().min(1).max(500),
  }),
  /** WAV files, mono PCM16 at 8, 16 or 24 kHz, relative to the scenario file. */
  z.strictObject({ take: z.literal('files'), files: z.array(z.string().min(1)).min(1) }),
  /** Sentences for the synthesiser. */
  z.strictObject({ take: z.literal('texts'), texts: z.array(z.string().min(1)).min(1) }),
  z.strictObject({ take: z.literal('none'), calls: z.int().min(1).max(500) }),
]);

const step = z.union([
  z.strictObject({
    say: z.union([callerClip, z.literal('$clip')]),
    after_ms: ms.optional(),
    after_agent_audible_ms: z.union([ms, z.array(ms).min(1)]).optional(),
  }),
  z.strictObject({
    wait: z.enum(['agent_finished', 'agent_audible']),
    within_ms: ms.default(30_000),
    for_ms: ms.default(700),
  }),
  z.strictObject({ wait: z.literal('ended'), within_ms: ms.default(30_000) }),
  z.strictObject({ pause: ms }),
  /** Keys of the telephone, one after the other. */
  z.strictObject({ press: z.string().regex(/^[0-9*#]+$/), every_ms: ms.default(300) }),
]);

const data = z.record(z.string(), z.unknown());

const reply = z.union([
  voice,
  z.strictObject({
    voice,
    /** What the model makes of what the caller said before. */
    heard: z.string().optional(),
    /** Tools that the model calls before it says this. */
    tool_calls: z.array(z.strictObject({ name: z.string(), arguments: data.default({}) })).optional(),
    speed: z.number().positive().optional(),
    burst_chunks: z.int().min(1).optional(),
    chunk_ms: z.tuple([ms, ms]).optional(),
    stalls: z.array(z.strictObject({ after_ms: ms, for_ms: ms })).optional(),
  }),
]);

/** What a tool answers in place of what it would do: `{ answer }`, or `{ fails }` with the reason. */
const toolAnswer = z.union([
  z.strictObject({ answer: z.unknown(), after_ms: ms.default(0) }),
  z.strictObject({ fails: z.string().min(1), after_ms: ms.default(0) }),
]);

/** What is to be true once a call is over. */
const expectation = z.strictObject({
  /** Texts that the model's instruction has. */
  told: z.array(z.string().min(1)).default([]),
  /** Tools that were called, in this order and no others; arguments may be more than those named. */
  tools: z
    .array(
      z.strictObject({
        name: z.string(),
        arguments: data.default({}),
        outcome: z.string().default('answered'),
      }),
    )
    .optional(),
  /** Texts that the caller heard, in this order. */
  heard: z.array(z.string().min(1)).default([]),
  /** How the call ended. */
  outcome: z.string().optional(),
});

/** A rehearsal scenario as its YAML file states it. */
export const scenarioSchema = z.strictObject({
  about: z.string().min(1),
  /** The agent that it is for; any, without it. */
  for: z.string().optional(),
  measure: z.enum(measureNames),
  /** The parameters of the call, as its address or whoever placed it states them. */
  parameters: z.record(z.string(), z.string()).default({}),
  /** What HTTP tools of the agent answer, by name; those that are not named fail. */
  tools: z.record(z.string(), toolAnswer).default({}),
  expect: expectation.prefault({}),
  /** Fields of the agent file that differ, by section. */
  agent: z
    .record(z.string(), z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])))
    .default({}),
  model: z.strictObject({
    greeting: reply.optional(),
    replies: z.array(reply).min(1),
    mute_turns: z.int().min(1).optional(),
    setup_ms: ms.default(50),
  }),
  line: z
    .strictObject({
      echo_db: z.number().min(0).max(100).optional(),
      echo_delay_ms: ms.default(120),
      noise_dbov: z.number().min(-90).max(0).optional(),
      street_dbov: z.number().min(-90).max(0).optional(),
      gain_db: z.number().min(-40).max(20).default(0),
    })
    .prefault({}),
  clips,
  steps: z.array(step).min(1),
  /** Bars by measure, such as `yielded: { least: 0.97 }`. */
  bars: z
    .record(z.string(), z.strictObject({ least: z.number().optional(), most: z.number().optional() }))
    .default({}),
});

/** A rehearsal scenario. */
export type Scenario = z.infer<typeof scenarioSchema> & {
  readonly name: string;
  /** The folder of its file, which its clips are relative to. */
  readonly folder: string;
};

/** One of a scenario's steps. */
export type ScenarioStep = Scenario['steps'][number];
