import type { CallRecord } from './call-record.ts';

type Tools = CallRecord['tools'];
type Messages = NonNullable<CallRecord['messages']>;

/** The messages that the caller left, by the calls of the tool `take_message`. */
export function messagesIn(tools: Tools): Messages {
  return done(tools, 'take_message').map(({ endedMs, given }) => ({
    atMs: endedMs,
    from: textOf(given.from),
    ...(given.number !== undefined && { number: textOf(given.number) }),
    text: textOf(given.text),
    ...(given.urgent === true && { urgent: true }),
  }));
}

/** What whoever answers a call that was passed on is told, by the last call of the tool `transfer_to_person`. */
export function summaryIn(tools: Tools): string | undefined {
  const last = done(tools, 'transfer_to_person').at(-1);
  return last && textOf(last.given.summary);
}

function done(tools: Tools, name: string): { endedMs: number; given: Record<string, unknown> }[] {
  const called = tools.filter((tool) => tool.name === name && tool.outcome === 'answered');
  return called.map(({ endedMs, arguments: given }) => ({
    endedMs,
    given: typeof given === 'object' && given !== null ? { ...given } : {},
  }));
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
