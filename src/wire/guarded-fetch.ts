import { Agent, request } from 'undici';
import { type Clock, delay } from '../time/index.ts';
import { AddressGuard, type AllowedHosts, FetchFailed, type Resolve } from './address-guard.ts';

/** What is asked. */
export interface GuardedRequest {
  readonly url: URL;
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  /** For the whole: looking up, connecting, sending and reading, ms. */
  readonly timeoutMs: number;
  /** The largest answer that is read, bytes. */
  readonly maxBytes: number;
  readonly signal?: AbortSignal | undefined;
}

/** Where one may ask, and by what. */
export interface GuardedFetchOptions extends AllowedHosts {
  readonly clock: Clock;
  readonly resolve?: Resolve;
}

/** What was answered; a redirect is an answer like any other, and not followed. */
export interface GuardedResponse {
  readonly status: number;
  /** By names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Connections to one host at most, and how long one may wait for its next request, ms. */
const mostConnections = 32;
const keepAliveMs = 10_000;

/**
 * Asks HTTP servers on behalf of agent files, which may name wrong or hostile addresses: only allowed hosts, only addresses that
 * are public unless named, checked at the moment of connecting; no redirects, no proxies, bounded in time and size.
 */
export class GuardedFetch {
  readonly #clock: Clock;
  readonly #guard: AddressGuard;
  readonly #agent: Agent;

  constructor({ clock, resolve, ...allowed }: GuardedFetchOptions) {
    this.#clock = clock;
    this.#guard = new AddressGuard(allowed, resolve);
    this.#agent = new Agent({
      connect: { lookup: this.#guard.lookup },
      connections: mostConnections,
      pipelining: 1,
      keepAliveTimeout: keepAliveMs,
      keepAliveMaxTimeout: keepAliveMs,
      // the whole has a deadline of its own
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  /** @throws FetchFailed for whatever stands in the way; an answer of any status is returned */
  async ask({ timeoutMs, signal, ...asked }: GuardedRequest): Promise<GuardedResponse> {
    this.#guard.check(asked.url);
    const over = new AbortController();
    const late = new AbortController();
    delay(this.#clock, timeoutMs, over.signal).then(() => {
      if (!over.signal.aborted) late.abort();
    });
    const stop = signal ? AbortSignal.any([late.signal, signal]) : late.signal;
    try {
      return await this.#exchange(asked, stop);
    } catch (error) {
      if (late.signal.aborted) {
        throw new FetchFailed('fetch.timeout', `no complete answer within ${Math.round(timeoutMs)} ms`);
      }
      if (signal?.aborted) throw new FetchFailed('fetch.aborted', 'the answer is not wanted any more');
      throw failureOf(error, asked.url);
    } finally {
      over.abort();
    }
  }

  /** Drops all connections; requests under way fail. */
  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  async #exchange(
    { url, method, headers, body, maxBytes }: Omit<GuardedRequest, 'timeoutMs' | 'signal'>,
    signal: AbortSignal,
  ): Promise<GuardedResponse> {
    const answer = await request(url, {
      dispatcher: this.#agent,
      method,
      // what is compressed could be small to read and large to hold
      headers: { ...headers, 'accept-encoding': 'identity' },
      body: body ?? null,
      signal,
    });
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of answer.body) {
      bytes += chunk.length;
      if (bytes > maxBytes) {
        throw new FetchFailed(
          'fetch.too-large',
          `expected an answer of at most ${maxBytes} bytes, found more`,
        );
      }
      chunks.push(chunk);
    }
    const told = Object.entries(answer.headers).map(([name, value]) => [name, String(value ?? '')]);
    return { status: answer.statusCode, headers: Object.fromEntries(told), body: Buffer.concat(chunks) };
  }
}

function failureOf(error: unknown, { host }: URL): FetchFailed {
  if (error instanceof FetchFailed) return error;
  const cause = error instanceof Error && error.cause instanceof FetchFailed ? error.cause : undefined;
  if (cause) return cause;
  const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
  return new FetchFailed('fetch.unreachable', `${host} cannot be reached${code}`);
}
