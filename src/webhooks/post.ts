import { Webhook } from 'standardwebhooks';
import { type Clock, delay } from '../time/index.ts';
import type { KeptMessage } from './outbox-database.ts';

/** Longest wait for an answer, ms (Standard Webhooks: 15 to 30 s). */
const answerMs = 15_000;
/** A receiver that asks for more patience than this is not heeded, ms. */
const longestRetryAfterMs = 86_400_000;

/** What came of posting a message; `reason` names no address and no content. */
export type PostOutcome =
  | { readonly kind: 'delivered' }
  /** HTTP 410: the receiver wants nothing any more. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'failed'; readonly reason: string; readonly retryAfterMs?: number };

/** What a post is made with. */
export interface PostOptions {
  readonly clock: Clock;
  /** Refuses addresses that are not to be asked. */
  readonly fetch: typeof fetch;
}

/** Posts one message, signed as Standard Webhooks says. Never rejects. */
export async function post(
  { id, url, body }: KeptMessage,
  secret: string,
  { clock, fetch }: PostOptions,
): Promise<PostOutcome> {
  const over = new AbortController();
  const attempt = async (): Promise<PostOutcome> => {
    const now = new Date(clock.wallMs());
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'Baari webhooks',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
      'webhook-signature': new Webhook(secret).sign(id, now, body),
    };
    // a redirection is an answer like any other: the signed message is for this address
    const answer = await fetch(url, {
      method: 'POST',
      headers,
      body,
      redirect: 'manual',
      signal: over.signal,
    });
    await answer.body?.cancel();
    return outcomeOf(answer, clock.wallMs());
  };
  const late = delay(clock, answerMs, over.signal).then(
    (): PostOutcome => ({ kind: 'failed', reason: `no answer within ${answerMs} ms` }),
  );
  try {
    return await Promise.race([attempt(), late]);
  } catch (error) {
    return { kind: 'failed', reason: reasonOf(error) };
  } finally {
    over.abort();
  }
}

function outcomeOf({ status, headers }: Response, wallMs: number): PostOutcome {
  if (status >= 200 && status < 300) return { kind: 'delivered' };
  if (status === 410) return { kind: 'gone' };
  const retryAfterMs = readRetryAfter(headers.get('retry-after'), wallMs);
  return { kind: 'failed', reason: `HTTP ${status}`, ...(retryAfterMs !== undefined && { retryAfterMs }) };
}

/** RFC 9110: a number of seconds, or a date. */
function readRetryAfter(value: string | null, wallMs: number): number | undefined {
  if (value === null) return undefined;
  const untilMs = /^\d+$/.test(value) ? wallMs + Number(value) * 1000 : Date.parse(value);
  if (Number.isNaN(untilMs)) return undefined;
  return Math.min(longestRetryAfterMs, Math.max(0, untilMs - wallMs));
}

/** Fetch hides the reason in the cause; neither may tell an address. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : undefined;
  if (!(cause instanceof Error)) return 'an unknown error';
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.name;
}
