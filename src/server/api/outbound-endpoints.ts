import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import type { Agent } from '../../agents/index.ts';
import { type OutboundBook, type OutboundCode, OutboundError } from '../../outbound/index.ts';
import { ApiError, type EndpointSurroundings, open } from './endpoint.ts';
import { knows } from './scopes.ts';

/** What places calls, or why nothing does. */
export interface Outbound {
  /** Undefined when no calls are placed here, for the reason `whyNot`. */
  readonly book: OutboundBook | undefined;
  readonly whyNot: string;
}

/** What the addresses for placing calls are built from. */
export interface OutboundEndpointOptions extends EndpointSurroundings, Outbound {
  readonly agents: ReadonlyMap<string, Agent>;
}

const orderSchema = z.strictObject(
  {
    agent: z.string().min(1).max(63),
    number: z.string().min(1).max(32),
    fields: z.record(z.string().min(1).max(64), z.string().max(128)).default({}),
  },
  'expected {"agent", "number", "fields"?: {name: text}}',
);
const placedSchema = z
  .looseObject({ id: z.string(), agent: z.string(), status: z.string() })
  .meta({ description: 'How the call stands.' });
const keySchema = z
  .string()
  .regex(/^[\x21-\x7e]{1,200}$/)
  .optional();

/** HTTP statuses of what went wrong; what is not listed is Exotel's: 502. */
const statusOf: Partial<Record<OutboundCode, number>> = {
  'outbound.bad-number': 400,
  'outbound.bad-fields': 400,
  'outbound.not-configured': 409,
  'outbound.outside-hours': 409,
  'outbound.do-not-call': 409,
  'outbound.do-not-call-unreadable': 500,
  'outbound.rate-limited': 429,
  'outbound.outcome-unknown': 504,
  'outbound.key-reused': 422,
  'outbound.too-many': 503,
  'exotel.rate-limited': 503,
  'exotel.timeout': 504,
};

/** `POST /api/calls` places a call, `GET /api/calls/<id>` tells how it stands; both ask for a token, also on loopback. */
export function outboundEndpoints(http: FastifyInstance, options: OutboundEndpointOptions): void {
  const { agents, book, whyNot } = options;
  open(http, options, {
    method: 'POST',
    path: '/api/calls',
    summary:
      'Places a call. With the header Idempotency-Key it is placed once, however often it is asked for.',
    scope: 'calls:place',
    body: orderSchema,
    answers: {
      202: placedSchema,
      404: undefined,
      409: undefined,
      422: undefined,
      502: undefined,
      503: undefined,
      504: undefined,
    },
    async handle({ body: { agent: name, ...what }, principal, request, reply }) {
      if (!book) throw new ApiError(503, 'outbound.not-configured', whyNot);
      const key = keySchema.safeParse(request.headers['idempotency-key']);
      if (!key.success) {
        const message = 'Idempotency-Key: expected 1 to 200 visible characters, found something else';
        throw new ApiError(400, 'api.bad-request', message);
      }
      const agent = knows(principal, name) ? agents.get(name) : undefined;
      if (!agent) {
        throw new ApiError(404, 'api.no-such-agent', 'expected the name of an agent, found no such one');
      }
      // a key is its bearer's own
      const ownKey = key.data === undefined ? undefined : `${principal.name} ${key.data}`;
      try {
        const call = await book.place(agent, what, ownKey);
        return reply.code(202).header('location', `/api/calls/${call.id}`).send(call);
      } catch (error) {
        if (!(error instanceof OutboundError)) throw error;
        const waitS = Math.ceil((error.retryAfterMs ?? 0) / 1000);
        const headers: Record<string, string> = waitS > 0 ? { 'retry-after': String(waitS) } : {};
        throw new ApiError(statusOf[error.code] ?? 502, error.code, error.message, headers);
      }
    },
  });
  open(http, options, {
    method: 'GET',
    path: '/api/calls/:id',
    summary: 'How a placed call stands.',
    scope: 'calls:place',
    params: z.strictObject({ id: z.string().max(64) }),
    answers: { 200: placedSchema, 404: undefined },
    async handle({ params: { id }, principal, reply }) {
      const call = book?.find(id);
      if (call && knows(principal, call.agent)) return reply.send(call);
      throw new ApiError(404, 'api.no-such-call', 'expected the id of a call placed here, found no such one');
    },
  });
  http.addHook('onClose', async () => book?.close());
}
