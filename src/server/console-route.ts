import { existsSync } from 'node:fs';
import path from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/** Where the console is built to, seen from the sources and from what is built of them. */
const places = ['../../dist/console', '../../console'];

/** What the page may load and ask: nothing but what comes from here. Mantine writes styles into the page. */
const contentSecurityPolicy = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "media-src 'self' blob:",
  "worker-src 'self' blob:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The folder of the built console; undefined when it was not built. */
export function consoleFolder(): string | undefined {
  const found = places.map((place) => path.resolve(import.meta.dirname, place));
  return found.find((folder) => existsSync(path.join(folder, 'index.html')));
}

/** Serves the console at `/`; its files hold no secret, what they ask for is guarded where it is answered. */
export function serveConsole(http: FastifyInstance, folder: string): void {
  http.register(fastifyStatic, {
    root: folder,
    // the files that there are, and no others: what is asked for never becomes a path
    wildcard: false,
    decorateReply: false,
    cacheControl: false,
    setHeaders: (reply, file) => {
      reply.header('content-security-policy', contentSecurityPolicy);
      reply.header('x-content-type-options', 'nosniff');
      reply.header('referrer-policy', 'no-referrer');
      reply.header('permissions-policy', 'microphone=(self)');
      const isNamedByContent = file.includes(`${path.sep}assets${path.sep}`);
      reply.header('cache-control', isNamedByContent ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
}
