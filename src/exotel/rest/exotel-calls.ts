import { type Clock, delay } from '../../time/index.ts';
import type { ExotelAccess } from './access.ts';
import { ExotelApiError, withoutNumbers } from './api-error.ts';
import { type ExotelCall, readCall, readCalls, readFailure } from './call-reply.ts';

/** Longest wait for an answer of Exotel's, ms. */
const answerMs = 10_000;
/** Largest answer that is read, characters: 100 calls of a list are well below. */
const maxAnswer = 512 * 1024;
/** Exotel: the most calls that a page of a list may have. */
const pageSize = 100;

/** What both ways to place a call have in common; numbers are personal data. */
interface AnyCallRequest {
  /** The number to dial, E.164. */
  readonly from: string;
  /** Our ExoPhone. */
  readonly callerId: string;
  /** Exotel: at most 128 characters; arrives with the stream. */
  readonly customField: string;
  /** Exotel: at most 14,400 s. */
  readonly timeLimitS: number;
  readonly record: boolean;
  readonly statusCallback: string | undefined;
}

/** A call to be placed: its stream goes to an address of ours, or the call goes through a flow with a Voicebot applet. */
export type CallRequest = AnyCallRequest &
  (
    | { readonly mode: 'stream'; readonly streamUrl: string }
    | { readonly mode: 'flow'; readonly flowId: string; readonly ringS: number }
  );

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly retryAfterMs: number | undefined;
}

/** Exotel's REST API for calls: version 1, JSON. */
export class ExotelCalls {
  readonly #access: ExotelAccess;
  readonly #clock: Clock;

  constructor(access: ExotelAccess, clock: Clock) {
    this.#access = access;
    this.#clock = clock;
  }

  /**
   * Asks for a call, once; accepted is not answered.
   *
   * @throws ExotelApiError; with `isOutcomeUnknown` the telephone may ring all the same
   */
  async connect(request: CallRequest): Promise<ExotelCall> {
    const body = new URLSearchParams(fieldsOf(request, this.#access.accountSid));
    const answer = await this.#send('/Calls/connect.json', { method: 'POST', body }, true);
    const call = readCall(answer.text);
    if (call) return call;
    const message = 'expected a Call with Sid and Status, found another answer';
    throw new ExotelApiError('exotel.bad-answer', message, { isOutcomeUnknown: true });
  }

  /** How a call stands. @throws ExotelApiError */
  async find(sid: string): Promise<ExotelCall> {
    const answer = await this.#send(`/Calls/${encodeURIComponent(sid)}.json`, { method: 'GET' }, false);
    const call = readCall(answer.text);
    if (call) return call;
    throw new ExotelApiError('exotel.bad-answer', 'expected a Call, found another answer');
  }

  /** The newest calls to a number; Exotel leaves out, by its documents, those that go on. @throws ExotelApiError */
  async recent(number: string): Promise<ExotelCall[]> {
    const query = new URLSearchParams({
      From: number,
      PageSize: String(pageSize),
      SortBy: 'DateCreated:desc',
    });
    const answer = await this.#send(`/Calls.json?${query}`, { method: 'GET' }, false);
    const calls = readCalls(answer.text);
    if (calls) return calls;
    throw new ExotelApiError('exotel.bad-answer', 'expected a list of Calls, found another answer');
  }

  async #send(
    path: string,
    init: { method: string; body?: URLSearchParams },
    acts: boolean,
  ): Promise<Answer> {
    const { apiKey, apiToken, accountSid, baseUrl } = this.#access;
    const url = `${baseUrl}/v1/Accounts/${encodeURIComponent(accountSid)}${path}`;
    const credentials = Buffer.from(`${apiKey}:${apiToken}`).toString('base64');
    const over = new AbortController();
    const answered = new AbortController();
    delay(this.#clock, answerMs, answered.signal).then(() => over.abort());
    try {
      const response = await fetch(url, {
        ...init,
        headers: { authorization: `Basic ${credentials}`, accept: 'application/json' },
        // a request for a call is sent to one place only
        redirect: 'manual',
        signal: over.signal,
      });
      const text = (await response.text()).slice(0, maxAnswer);
      return this.#accepted({ status: response.status, text, retryAfterMs: retryAfterMs(response) }, acts);
    } catch (error) {
      throw error instanceof ExotelApiError ? error : unanswered(error, over.signal.aborted, acts);
    } finally {
      answered.abort();
    }
  }

  #accepted(answer: Answer, acts: boolean): Answer {
    const { status, text } = answer;
    if (status >= 200 && status < 300) return answer;
    const { apiKey, apiToken, baseUrl } = this.#access;
    const said = withoutNumbers(readFailure(text), [apiKey, apiToken]);
    const reason = said ? `: ${said}` : '';
    if (status === 401 || status === 403) {
      throw new ExotelApiError(
        'exotel.unauthorised',
        `expected EXOTEL_API_KEY, EXOTEL_API_TOKEN and EXOTEL_SID to be accepted by ${baseUrl}, found ${status}${reason}; a key belongs to one region, see EXOTEL_SUBDOMAIN`,
      );
    }
    const told = `Exotel answered ${status}${reason}`;
    if (status === 429) {
      throw new ExotelApiError('exotel.rate-limited', told, { retryAfterMs: answer.retryAfterMs });
    }
    if (status < 500) throw new ExotelApiError('exotel.refused', told);
    throw new ExotelApiError('exotel.unavailable', told, { isOutcomeUnknown: acts });
  }
}

/** Exotel: names are written in title case; a flow takes neither a stream nor `To`. */
function fieldsOf(request: CallRequest, accountSid: string): Record<string, string> {
  const { from, callerId, customField, timeLimitS, record, statusCallback } = request;
  const common = {
    From: from,
    CallerId: callerId,
    CustomField: customField,
    TimeLimit: String(timeLimitS),
    ...(record ? { Record: 'true' } : {}),
    ...(statusCallback ? { StatusCallback: statusCallback, 'StatusCallbackEvents[0]': 'terminal' } : {}),
  };
  if (request.mode === 'stream') {
    return { ...common, StreamUrl: request.streamUrl, StreamType: 'bidirectional' };
  }
  const Url = `http://my.exotel.com/${accountSid}/exoml/start_voice/${request.flowId}`;
  return { ...common, Url, CallType: 'trans', TimeOut: String(request.ringS) };
}

/** Failures that come before a request is sent: nothing can have come of it. */
const beforeSending = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

function unanswered(error: unknown, isTooLate: boolean, acts: boolean): ExotelApiError {
  if (isTooLate) {
    const message = `expected an answer of Exotel's within ${answerMs} ms, none came`;
    return new ExotelApiError('exotel.timeout', message, { isOutcomeUnknown: acts });
  }
  const code = codeOf(error) ?? codeOf(error instanceof Error ? error.cause : undefined) ?? 'unknown';
  const isOutcomeUnknown = acts && !beforeSending.has(code);
  return new ExotelApiError('exotel.unreachable', `Exotel could not be reached: ${code}`, {
    isOutcomeUnknown,
  });
}

function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

function retryAfterMs({ headers }: Response): number | undefined {
  const seconds = Number.parseFloat(headers.get('retry-after') ?? '');
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
}
