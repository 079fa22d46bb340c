import { createHash } from 'node:crypto';

/** What a receiver can be told of, in the order in which a call comes by it. */
export const webhookEvents = [
  'call.started',
  'tool.failed',
  'message.taken',
  'call.transferring',
  'call.ended',
] as const;

/** The name of an event, which is the `type` of its message. */
export type WebhookEvent = (typeof webhookEvents)[number];

/** Something that happened in a call; what it holds is personal data. */
export interface WebhookMessage {
  readonly callId: string;
  readonly agent: string;
  readonly type: WebhookEvent;
  /** The how many-th of this type in its call, from 1. */
  readonly nth: number;
  /** When it happened, ms since 1970. */
  readonly wallMs: number;
  readonly data: Readonly<Record<string, unknown>>;
}

/** One receiver of an agent's messages. */
export interface WebhookReceiver {
  readonly url: string;
  readonly events: readonly WebhookEvent[];
  /** Whether `call.ended` and `call.transferring` carry what was said. */
  readonly transcript: boolean;
}

/** A message that lies in the outbox for one receiver. */
export interface OutboxMessage {
  readonly id: string;
  readonly agent: string;
  readonly url: string;
  readonly callId: string;
  readonly type: WebhookEvent;
  readonly body: string;
}

/** Largest body, bytes: what it has too much is left out, first what was said, then the record's lists, and named in `leftOut`. */
const largestBodyBytes = 1_048_576;

/** What is left out of a body that is too large, one after the other. */
const expendable = [
  ['transcript'],
  ['record', 'replies'],
  ['record', 'turns'],
  ['record', 'tools'],
  ['record'],
];

/**
 * The name of an event for receivers: the same however often, and from whichever source, the event is found, so that the
 * same event is known when it comes again. Without a full stop, which Standard Webhooks separates by what it signs.
 */
function webhookId({ callId, type, nth }: Pick<WebhookMessage, 'callId' | 'type' | 'nth'>): string {
  const digest = createHash('sha256').update(`${callId}\n${type}\n${nth}`).digest('hex');
  return `msg_${digest.slice(0, 32)}`;
}

/** The messages of an event for those of `receivers` who want it; the form is that of Standard Webhooks. */
export function outboxMessages(
  message: WebhookMessage,
  receivers: readonly WebhookReceiver[],
): OutboxMessage[] {
  const { agent, callId, type } = message;
  const id = webhookId(message);
  return receivers
    .filter(({ events }) => events.length === 0 || events.includes(type))
    .map(({ url, transcript }) => ({ id, agent, url, callId, type, body: bodyOf(message, transcript) }));
}

function bodyOf({ type, wallMs, callId, agent, data }: WebhookMessage, withTranscript: boolean): string {
  const leftOut: string[] = [];
  const { transcript, ...rest } = data;
  let content: Readonly<Record<string, unknown>> =
    withTranscript && transcript ? { ...rest, transcript } : rest;
  const textOf = (): string =>
    JSON.stringify({
      type,
      timestamp: new Date(wallMs).toISOString(),
      data: { callId, agent, ...content, ...(leftOut.length > 0 && { leftOut }) },
    });
  for (const path of expendable) {
    const text = textOf();
    if (Buffer.byteLength(text) <= largestBodyBytes) return text;
    const less = without(content, path);
    if (less !== content) leftOut.push(path.join('.'));
    content = less;
  }
  if (Buffer.byteLength(textOf()) > largestBodyBytes) content = {};
  return textOf();
}

function without(
  from: Readonly<Record<string, unknown>>,
  [key = '', ...inner]: readonly string[],
): Readonly<Record<string, unknown>> {
  if (!(key in from)) return from;
  const { [key]: value, ...rest } = from;
  if (inner.length === 0) return rest;
  if (typeof value !== 'object' || value === null) return from;
  return { ...from, [key]: without({ ...value }, inner) };
}
