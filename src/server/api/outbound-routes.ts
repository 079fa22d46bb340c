import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import * as z from 'zod';
import type { Agent } from '../../agents/index.ts';
import type { Log } from '../../observe/index.ts';
import { type OutboundBook, type OutboundCode, OutboundError } from '../../outbound/index.ts';
import { bears } from './bearer.ts';

/** Largest request, bytes. */
const maxBodyBytes = 16 * 1024;

/** What the addresses for placing calls are built from. */
export interface OutboundRoutesOptions {
  readonly log: Log;
  readonly agents: ReadonlyMap<string, Agent>;
  /** Who may place calls; undefined: nobody. */
  readonly token: string | undefined;
  /** Undefined when no calls are placed here, for the reason `whyNot`. */
  readonly book: OutboundBook | undefined;
  readonly whyNot: string;
}

const orderSchema = z.strictObject({
  agent: z.string().min(1).max(63),
  number: z.string().min(1).max(32),
  fields: z.record(z.string().min(1).max(64), z.string().max(128)).default({}),
});
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

/** `POST /api/calls` places a call, `GET /api/calls/<id>` tells how it stands; both ask for the bearer token, also on loopback. */
export function outboundRoutes({ log, agents, token, book, whyNot }: OutboundRoutesOptions) {
  const refuse = (reply: FastifyReply, status: number, code: string, message: string): FastifyReply => {
    log.warn({ status, code }, 'api.refused');
    return reply.code(status).send({ code, error: message });
  };
  const guard = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    if (bears(request.headers.authorization, token)) return undefined;
    reply.header('www-authenticate', 'Bearer');
    const message = token
      ? 'expected the header Authorization: Bearer <BAARI_API_TOKEN>, found none or another'
      : 'expected BAARI_API_TOKEN to be configured: without it nobody may place calls';
    return refuse(reply, 401, 'api.unauthorised', message);
  };
  const place = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    if (!book) return refuse(reply, 503, 'outbound.not-configured', whyNot);
    const key = keySchema.safeParse(request.headers['idempotency-key']);
    if (!key.success) {
      const message = 'Idempotency-Key: expected 1 to 200 visible characters, found something else';
      return refuse(reply, 400, 'api.bad-request', message);
    }
    const order = orderSchema.safeParse(request.body);
    if (!order.success) return refuse(reply, 400, 'api.bad-request', wrong(order.error));
    const { agent: name, ...what } = order.data;
    const agent = agents.get(name);
    if (!agent)
      return refuse(reply, 404, 'api.no-such-agent', 'expected the name of an agent, found no such one');
    try {
      const call = await book.place(agent, what, key.data);
      return reply.code(202).header('location', `/api/calls/${call.id}`).send(call);
    } catch (error) {
      if (!(error instanceof OutboundError)) throw error;
      const waitS = Math.ceil((error.retryAfterMs ?? 0) / 1000);
      if (waitS > 0) reply.header('retry-after', String(waitS));
      return refuse(reply, statusOf[error.code] ?? 502, error.code, error.message);
    }
  };
  const tell = async (
    { params }: FastifyRequest<{ Params: { id: string } }>,
    reply: FastifyReply,
  ): Promise<FastifyReply> => {
    const call = book?.find(params.id);
    if (call) return reply.send(call);
    return refuse(reply, 404, 'api.no-such-call', 'expected the id of a call placed here, found no such one');
  };
  return async (http: FastifyInstance): Promise<void> => {
    // an error of ours is told as one, without what was sent
    http.setErrorHandler((error, _, reply) => {
      const status = statusCodeOf(error);
      const known = status >= 400 && status < 500;
      if (!known) log.error({ code: 'api.defect' }, 'api.failed');
      const message = known
        ? 'expected a JSON object of at most 16 kB, found something else'
        : 'a defect of ours';
      return reply
        .code(known ? status : 500)
        .send({ code: known ? 'api.bad-request' : 'api.defect', error: message });
    });
    http.addHook('onRequest', guard);
    http.post('/api/calls', { bodyLimit: maxBodyBytes }, place);
    http.get<{ Params: { id: string } }>('/api/calls/:id', tell);
    http.addHook('onClose', async () => book?.close());
  };
}

function statusCodeOf(error: unknown): number {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return 500;
  return typeof error.statusCode === 'number' ? error.statusCode : 500;
}

/** What is wrong with a request, by field and kind, without its values. */
function wrong({ issues }: z.ZodError): string {
  const [issue] = issues;
  const where = issue?.path.join('.') || 'the body';
  return `${where}: expected {"agent", "number", "fields"?: {name: text}}, found ${issue?.code ?? 'something else'}`;
}
