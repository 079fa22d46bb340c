import { type CallFields, callSidOf } from './call-fields.ts';

/** What Exotel's StatusCallback tells of a call. */
export interface StatusReport {
  readonly callSid: string;
  /** `queued`, `in-progress`, `completed`, `failed`, `busy` or `no-answer`. */
  readonly status: string;
  /** `answered`, `terminal` or `ringing`, when events are subscribed to. */
  readonly event: string | undefined;
  /** How long was spoken, s; undefined when it is not told. */
  readonly durationS: number | undefined;
  /** The same for a callback that Exotel sends again. */
  readonly key: string;
}

/** Reads a status callback; undefined when it names no call. */
export function readStatusReport(fields: CallFields): StatusReport | undefined {
  const callSid = callSidOf(fields);
  if (callSid === undefined) return undefined;
  const status = word(fields.get('Status')) ?? 'unknown';
  const event = word(fields.get('EventType'));
  const key = `${event ?? ''} ${status} ${(fields.get('DateUpdated') ?? '').slice(0, 40)}`;
  const seconds = fields.get('ConversationDuration') ?? '';
  const durationS = /^\d{1,6}$/.test(seconds) ? Number(seconds) : undefined;
  return { callSid, status, event, durationS, key };
}

/** Only what looks like a word of Exotel's is kept and logged. */
function word(text: string | undefined): string | undefined {
  return text !== undefined && /^[\w -]{1,40}$/.test(text) ? text : undefined;
}
