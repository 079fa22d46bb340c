import { createInterface } from 'node:readline';
import { json } from 'node:stream/consumers';
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { marksOfJournal, maskNumber } from '../../inspection/index.ts';
import {
  type CallRecord,
  callRecordSchema,
  type JournalEntry,
  journalEntrySchema,
  type RecordStore,
} from '../../records/index.ts';
import { type Clock, within } from '../../time/index.ts';
import { readRange } from './byte-range.ts';
import { ApiError, type Asked, type EndpointSurroundings, open } from './endpoint.ts';
import { knows, type Principal } from './scopes.ts';

/** Longest wait for the store, ms. */
const storeMs = 5000;

/** What the addresses of records are built from. */
export interface RecordEndpointOptions extends EndpointSurroundings {
  readonly clock: Clock;
  /** Undefined when no records are kept. */
  readonly records: RecordStore | undefined;
}

const callIdSchema = z.strictObject({
  callId: z.uuid('expected the id of a call, a UUID'),
});
const when = z.iso.datetime({ offset: true, error: 'expected a time such as 2026-01-31T09:00:00Z' });
const searchSchema = z.strictObject({
  from: when.optional().meta({ description: 'Calls that began then or later.' }),
  to: when.optional().meta({ description: 'Calls that began before.' }),
  agent: z.string().min(1).max(63).optional(),
  outcome: z.string().min(1).max(40).optional(),
  number: z
    .string()
    .min(6)
    .max(24)
    .optional()
    .meta({ description: 'The caller’s or the called number; its last ten digits count.' }),
  text: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .meta({ description: 'Words that were said, each from its beginning; needs transcripts:read.' }),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  after: z.coerce.number().int().min(0).optional().meta({ description: '`next` of the page before.' }),
});
const foundSchema = z.object({
  callId: z.string(),
  startedAt: z.iso.datetime(),
  agent: z.string(),
  outcome: z.string(),
  from: z.string().meta({ description: 'Masked but for its last digits without numbers:read.' }),
  to: z.string(),
  durationMs: z.number(),
});
const pageSchema = z.object({ calls: z.array(foundSchema), next: z.number().optional() });
const numberSchema = z.strictObject({ number: z.string().regex(/^\+?\d{6,15}$/, 'expected a phone number') });
const marksSchema = z.object({
  startedMs: z.number().optional().meta({ description: 'When the stream began, and with it the recording.' }),
  marks: z.array(
    z.object({
      atMs: z.number(),
      kind: z.string(),
      what: z.string().optional(),
      tookMs: z.number().optional(),
    }),
  ),
});
const removedSchema = z.object({ removed: z.int() });

