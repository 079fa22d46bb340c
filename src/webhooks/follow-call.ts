import { type CallRecord, type Redact, redactDeep } from '../records/index.ts';
import { CallMessages, isFailed, type SaidLine } from './call-messages.ts';
import type { WebhookMessage } from './webhook-message.ts';

/** What is followed of a call: a part of what its observers are told. */
export interface WebhookFollower {
  started(parties: NonNullable<CallRecord['parties']>): void;
  tool(
    call: {
      readonly name: string;
      readonly outcome: string;
      readonly durationMs: number;
      readonly arguments: unknown;
      readonly failure?: { readonly code: string; readonly message: string };
    },
    atMs: number,
  ): void;
  line(line: SaidLine): void;
  transferring(number: string, summary: string): void;
}

/** What a call is followed with. */
export interface FollowOptions {
  readonly callId: string;
  readonly agent: string;
  /** Now, ms since 1970; the call has just been accepted. */
  readonly wallMs: () => number;
  /** Takes out of texts what is not to be kept or told. */
  readonly redact: Redact;
  /** Whether what was said may be told at all. */
  readonly withTranscript: boolean;
  /** Takes a message that is to be put into the outbox. */
  readonly put: (message: WebhookMessage) => void;
}

/** Lines that are kept for whoever a call is passed on to; the earliest are dropped first. */
const mostLines = 1000;

/** Tells of a call while it goes on; its end is told from its record. */
export function followCall({
  callId,
  agent,
  wallMs,
  redact,
  withTranscript,
  put,
}: FollowOptions): WebhookFollower {
  const startedMs = wallMs();
  const messages = new CallMessages({ callId, agent }, startedMs);
  const lines: SaidLine[] = [];
  let failed = 0;
  let taken = 0;
  return {
    started(parties) {
      const parameters = Object.entries(parties.parameters).map(([name, value]) => [name, redact(value)]);
      put(messages.started({ ...parties, parameters: Object.fromEntries(parameters) }));
    },
    tool(call, atMs) {
      const message = messages.messageTaken(
        { ...call, arguments: redactDeep(call.arguments, redact) },
        atMs,
        taken + 1,
      );
      if (message) {
        taken += 1;
        put(message);
      }
      if (!isFailed(call)) return;
      failed += 1;
      const { failure } = call;
      const told = {
        ...call,
        arguments: redactDeep(call.arguments, redact),
        ...(failure && { failure: { ...failure, message: redact(failure.message) } }),
        endedMs: atMs,
      };
      const report = messages.toolFailed(told, failed);
      if (report) put(report);
    },
    line(line) {
      lines.push({ ...line, text: redact(line.text), unheard: redact(line.unheard) });
      if (lines.length > mostLines) lines.shift();
    },
    transferring(number, summary) {
      const said = withTranscript ? { transcript: [...lines] } : {};
      const more = { ...(summary && { summary: redact(summary) }), ...said };
      put(messages.transferring(number, wallMs() - startedMs, more));
    },
  };
}
