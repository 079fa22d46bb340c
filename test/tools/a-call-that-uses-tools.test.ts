import { describe, expect, it } from 'vitest';
import type { CallObserver } from '../../src/call/index.ts';
import type { FaultRule, GeminiFault, GeminiScript, SimulatedGeminiOptions } from '../../src/sim/index.ts';
import { type ToolCallRecord, ToolSet } from '../../src/tools/index.ts';
import { type SimulatedCall, SimulatedService } from '../helpers/simulated-call.ts';
import { withoutDoneWarnings } from '../machines/quiet-console.ts';
import { TestTool } from './test-tool.ts';

withoutDoneWarnings();

const tone = (ms: number, value: number) => ({
  samples: Int16Array.from({ length: ms * 16 }, (_, at) => Math.round(value * Math.sin(at / 4))),
  sampleRateHz: 16_000,
});
const reply = (text: string, ms: number) => ({ text, voice: tone(ms, 9000) });

const script: GeminiScript = {
  greeting: reply('Hello.', 600),
  turns: [
    {
      heard: 'A table for two, please.',
      toolCalls: [{ name: 'book', args: { people: 2 } }],
      reply: reply('It is booked.', 1000),
    },
  ],
  afterwards: 'silent',
};

interface Talk {
  readonly service: SimulatedService;
  readonly call: SimulatedCall;
  readonly tool: TestTool;
  readonly records: ToolCallRecord[];
}

/** A caller who has been greeted and has asked for a table. */
async function asked(
  tool: TestTool,
  faults: readonly GeminiFault[] = [],
  agent = '',
  gemini: Partial<SimulatedGeminiOptions> = {},
): Promise<Talk> {
  const rules: FaultRule[] = faults.map((fault) => ({
    fault,
    ...(fault.kind === 'kill' ? { connection: 1 } : {}),
  }));
  const service = new SimulatedService({ script, faults: rules, tools: new ToolSet([tool]), agent, gemini });
  const records: ToolCallRecord[] = [];
  const observer: CallObserver = { tool: (record) => records.push(record) };
  const call = service.dial({ observers: [observer] });
  await service.clock.run(4000);
  call.caller.say(tone(1500, 12_000).samples.filter((_, at) => at % 2 === 0));
  await service.clock.run(1500 + 490 + 400);
  return { service, call, tool, records };
}

function spoken({ service }: Talk): string[] {
  return service.sessions.flatMap(({ observation }) => observation.replies.map(({ text }) => text));
}

function answerOutcomes({ service }: Talk): string[] {
  return service.sessions.flatMap(({ observation }) => observation.toolAnswers.map(({ outcome }) => outcome));
}

