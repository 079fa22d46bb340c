import { expect, it } from 'vitest';
import { type CallRecord, redactor } from '../../src/records/index.ts';
import {
  followCall,
  messagesOfRecord,
  outboxMessages,
  type WebhookMessage,
} from '../../src/webhooks/index.ts';
import { storedCall } from '../records/stored-calls.ts';

const startedMs = Date.UTC(2026, 0, 1, 10);
const everything = [{ url: 'https://x.example/', events: [], transcript: true }];

const outcomes = ['answered', 'failed', 'refused', 'timedOut'] as const;

/** A call with tools that ended in all ways, as its record has it. */
function recordOf(): CallRecord {
  const { record } = storedCall('one', new Date(startedMs).toISOString(), { agent: 'shop' });
  const tools = outcomes.map((outcome, index) => ({
    name: 'order',
    outcome,
    durationMs: 10,
    endedMs: 1000 * (index + 1),
    arguments: { cake: 'mango' },
    ...(outcome === 'answered' ? {} : { failure: { code: `tool.${outcome}`, message: 'no' } }),
  }));
  return { ...record, tools };
}

it('finds the same events in the call and in its record, so that each is told once', () => {
  const record = recordOf();
  const live: WebhookMessage[] = [];
  const follower = followCall({
    callId: 'one',
    agent: 'shop',
    wallMs: () => startedMs,
    redact: redactor({ numbers: true, patterns: [] }),
    withTranscript: true,
    put: (message) => live.push(message),
  });
  if (record.parties) follower.started(record.parties);
  for (const { name, outcome, durationMs, endedMs, arguments: given, failure } of record.tools) {
    follower.tool({ name, outcome, durationMs, arguments: given, ...(failure && { failure }) }, endedMs);
  }
  const later = messagesOfRecord(record, []);
  const told = (messages: readonly WebhookMessage[]) =>
    messages.flatMap((message) => outboxMessages(message, everything));
  expect(live.map(({ type }) => type)).toEqual(['call.started', 'tool.failed', 'tool.failed']);
  expect(told(later).slice(0, -1)).toEqual(told(live));
  expect(later.at(-1)).toMatchObject({ type: 'call.ended', data: { record: { callId: 'one' } } });
});

it('tells nothing of a connection whose stream never began', () => {
  const { parties: _, ...record } = recordOf();
  expect(messagesOfRecord(record, [])).toEqual([]);
});

it('tells a receiver only of what it has asked for', () => {
  const [started, ended] = [messagesOfRecord(recordOf(), []).at(0), messagesOfRecord(recordOf(), []).at(-1)];
  if (!started || !ended) throw new Error('expected messages');
  const receivers = [
    { url: 'https://x.example/', events: ['call.ended'], transcript: false },
    { url: 'https://y.example/', events: ['call.started', 'call.ended'], transcript: true },
  ] as const;
  expect(outboxMessages(started, receivers).map(({ url }) => url)).toEqual(['https://y.example/']);
  expect(outboxMessages(ended, receivers)).toHaveLength(2);
});
