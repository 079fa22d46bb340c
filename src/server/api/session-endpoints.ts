import type { FastifyInstance, FastifyRequest } from 'fastify';
import * as z from 'zod';
import type { ApiTokens } from './api-tokens.ts';
import { ApiError, type EndpointSurroundings, open } from './endpoint.ts';
import { sessionCookie, sessionS } from './gate.ts';
import { type Principal, type Scope, scopes } from './scopes.ts';

const whoSchema = z.object({
  name: z.string(),
  scopes: z.array(z.enum(scopes)),
  agents: z.union([z.literal('all'), z.array(z.string())]),
});

/** `/api/session`: who one is, and for the console a cookie instead of the token. */
export function sessionEndpoints(
  http: FastifyInstance,
  options: EndpointSurroundings & {
    readonly tokens: () => ApiTokens;
    /** Whether the service is reached by TLS, as far as it can tell. */
    readonly isSecure: (request: FastifyRequest) => boolean;
  },
): void {
  open(http, options, {
    method: 'GET',
    path: '/api/session',
    summary: 'Who asks, and what they may do.',
    scope: undefined,
    answers: { 200: whoSchema },
    handle: async ({ principal }) => told(principal),
  });
  open(http, options, {
    method: 'POST',
    path: '/api/session',
    summary:
      'Opens a session of the console for the bearer of a token: a cookie that only its own page can use.',
    scope: undefined,
    answers: { 200: whoSchema },
    async handle({ principal, request, reply }) {
      if (!request.headers.authorization)
        throw new ApiError(400, 'api.bad-request', 'expected a bearer token');
      const secure = options.isSecure(request) ? '; Secure' : '';
      const cookie = `${sessionCookie}=${await options.gate.open(principal)}`;
      reply.header(
        'set-cookie',
        `${cookie}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${sessionS}${secure}`,
      );
      return told(principal);
    },
  });
  open(http, options, {
    method: 'DELETE',
    path: '/api/session',
    summary: 'Ends the session of the console.',
    scope: undefined,
    answers: { 204: undefined },
    handle: async ({ reply }) =>
      reply
        .code(204)
        .header('set-cookie', `${sessionCookie}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0`)
        .send(),
  });
}

function told({ name, scopes: may, agents }: Principal): {
  name: string;
  scopes: Scope[];
  agents: 'all' | string[];
} {
  return { name, scopes: [...may], agents: agents ? [...agents] : 'all' };
}