/** `/api/records`: past calls, their transcripts and recordings. */
export function recordEndpoints(http: FastifyInstance, options: RecordEndpointOptions): void {
  const { clock } = options;
  const store = (): RecordStore => {
    if (options.records) return options.records;
    throw new ApiError(
      503,
      'records.none',
      'expected BAARI_RECORDS to be configured: no records are kept here',
    );
  };
  const ask = async <T>(work: (records: RecordStore) => Promise<T>): Promise<T> => {
    const records = store();
    const done = await within(
      clock,
      storeMs,
      work(records).then(
        (value) => ({ value }),
        () => undefined,
      ),
    );
    if (done) return done.value;
    throw new ApiError(
      503,
      'records.store-dead',
      'the store of the records does not answer; try again later',
      {
        'retry-after': '10',
      },
    );
  };
  /** The record of a call that the asker may know of; of another tenant's there is no sign. */
  const recordFor = async ({
    params: { callId },
    principal,
  }: Asked<{ callId: string }, unknown, unknown>) => {
    const record = await ask((records) => readRecord(records, callId));
    if (record && knows(principal, record.agent.name)) return record;
    throw new ApiError(404, 'api.no-such-call', 'expected the id of a recorded call, found no such one');
  };

  open(http, options, {
    method: 'GET',
    path: '/api/records',
    summary: 'Finds past calls, the latest first.',
    scope: 'calls:read',
    query: searchSchema,
    answers: { 200: pageSchema, 503: undefined },
    async handle({ query: { from, to, text, ...query }, principal }) {
      if (text !== undefined && !principal.scopes.has('transcripts:read')) {
        throw new ApiError(
          403,
          'api.scope-missing',
          'expected a token with the scope transcripts:read for text',
        );
      }
      if (query.agent !== undefined && !knows(principal, query.agent)) return { calls: [] };
      const { calls, next } = await ask((records) =>
        records.search({
          ...query,
          ...(from !== undefined && { fromMs: Date.parse(from) }),
          ...(to !== undefined && { toMs: Date.parse(to) }),
          ...(text !== undefined && { text }),
          ...(principal.agents && { agents: [...principal.agents] }),
        }),
      );
      const number = numberFor(principal);
      return {
        calls: calls.map(({ startedAtMs, ...call }) => ({
          ...call,
          startedAt: new Date(startedAtMs).toISOString(),
          from: number(call.from),
          to: number(call.to),
        })),
        ...(next !== undefined && { next }),
      };
    },
  });

  open(http, options, {
    method: 'GET',
    path: '/api/records/:callId',
    summary: 'The record of a call: call.json.',
    scope: 'calls:read',
    params: callIdSchema,
    answers: { 200: callRecordSchema, 404: undefined, 503: undefined },
    handle: async (asked) => recordAs(await recordFor(asked), asked.principal),
  });

  open(http, options, {
    method: 'GET',
    path: '/api/records/:callId/transcript',
    summary: 'What was said, a line of JSON for each: transcript.jsonl.',
    scope: 'transcripts:read',
    params: callIdSchema,
    media: 'application/jsonl',
    answers: { 200: undefined, 404: undefined, 503: undefined },
    async handle(asked) {
      const { callId } = await recordFor(asked);
      const file = await ask((records) => records.files.open(callId, 'transcript.jsonl'));
      if (!file) throw new ApiError(404, 'api.no-transcript', 'this call has no transcript');
      return asked.reply.type('application/jsonl; charset=utf-8').send(file.stream);
    },
  });

  open(http, options, {
    method: 'GET',
    path: '/api/records/:callId/marks',
    summary:
      'What is marked on the time axis of a call: verdicts, holds, outages, tools; ms since it was accepted.',
    scope: 'calls:read',
    params: callIdSchema,
    answers: { 200: marksSchema, 404: undefined, 503: undefined },
    async handle(asked) {
      const { callId } = await recordFor(asked);
      return ask(async ({ files }) => {
        const file = await files.open(callId, 'journal.jsonl');
        return file ? marksOfJournal(journalOf(file.stream)) : { marks: [] };
      });
    },
  });

  open(http, options, {
    method: ['GET', 'HEAD'],
    path: '/api/records/:callId/audio',
    summary: 'The recording, stereo: the caller left, the agent as heard right. Takes a Range header.',
    scope: 'audio:read',
    params: callIdSchema,
    query: z.strictObject({ download: z.stringbool().optional() }),
    media: 'audio/wav',
    answers: { 200: undefined, 206: undefined, 404: undefined, 416: undefined, 503: undefined },
    async handle(asked) {
      const { request, reply, query } = asked;
      const { callId } = await recordFor(asked);
      const size = await ask((records) => sizeOf(records, callId));
      if (size === undefined) throw new ApiError(404, 'api.no-audio', 'this call was not recorded');
      const range = readRange(request.headers.range, size);
      reply
        .header('accept-ranges', 'bytes')
        .header('cache-control', 'private, max-age=3600')
        .type('audio/wav');
      if (query.download) reply.header('content-disposition', `attachment; filename="${callId}.wav"`);
      if (range === 'unsatisfiable') {
        const headers = { 'content-range': `bytes */${size}` };
        throw new ApiError(416, 'api.bad-range', `expected a range within ${size} bytes`, headers);
      }
      const { start, end } = range === 'whole' ? { start: 0, end: size - 1 } : range;
      reply.header('content-length', String(end - start + 1));
      if (range !== 'whole') reply.code(206).header('content-range', `bytes ${start}-${end}/${size}`);
      if (request.method === 'HEAD') return reply.send();
      const file = await ask((records) =>
        records.files.open(callId, 'audio.wav', { first: start, last: end }),
      );
      if (!file) throw new ApiError(404, 'api.no-audio', 'the recording is gone');
      return reply.send(file.stream);
    },
  });

  open(http, options, {
    method: 'DELETE',
    path: '/api/records/:callId',
    summary: 'Deletes the record of a call, its transcript and its recording.',
    scope: 'records:delete',
    params: callIdSchema,
    answers: { 200: removedSchema, 404: undefined, 503: undefined },
    async handle(asked) {
      const { callId } = await recordFor(asked);
      await ask((records) => records.remove([callId]));
      options.log.info({ callId, by: asked.principal.name }, 'record.deleted');
      return { removed: 1 };
    },
  });

  open(http, options, {
    method: 'DELETE',
    path: '/api/numbers/:number',
    summary: 'Deletes all records of a phone number, as far as the token knows their agents.',
    scope: 'records:delete',
    params: numberSchema,
    answers: { 200: removedSchema, 503: undefined },
    async handle({ params: { number }, principal }) {
      const all = await ask((records) => records.ofNumber(number));
      const known = await Promise.all(
        all.map(async (callId) => {
          const record = await ask((records) => readRecord(records, callId));
          // what cannot be read any more is nobody's but whoever may delete everything
          return (record ? knows(principal, record.agent.name) : principal.agents === undefined)
            ? [callId]
            : [];
        }),
      );
      const callIds = known.flat();
      await ask((records) => records.remove(callIds));
      options.log.info({ records: callIds.length, by: principal.name }, 'number.forgotten');
      return { removed: callIds.length };
    },
  });
}