describe('a call that uses tools', () => {
  it('runs the tool while the model is silent, then hears the answer', async () => {
    const talk = await asked(new TestTool('book'));
    const { service, call, tool, records } = talk;
    expect(tool.runs.map(({ args }) => args)).toEqual([{ people: 2 }]);
    await service.clock.run(800);
    expect(spoken(talk)).toEqual(['Hello.']);
    tool.runs[0]?.resolve({ table: 4 });
    await service.clock.run(4000);
    expect(spoken(talk)).toEqual(['Hello.', 'It is booked.']);
    expect(records).toMatchObject([{ name: 'book', outcome: 'answered', result: { table: 4 } }]);
    expect(call.seen.types.filter((type) => type.startsWith('tool.'))).toEqual([
      'tool.started',
      'tool.finished',
    ]);
    call.call.end();
    await service.clock.run(10_000);
    expect(call.seen.summary?.counts['tool.answered']).toBe(1);
  });

  it('plays a phrase to a caller who waits, again and again, and writes none of it down', async () => {
    const talk = await asked(
      new TestTool('book'),
      [],
      'tools: { phrase_after_ms: 1000, phrase_every_ms: 3000 }',
    );
    const { service, call, tool } = talk;
    await service.clock.run(5500);
    const phrases = call.seen.replies.filter(({ account }) => account.by === 'baari');
    expect(phrases.length).toBe(2);
    expect(phrases.map(({ how }) => how)).toEqual(['drained', 'drained']);
    tool.runs[0]?.resolve({ table: 4 });
    await service.clock.run(4000);
    expect(call.seen.lines.map(({ who, text }) => `${who}: ${text}`)).toEqual([
      'agent: Hello.',
      'caller: A table for two, please.',
      'agent: It is booked.',
    ]);
  });

  it.each<{
    title: string;
    faults: readonly GeminiFault[];
    outcomes: readonly string[];
    answers: readonly string[];
  }>([
    {
      title: 'a call that comes twice under two ids is done once and told twice',
      faults: [{ kind: 'duplicateToolCall' }],
      outcomes: ['answered', 'repeated'],
      answers: ['accepted', 'accepted'],
    },
    {
      title: 'a call that comes twice under one id is told once',
      faults: [{ kind: 'duplicateToolCall', sameIds: true }],
      outcomes: ['answered'],
      answers: ['accepted'],
    },
    {
      title: 'a tool that does not exist is refused, and the model goes on',
      faults: [{ kind: 'misnamedToolCall' }],
      outcomes: ['refused'],
      answers: ['accepted'],
    },
    {
      title: 'arguments that do not fit are refused, and the model goes on',
      faults: [{ kind: 'misfitToolArguments' }],
      outcomes: ['refused'],
      answers: ['accepted'],
    },
    {
      title: 'a connection that is lost meanwhile is resumed, and the result told there',
      faults: [{ kind: 'kill', at: { at: 'toolCall' } }],
      outcomes: ['answered'],
      answers: ['accepted'],
    },
    {
      title: 'a call that is repeated after the loss is done once and told once',
      faults: [{ kind: 'kill', at: { at: 'toolCall' } }, { kind: 'repeatedToolCall' }],
      outcomes: ['answered'],
      answers: ['accepted'],
    },
  ])('$title', async ({ faults, outcomes, answers }) => {
    const talk = await asked(new TestTool('book', { hasSideEffects: true }), faults);
    const { service, tool, records } = talk;
    await service.clock.run(100);
    expect(tool.runs.length).toBeLessThanOrEqual(1);
    tool.runs[0]?.resolve({ table: 4 });
    await service.clock.run(6000);
    expect(records.map(({ outcome }) => outcome)).toEqual(outcomes);
    expect(answerOutcomes(talk)).toEqual(answers);
    expect(spoken(talk)).toEqual(['Hello.', 'It is booked.']);
  });

  it('tells a fresh session the result when the old one cannot be resumed', async () => {
    const talk = await asked(new TestTool('book'), [{ kind: 'kill', at: { at: 'toolCall' } }], '', {
      handleLifeMs: -1,
    });
    const { service, tool } = talk;
    await service.clock.run(2000);
    tool.runs[0]?.resolve({ table: 4 });
    await service.clock.run(6000);
    expect(answerOutcomes(talk)).toEqual([]);
    const fresh = service.sessions.at(-1)?.observation;
    expect(fresh?.resumed).toBeUndefined();
    const told = [
      JSON.stringify(fresh?.setup?.systemInstruction),
      ...(fresh?.received.map(({ text = '' }) => text) ?? []),
    ].join(' ');
    expect(told).toContain('You called the tool book; it still runs.');
    expect(told).toContain('Its result: {"output":{"table":4}}');
    expect(talk.records.map(({ outcome }) => outcome)).toEqual(['answered']);
  });

  it('takes a call that is taken back for done: nothing is answered, the tool is stopped', async () => {
    const talk = await asked(new TestTool('book'), [
      { kind: 'cancelToolCalls', at: { at: 'toolCall', afterMs: 50 } },
    ]);
    await talk.service.clock.run(500);
    expect(talk.tool.wanted).toEqual([]);
    expect(talk.records.map(({ outcome }) => outcome)).toEqual(['cancelled']);
    expect(answerOutcomes(talk)).toEqual([]);
  });

  it('goes on with a tool that may not be interrupted, and tells the model what came of it', async () => {
    const talk = await asked(new TestTool('book', { isInterruptible: false }), [
      { kind: 'cancelToolCalls', at: { at: 'toolCall', afterMs: 50 } },
    ]);
    const { service, tool, records, call } = talk;
    await service.clock.run(500);
    expect(tool.wanted.length).toBe(1);
    expect(records).toEqual([]);
    expect(call.seen.types.filter((type) => type.startsWith('tool.'))).toEqual([
      'tool.started',
      'tool.finished',
    ]);
    tool.runs[0]?.resolve({ table: 4 });
    await service.clock.run(500);
    expect(records).toMatchObject([{ outcome: 'answered', result: { table: 4 } }]);
    expect(answerOutcomes(talk)).toEqual([]);
    const told = service.sessions.flatMap(({ observation }) => observation.received.map(({ text }) => text));
    expect(told.join('\n')).toContain('The tool book was not stopped when you were interrupted.');
    expect(told.join('\n')).toContain('Its result: {"output":{"table":4}}');
  });

  it('waits for its own phrase as long as a tool says', async () => {
    const talk = await asked(
      new TestTool('book', { phraseAfterMs: 3000, phrase: 'none' }),
      [],
      'tools: { phrase_after_ms: 500, phrase_every_ms: 60000 }',
    );
    await talk.service.clock.run(3500);
    const at = (type: string) => talk.call.seen.events.find(({ event }) => event.type === type)?.atMs ?? 0;
    expect(at('playout.fill') - at('tool.started')).toBe(3000);
    // a tool without a phrase
    expect(talk.call.seen.replies.filter(({ account }) => account.by === 'baari')).toEqual([]);
  });

  it('leaves nothing running when the caller hangs up', async () => {
    const talk = await asked(new TestTool('book'));
    talk.call.caller.hangUp();
    await talk.service.clock.run(1000);
    expect(talk.tool.wanted).toEqual([]);
    expect(talk.records.map(({ outcome }) => outcome)).toEqual(['abandoned']);
    await talk.service.clock.run(5000);
    expect(talk.service.clock.pendingTimers).toBe(0);
  });
});
