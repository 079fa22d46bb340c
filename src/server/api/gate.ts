import type { FastifyRequest } from 'fastify';
import { jwtVerify, SignJWT } from 'jose';
import type { Log } from '../../observe/index.ts';
import type { Chance, Clock } from '../../time/index.ts';
import { FailedAttempts } from '../failed-attempts.ts';
import { isFromHere } from '../from-here.ts';
import type { ApiTokens } from './api-tokens.ts';
import { RequestRate } from './request-rate.ts';
import { local, type Principal } from './scopes.ts';

/** The cookie of a person who has shown a token in the console. */
export const sessionCookie = 'baari_session';
/** How long it counts, s. */
export const sessionS = 12 * 3600;

/** What a gate is built from. */
export interface ApiGateOptions {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Log;
  /** The tokens in force; asked for at each request, so that they may change. */
  readonly tokens: () => ApiTokens;
  /** The address of whoever asks, past proxies that are trusted. */
  readonly clientOf: (asker: Asker) => string;
  /** Signs sessions; the same in all processes of a service. Without it they hold for this process. */
  readonly secret?: string | undefined;
  /** What each token may ask of this process in a minute; the usual number without it. */
  readonly requestsPerMinute?: number | undefined;
}

/** Who asks is not known, or asks too often: why, and how long to wait, whole seconds. */
export interface Unknown {
  readonly status: 401 | 403 | 429;
  readonly code: string;
  readonly message: string;
  readonly waitS?: number;
}

/** What a request tells of who makes it. */
export type Asker = Pick<FastifyRequest, 'headers' | 'method' | 'socket'>;

/**
 * Tells who asks the API: the bearer of a token, a person with a session of the console, or, where no token is configured, a
 * person before this very machine.
 *
 * A session is a cookie, which browsers send whoever makes them ask: so it, and this machine, count only for requests that the
 * console's own page makes.
 */
export class ApiGate {
  readonly #o: ApiGateOptions;
  readonly #key: Uint8Array;
  readonly #failed = new FailedAttempts();
  readonly #rate: RequestRate;

  constructor(options: ApiGateOptions) {
    this.#o = options;
    this.#rate = new RequestRate(options.requestsPerMinute);
    this.#key = new TextEncoder().encode(`${options.secret ?? options.chance.hexId(32)}/session`);
  }

  /** Whoever makes the request, or why it is nobody; each request counts for the rate of its token. */
  async who(request: Asker): Promise<Principal | Unknown> {
    const found = await this.#identify(request);
    if ('status' in found) return found;
    const waitS = await this.#rate.waitS(found.name);
    if (waitS === 0) return found;
    const { most, withinS } = this.#rate;
    const message = `expected at most ${most} requests of a token in ${withinS} s; wait ${waitS} s`;
    return { status: 429, code: 'api.too-many-requests', message, waitS };
  }

  async #identify(request: Asker): Promise<Principal | Unknown> {
    const { headers } = request;
    const bearer = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
    if (bearer !== undefined) return this.#bearer(bearer, request);
    const cookie = cookieOf(headers.cookie);
    if (cookie !== undefined) {
      const known = await this.#session(cookie);
      if (known) return isOwnPage(request) ? known : foreignPage;
    }
    if (this.#o.tokens().size === 0 && isFromHere(request)) return isOwnPage(request) ? local : foreignPage;
    const status = this.#o.tokens().size === 0 ? 403 : 401;
    return { status, code: 'api.unauthorised', message: this.#expected() };
  }

  /** Whose token it is; a wrong one is remembered against the address that it came from. */
  async #bearer(token: string, asker: Asker): Promise<Principal | Unknown> {
    const peer = this.#o.clientOf(asker);
    const waitS = await this.#failed.waitS(peer);
    if (waitS > 0) {
      const message = `too many wrong tokens from this address; wait ${waitS} s`;
      return { status: 429, code: 'api.locked-out', message, waitS };
    }
    const known = this.#o.tokens().of(token, this.#o.clock.wallMs());
    if (known) return known;
    await this.#failed.note(peer);
    return { status: 401, code: 'api.unauthorised', message: this.#expected() };
  }

  /** What the cookie of a new session says. */
  async open({ name }: Principal): Promise<string> {
    const expires = Math.ceil(this.#o.clock.wallMs() / 1000) + sessionS;
    return new SignJWT({ name, mark: this.#o.tokens().markOf(name) })
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime(expires)
      .sign(this.#key);
  }

  /** A session counts as long as the token does that it was opened with. */
  async #session(cookie: string): Promise<Principal | undefined> {
    const wallMs = this.#o.clock.wallMs();
    try {
      const { payload } = await jwtVerify(cookie, this.#key, {
        algorithms: ['HS256'],
        currentDate: new Date(wallMs),
        requiredClaims: ['exp'],
      });
      const { name, mark } = payload;
      // a token that was replaced takes its sessions with it
      const isWhole = typeof name === 'string' && typeof mark === 'string';
      return isWhole ? this.#o.tokens().named(name, mark, wallMs) : undefined;
    } catch {
      return undefined;
    }
  }

  #expected(): string {
    return this.#o.tokens().size === 0
      ? 'expected BAARI_API_TOKEN or BAARI_API_TOKENS_FILE to be configured: without them only this machine may ask'
      : 'expected the header Authorization: Bearer <token>, found none or another';
  }
}

const foreignPage: Unknown = {
  status: 403,
  code: 'api.foreign-page',
  message: 'expected a request of the console’s own page, found one that another page makes',
};

/** Whether a browser says that its own page asks, or no browser asks at all. */
function isOwnPage({ headers }: Asker): boolean {
  const site = headers['sec-fetch-site'];
  if (typeof site === 'string') return site === 'same-origin' || site === 'none';
  const { origin, host } = headers;
  return origin === undefined || URL.parse(origin)?.host === host;
}

function cookieOf(header: string | undefined): string | undefined {
  const cookies = (header ?? '').split(';').map((cookie) => cookie.trim());
  return cookies.find((cookie) => cookie.startsWith(`${sessionCookie}=`))?.slice(sessionCookie.length + 1);
}
