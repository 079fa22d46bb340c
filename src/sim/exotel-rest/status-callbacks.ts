import { type Clock, delay } from '../../time/index.ts';
import { dateOf, type RestCall } from './simulated-call.ts';

/** How the body of a callback is written; Exotel's is not documented, and reported as multipart. */
export type CallbackForm = 'multipart' | 'urlencoded' | 'json';

/** A status callback that was sent. */
export interface SentCallback {
  readonly url: string;
  readonly fields: Readonly<Record<string, string>>;
  /** The HTTP status of the answer; undefined when none came in time. */
  readonly answered: number | undefined;
}

/** Exotel: how long an answer is waited for, ms, and how often a callback is sent in all. */
const answerMs = 15_000;
const mostSends = 3;
/** Between two of them, ms. */
const pauseMs = 1000;

/** What status callbacks are sent with. */
export interface StatusCallbacksOptions {
  readonly clock: Clock;
  readonly form: CallbackForm;
  /** How often each is sent although it was answered with 200. */
  readonly copies: number;
  readonly sent: (callback: SentCallback) => void;
}

/** What a call was asked to tell, and where. */
export interface CallbackWish {
  readonly url: string;
  readonly events: readonly string[];
}

/** Reads the wish for status callbacks out of a request; undefined when there is none. */
export function callbackWishOf(fields: Readonly<Record<string, string>>): CallbackWish | undefined {
  const { StatusCallback: url } = fields;
  if (url === undefined) return undefined;
  const events = Object.entries(fields).flatMap(([name, event]) =>
    name.startsWith('StatusCallbackEvents[') ? [event] : [],
  );
  return { url, events };
}

/** Tells of a call's change as Exotel does: with 15 s for each answer and two repeats. Never rejects. */
export async function sendCallback(
  { clock, form, copies, sent }: StatusCallbacksOptions,
  { url, events }: CallbackWish,
  event: 'answered' | 'terminal',
  call: RestCall,
): Promise<void> {
  // Exotel: without a subscription the end alone is told, and the event is not named
  if (events.length > 0 ? !events.includes(event) : event !== 'terminal') return;
  const fields = {
    CallSid: call.sid,
    DateUpdated: dateOf(clock.wallMs()),
    Status: call.status,
    RecordingUrl: '',
    ...(events.length > 0 ? { EventType: event } : {}),
  };
  let left = copies;
  for (let send = 1; send <= mostSends && left > 0; send += 1) {
    const answered = await post(clock, url, fields, form);
    sent({ url, fields, answered });
    if (answered === 200) left -= 1;
    if (left > 0) await delay(clock, pauseMs);
  }
}

async function post(
  clock: Clock,
  url: string,
  fields: Readonly<Record<string, string>>,
  form: CallbackForm,
): Promise<number | undefined> {
  const late = new AbortController();
  const timer = clock.setTimeout(() => late.abort(), answerMs);
  try {
    const response = await fetch(url, { method: 'POST', signal: late.signal, ...bodyOf(fields, form) });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return undefined;
  } finally {
    clock.clearTimeout(timer);
  }
}

function bodyOf(fields: Readonly<Record<string, string>>, form: CallbackForm): RequestInit {
  if (form === 'urlencoded') return { body: new URLSearchParams(fields) };
  if (form === 'json') {
    return { body: JSON.stringify(fields), headers: { 'content-type': 'application/json' } };
  }
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  return { body };
}
