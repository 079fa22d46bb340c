import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import * as z from 'zod';
import type { Log } from '../../observe/index.ts';
import type { ApiGate } from './gate.ts';
import { local, type Principal, type Scope } from './scopes.ts';

/** Largest body of a request, bytes. */
const maxBodyBytes = 16 * 1024;

/** Something that is not to be had; told to whoever asked, as `{code, error}`. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

/** The error of every address. */
const errorSchema = z.object({ code: z.string(), error: z.string() }).meta({
  title: 'Error',
  description: 'A name for programs, and what was expected and what came for people.',
});

/** What a request has brought, as the endpoint's schemas have accepted it. */
export interface Asked<P, Q, B> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly principal: Principal;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

type Method = Extract<HTTPMethods, 'GET' | 'POST' | 'DELETE' | 'HEAD'>;

/** One address of the API: what it takes, who may ask, what it answers. The OpenAPI document is made of the same. */
export interface Endpoint<P, Q, B> {
  readonly method: Method | Method[];
  readonly path: string;
  readonly summary: string;
  /** What the asker's token must allow; undefined: any token will do. */
  readonly scope: Scope | undefined;
  readonly params?: z.ZodType<P>;
  readonly query?: z.ZodType<Q>;
  readonly body?: z.ZodType<B>;
  /** What answers are that are not JSON, such as `audio/wav`. */
  readonly media?: string;
  /** The answers by status: `undefined` for an error, and for what is not JSON. */
  readonly answers: Readonly<Record<number, z.ZodType | undefined>>;
  /** Answers: what it returns is sent with 200, unless it has sent something itself. */
  readonly handle: (asked: Asked<P, Q, B>) => Promise<unknown>;
}

/** What endpoints are opened with. */
export interface EndpointSurroundings {
  readonly gate: ApiGate;
  readonly log: Log;
}

/** Opens an endpoint on `http`. */
export function open<P = unknown, Q = unknown, B = unknown>(
  http: FastifyInstance,
  { gate, log }: EndpointSurroundings,
  endpoint: Endpoint<P, Q, B>,
): void {
  const { method, path, scope, params, query, body, handle } = endpoint;
  http.route({
    method,
    url: path,
    bodyLimit: maxBodyBytes,
    schema: documented(endpoint),
    handler: async (request, reply) => {
      const principal = await gate.who(request);
      if ('status' in principal) {
        const { status, code, message, waitS } = principal;
        if (status === 401) reply.header('www-authenticate', 'Bearer');
        if (waitS !== undefined) reply.header('retry-after', String(waitS));
        return refuse(reply, log, status, code, message);
      }
      if (scope !== undefined && !principal.scopes.has(scope)) {
        if (principal === local) {
          reply.header('www-authenticate', 'Bearer');
          const message = `expected a token with the scope ${scope}: without one nobody may, not even on this machine`;
          return refuse(reply, log, 401, 'api.unauthorised', message);
        }
        const message = `expected a token with the scope ${scope}, found one without it`;
        return refuse(reply, log, 403, 'api.scope-missing', message);
      }
      try {
        const asked = {
          params: read('the path', params, request.params),
          query: read('the query', query, request.query),
          body: read('the body', body, request.body),
        } as { params: P; query: Q; body: B };
        return await handle({ ...asked, principal, request, reply });
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        for (const [name, value] of Object.entries(error.headers)) reply.header(name, value);
        return refuse(reply, log, error.status, error.code, error.message);
      }
    },
  });
}

function refuse(reply: FastifyReply, log: Log, status: number, code: string, error: string): FastifyReply {
  log.warn({ status, code }, 'api.refused');
  // a handler may have got as far as to name another type
  return reply
    .code(status)
    .type('application/json; charset=utf-8')
    .removeHeader('content-length')
    .send({ code, error });
}

/** @throws ApiError naming the place, what was expected and the kind of what came, never a value */
function read(where: string, schema: z.ZodType | undefined, found: unknown): unknown {
  if (!schema) return undefined;
  const result = schema.safeParse(found ?? {});
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const place = [where, ...(issue?.path ?? [])].join('.');
  throw new ApiError(400, 'api.bad-request', `${place}: ${issue?.message ?? 'expected something else'}`);
}

function documented<P, Q, B>({
  summary,
  scope,
  params,
  query,
  body,
  answers,
  media,
}: Endpoint<P, Q, B>): object {
  return {
    summary,
    security: [{ token: [] }],
    ...(scope && { description: `Needs the scope \`${scope}\`.` }),
    ...(params && { params: json(params) }),
    ...(query && { querystring: json(query) }),
    ...(body && { body: json(body) }),
    response: Object.fromEntries(
      [...ofAll, ...Object.keys(answers).map(Number)].map((status) => [
        status,
        answer(status, answers[status], media),
      ]),
    ),
  };
}

/** Errors that every address may answer with. */
const ofAll = [400, 401, 403, 429, 500] as const;

const errors: Readonly<Record<number, string>> = {
  400: 'The request is not as described.',
  401: 'No token, or one that is not known.',
  403: 'The token does not allow it.',
  404: 'There is no such thing, or it is another tenant’s.',
  409: 'Not at this moment.',
  416: 'The range lies beyond the end.',
  422: 'The same key was used for another request.',
  429: 'Too many requests, or too many wrong tokens; Retry-After says how long to wait.',
  500: 'A defect of ours.',
  502: 'The carrier has refused.',
  503: 'What it takes does not answer, or is not configured.',
  504: 'The carrier has not answered in time.',
};

function answer(status: number, schema: z.ZodType | undefined, media: string | undefined): object {
  if (status >= 400) return { ...json(errorSchema), description: errors[status] ?? 'An error.' };
  const description = 'As asked.';
  if (schema) return { ...json(schema, 'output'), description };
  if (media === undefined) return { description, type: 'null' };
  return { description, content: { [media]: { schema: { type: 'string' } } } };
}

function json(schema: z.ZodType, io: 'input' | 'output' = 'input'): Record<string, unknown> {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io,
    target: 'draft-2020-12',
    unrepresentable: 'any',
  });
  return rest;
}