/** Writes numbers as the asker may see them. */
function numberFor({ scopes }: Principal): (number: string) => string {
  return scopes.has('numbers:read') ? (number) => number : maskNumber;
}

/** A record without what the asker may not see: numbers, and what was said in whatever form. */
function recordAs(record: CallRecord, principal: Principal): object {
  const number = numberFor(principal);
  const { parties, transferTo } = record;
  const masked = {
    ...record,
    ...(parties && { parties: { ...parties, from: number(parties.from), to: number(parties.to) } }),
    ...(transferTo !== undefined && { transferTo: number(transferTo) }),
  };
  if (principal.scopes.has('transcripts:read')) return masked;
  const {
    messages: _,
    extraction: __,
    summary: ___,
    ...rest
  } = { messages: 0, extraction: 0, summary: 0, ...masked };
  return {
    ...rest,
    ...(parties && { parties: { ...masked.parties, parameters: {} } }),
    tools: record.tools.map(({ name, outcome, durationMs, endedMs }) => ({
      name,
      outcome,
      durationMs,
      endedMs,
    })),
  };
}

/** The record of a complete call of this version; undefined when there is none. */
async function readRecord({ files }: RecordStore, callId: string): Promise<CallRecord | undefined> {
  const file = await files.open(callId, 'call.json');
  return file && callRecordSchema.safeParse(await json(file.stream)).data;
}

/** The lines of a journal, without those that cannot be read. */
async function* journalOf(input: NodeJS.ReadableStream): AsyncGenerator<JournalEntry> {
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    const entry = journalEntrySchema.safeParse(parsed(line)).data;
    if (entry) yield entry;
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** The size of a call's recording, bytes; undefined when there is none. */
async function sizeOf({ files }: RecordStore, callId: string): Promise<number | undefined> {
  const file = await files.open(callId, 'audio.wav', { first: 0, last: 0 });
  file?.stream.destroy();
  return file?.sizeBytes;
}
