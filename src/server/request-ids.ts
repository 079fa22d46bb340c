import type { FastifyInstance } from 'fastify';
import type { Log } from '../observe/index.ts';

/** The header that tells a client the name of its request in the log. */
export const requestIdHeader = 'x-request-id';

/** Tells each request's id in its answer, and each answer at debug: its route, never its path, which may hold a token. */
export function logRequests(http: FastifyInstance, log: Log): void {
  http.addHook('onRequest', async ({ id }, reply) => {
    reply.header(requestIdHeader, id);
  });
  http.addHook('onResponse', async ({ id, method, routeOptions }, reply) => {
    const ms = Math.round(reply.elapsedTime * 10) / 10;
    log.debug(
      { requestId: id, method, route: routeOptions.url, status: reply.statusCode, ms },
      'http.answered',
    );
  });
}
