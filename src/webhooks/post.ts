import { Webhook } from 'standardwebhooks';
import type { Clock } from '../time/index.ts';
import { FetchFailed, type GuardedFetch } from '../wire/index.ts';
import type { KeptMessage } from './outbox-database.ts';

/** Longest wait for an answer, ms (Standard Webhooks: 15 to 30 s). */
const answerMs = 15_000;
/** The largest answer that is read, bytes; a larger one counts as a failure. Nothing of it is used. */
const largestAnswerBytes = 1_048_576;
/** A receiver that asks for more patience than this is not heeded, ms. */
const longestRetryAfterMs = 86_400_000;

/** What came of posting a message; `reason` names no more of an address than its host, and no content. */
export type PostOutcome =
  | { readonly kind: 'delivered' }
  /** HTTP 410: the receiver wants nothing any more. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'failed'; readonly reason: string; readonly retryAfterMs?: number };

/** What a post is made with. */
export interface PostOptions {
  readonly secret: string;
  readonly clock: Clock;
  readonly fetch: GuardedFetch;
}

/** Posts one message, signed as Standard Webhooks says. Never rejects. */
export async function post(
  { id, url, body }: Pick<KeptMessage, 'id' | 'url' | 'body'>,
  { secret, clock, fetch }: PostOptions,
): Promise<PostOutcome> {
  try {
    const now = new Date(clock.wallMs());
    const answer = await fetch.ask({
      url: new URL(url),
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Baari webhooks',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
        'webhook-signature': new Webhook(secret).sign(id, now, body),
      },
      body,
      timeoutMs: answerMs,
      maxBytes: largestAnswerBytes,
    });
    return outcomeOf(answer.status, answer.headers['retry-after'], clock.wallMs());
  } catch (error) {
    return {
      kind: 'failed',
      reason: error instanceof FetchFailed ? error.message : 'it could not be signed',
    };
  }
}

/** A redirection is a failure like any other: the signed message is for this address. */
function outcomeOf(status: number, retryAfter: string | undefined, wallMs: number): PostOutcome {
  if (status >= 200 && status < 300) return { kind: 'delivered' };
  if (status === 410) return { kind: 'gone' };
  const retryAfterMs = readRetryAfter(retryAfter, wallMs);
  return { kind: 'failed', reason: `HTTP ${status}`, ...(retryAfterMs !== undefined && { retryAfterMs }) };
}

/** RFC 9110: a number of seconds, or a date. */
function readRetryAfter(value: string | undefined, wallMs: number): number | undefined {
  if (!value) return undefined;
  const untilMs = /^\d+$/.test(value) ? wallMs + Number(value) * 1000 : Date.parse(value);
  if (Number.isNaN(untilMs)) return undefined;
  return Math.min(longestRetryAfterMs, Math.max(0, untilMs - wallMs));
}
