import type { CallRecord } from '../records/index.ts';
import type { WebhookMessage } from './webhook-message.ts';

type Parties = NonNullable<CallRecord['parties']>;
type Tool = CallRecord['tools'][number];

/** One line of what was said. */
export interface SaidLine {
  readonly who: string;
  /** ms since the call was accepted. */
  readonly atMs: number;
  readonly text: string;
  readonly unheard: string;
}

/** What makes the messages of one call, whoever finds the event: the call itself, or its record after it. */
export class CallMessages {
  readonly #of: Pick<WebhookMessage, 'callId' | 'agent'>;
  readonly #startedMs: number;

  /** @param startedMs when the call was accepted, ms since 1970 */
  constructor(of: Pick<WebhookMessage, 'callId' | 'agent'>, startedMs: number) {
    this.#of = of;
    this.#startedMs = startedMs;
  }

  started({ callSid, from, to, parameters }: Omit<Parties, 'streamSid' | 'sampleRateHz'>): WebhookMessage {
    const startedAt = new Date(this.#startedMs).toISOString();
    return this.#message('call.started', 1, 0, { startedAt, callSid, from, to, parameters });
  }

  /** Undefined for a tool that did not fail. */
  toolFailed(tool: Tool, nth: number): WebhookMessage | undefined {
    if (!isFailed(tool)) return undefined;
    const { name, outcome, durationMs, endedMs, failure, arguments: given } = tool;
    return this.#message('tool.failed', nth, endedMs, {
      tool: name,
      outcome,
      arguments: given,
      failure,
      durationMs,
    });
  }

  /** Undefined for a tool call that took no message. */
  messageTaken(
    tool: Pick<Tool, 'name' | 'outcome'> & { readonly arguments?: unknown },
    atMs: number,
    nth: number,
  ): WebhookMessage | undefined {
    if (tool.name !== 'take_message' || tool.outcome !== 'answered') return undefined;
    const given = typeof tool.arguments === 'object' && tool.arguments !== null ? { ...tool.arguments } : {};
    return this.#message('message.taken', nth, atMs, given);
  }

  transferring(to: string, atMs: number, more: Readonly<Record<string, unknown>>): WebhookMessage {
    return this.#message('call.transferring', 1, atMs, { to, ...more });
  }

  ended(record: CallRecord, transcript: readonly SaidLine[]): WebhookMessage {
    return this.#message('call.ended', 1, record.durationMs, { record, transcript });
  }

  #message(
    type: WebhookMessage['type'],
    nth: number,
    atMs: number,
    data: WebhookMessage['data'],
  ): WebhookMessage {
    return { ...this.#of, type, nth, wallMs: this.#startedMs + atMs, data };
  }
}

/** Whether a tool was tried in vain; a call that the model got wrong is not the tool's failure. */
export function isFailed({ outcome }: Pick<Tool, 'outcome'>): boolean {
  return outcome === 'failed' || outcome === 'timedOut';
}

/**
 * All messages of a call by its record, in the order in which they happened. Those that the call has put itself are known
 * by their ids; what a lost process could not put any more is put from here.
 */
export function messagesOfRecord(record: CallRecord, transcript: readonly SaidLine[]): WebhookMessage[] {
  const { callId, agent, parties, tools, transferTo, durationMs } = record;
  // a connection whose stream never began was no call
  if (!parties) return [];
  const messages = new CallMessages({ callId, agent: agent.name }, Date.parse(record.startedAt));
  const failed = tools.filter(isFailed).map((tool, index) => messages.toolFailed(tool, index + 1));
  const taken = tools
    .filter(({ name, outcome }) => name === 'take_message' && outcome === 'answered')
    .map((tool, index) => messages.messageTaken(tool, tool.endedMs, index + 1));
  return [
    messages.started(parties),
    ...[...failed, ...taken].filter((message) => message !== undefined),
    ...(transferTo === undefined
      ? []
      : [
          messages.transferring(transferTo, durationMs, {
            ...(record.summary !== undefined && { summary: record.summary }),
            transcript,
          }),
        ]),
    messages.ended(record, transcript),
  ];
}
