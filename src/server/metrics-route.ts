import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Metrics } from '../observe/index.ts';
import { isFromHere } from './from-here.ts';

/** The metrics of a server, and who may read them. */
export interface ServedMetrics {
  readonly metrics: Metrics;
  /** All metrics as Prometheus reads them; of all processes of the service, where there are several. */
  readonly text: () => Promise<string>;
  /** Who bears it may read them from anywhere; without it they are for this machine only. */
  readonly token: string | undefined;
}

/** Serves `/metrics`. */
export function serveMetrics(http: FastifyInstance, { metrics, text, token }: ServedMetrics): void {
  http.get('/metrics', async (request, reply) => {
    if (token ? !bears(request, token) : !isFromHere(request)) {
      reply.code(token ? 401 : 403);
      if (token) reply.header('www-authenticate', 'Bearer realm="Baari metrics"');
      return token
        ? 'expected the token of BAARI_METRICS_TOKEN as a bearer token\n'
        : 'without BAARI_METRICS_TOKEN the metrics are for this machine only, asked as localhost\n';
    }
    reply.type(metrics.registry.contentType);
    return text();
  });
}

function bears({ headers }: FastifyRequest, token: string): boolean {
  const given = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? '';
  return timingSafeEqual(digest(given), digest(token));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
