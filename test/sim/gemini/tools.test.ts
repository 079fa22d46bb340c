import { describe, expect, test } from 'vitest';
import type { GeminiScript } from '../../../src/sim/index.ts';
import { inMemory, type MemoryClient, manual, model } from './support/memory-client.ts';
import { reply } from './support/scripts.ts';

const script: GeminiScript = {
  turns: [
    {
      toolCalls: [{ name: 'find_cake', args: { kind: 'mango' } }, { name: 'find_time' }],
      whileWaiting: reply('One moment.', 1000),
      reply: reply('It is booked.', 1000),
    },
  ],
};

function tools(behavior?: string) {
  const declared = ['find_cake', 'find_time'].map((name) => (behavior ? { name, behavior } : { name }));
  return { ...manual, tools: [{ functionDeclarations: declared }] };
}

function asked(setup: object = tools('BLOCKING'), faults: Parameters<typeof inMemory>[1] = {}): MemoryClient {
  const client = inMemory(script, faults).connect(setup);
  client.send({ realtimeInput: { activityStart: {} } });
  client.send({ realtimeInput: { activityEnd: {} } });
  client.clock.advance(400);
  return client;
}

function answer(client: MemoryClient, ids: readonly string[], extra: object = {}): void {
  const functionResponses = ids.map((id) => ({ id, name: 'find_cake', response: { ok: true }, ...extra }));
  client.send({ toolResponse: { functionResponses } });
}

const calledIn = (client: MemoryClient) =>
  client.messages.flatMap(({ message }) => message.toolCall?.functionCalls ?? []);
const outcomes = (client: MemoryClient) => client.seen.toolAnswers.map((entry) => entry.outcome);

describe('tools', () => {
  test('are called in one frame, and silence lasts until all are answered', () => {
    const client = asked();
    const call = client.messages.find(({ message }) => message.toolCall)?.message.toolCall;
    expect(call?.functionCalls).toEqual([
      { id: 'call_1', name: 'find_cake', args: { kind: 'mango' } },
      { id: 'call_2', name: 'find_time', args: {} },
    ]);
    answer(client, ['call_1']);
    client.clock.advance(60_000);
    expect(client.seen.replies).toEqual([]);
    answer(client, ['call_2']);
    client.clock.advance(5000);
    expect(client.seen.replies).toMatchObject([{ text: 'It is booked.' }]);
  });

  test('keep a call open while more answers to it are announced', () => {
    const client = asked();
    answer(client, ['call_1', 'call_2'], { willContinue: true });
    expect(client.seen.replies).toEqual([]);
    answer(client, ['call_1', 'call_2']);
    expect(client.seen.replies).toHaveLength(1);
  });

  test('are cancelled by a barge-in, and a late answer is noted and dropped', () => {
    const client = asked();
    client.send({ realtimeInput: { activityStart: {} } });
    expect(client.messages.at(-1)?.message.toolCallCancellation).toEqual({ ids: ['call_1', 'call_2'] });
    answer(client, ['call_1', 'call_2']);
    client.clock.advance(5000);
    expect(outcomes(client)).toEqual(['late', 'late']);
    expect(client.seen.replies).toEqual([]);
  });

  test('note duplicate and unknown answers', () => {
    const client = asked();
    answer(client, ['call_1', 'call_1', 'call_9']);
    expect(outcomes(client)).toEqual(['accepted', 'duplicate', 'unknown']);
  });

  test.each([
    ['WHEN_IDLE', ['One moment.', 'It is booked.'], false],
    [undefined, ['One moment.', 'It is booked.'], false],
    ['INTERRUPT', ['One moment.', 'It is booked.'], true],
    ['SILENT', ['One moment.'], false],
  ])('that do not block let the model talk on; scheduling %s', (scheduling, texts, isCut) => {
    const client = asked(tools());
    client.clock.advance(350);
    answer(client, ['call_1', 'call_2'], scheduling ? { scheduling } : {});
    client.clock.advance(10_000);
    expect(client.seen.replies.map((record) => record.text)).toEqual(texts);
    expect(client.landmarks.includes('interrupted')).toBe(isCut);
  });

  test('refuse a scheduling that does not exist', () => {
    const client = asked();
    answer(client, ['call_1'], { scheduling: 'LATER' });
    expect(client.closed?.code).toBe(1007);
  });

  test('refuse any scheduling on extended thinking', () => {
    const thinking = { generationConfig: { thinkingConfig: { thinkingLevel: 'LOW' } } };
    const client = asked({ ...tools(), ...thinking, model: `${model}-extended-thinking` });
    answer(client, ['call_1'], { scheduling: 'SILENT' });
    expect(client.closed?.code).toBe(1007);
  });

  test('are called twice by a fault, with other ids', () => {
    const client = asked(tools('BLOCKING'), { faults: [{ fault: { kind: 'duplicateToolCall' } }] });
    const calls = client.messages.flatMap(({ message }) => message.toolCall?.functionCalls ?? []);
    expect(calls.map((call) => call.id)).toEqual(['call_1', 'call_2', 'call_3', 'call_4']);
  });

  test('are called twice by a fault, under the same ids', () => {
    const client = asked(tools('BLOCKING'), {
      faults: [{ fault: { kind: 'duplicateToolCall', sameIds: true } }],
    });
    expect(calledIn(client).map(({ id }) => id)).toEqual(['call_1', 'call_2', 'call_1', 'call_2']);
  });

  test('are spoilt by faults: another name, other arguments', () => {
    const client = asked(tools('BLOCKING'), {
      faults: [{ fault: { kind: 'misnamedToolCall' } }, { fault: { kind: 'misfitToolArguments' } }],
    });
    const args = { unexpected: true };
    expect(calledIn(client)).toEqual([
      { id: 'call_1', name: 'find_cake_now', args },
      { id: 'call_2', name: 'find_time_now', args },
    ]);
  });

  test('are taken back by a fault, and their answers come late', () => {
    const client = asked(tools('BLOCKING'), {
      faults: [{ fault: { kind: 'cancelToolCalls', at: { at: 'toolCall', afterMs: 50 } } }],
    });
    client.clock.advance(100);
    answer(client, ['call_1']);
    client.clock.advance(5000);
    expect(outcomes(client)).toEqual(['late']);
    expect(client.seen.replies).toEqual([]);
  });

  test('block when one of them does', () => {
    const declared = [
      { name: 'find_cake', behavior: 'NON_BLOCKING' },
      { name: 'find_time', behavior: 'BLOCKING' },
    ];
    const client = asked({ ...manual, tools: [{ functionDeclarations: declared }] });
    client.clock.advance(10_000);
    expect(client.seen.replies).toEqual([]);
  });
});
