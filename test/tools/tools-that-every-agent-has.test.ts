import { describe, expect, it } from 'vitest';
import type { CallerMemory, CallObserver } from '../../src/call/index.ts';
import type { GeminiScript } from '../../src/sim/index.ts';
import { builtInTools } from '../../src/tools/built-in/built-in-tools.ts';
import { noPowers, type ToolCallRecord, ToolSet } from '../../src/tools/index.ts';
import { agentOf, type SimulatedCall, SimulatedService } from '../helpers/simulated-call.ts';
import { withoutDoneWarnings } from '../machines/quiet-console.ts';

withoutDoneWarnings();

const tone = (ms: number, value: number) => ({
  samples: Int16Array.from({ length: ms * 16 }, (_, at) => Math.round(value * Math.sin(at / 4))),
  sampleRateHz: 16_000,
});
const reply = (text: string, ms: number) => ({ text, voice: tone(ms, 9000) });
const speech = (ms: number) => tone(ms, 12_000).samples.filter((_, at) => at % 2 === 0);

interface Talk {
  readonly service: SimulatedService;
  readonly call: SimulatedCall;
  readonly records: ToolCallRecord[];
}

interface Asked {
  readonly agent: string;
  readonly toolCalls: { readonly name: string; readonly args: Record<string, unknown> }[];
  /** What the model says once it has the tool's answer; nothing when it has said all before. */
  readonly after?: string;
  readonly memory?: CallerMemory;
}

/** A caller who was greeted and has said something that makes the model call a tool. */
async function talk({ agent, toolCalls, after, memory }: Asked): Promise<Talk> {
  const script: GeminiScript = {
    greeting: reply('Hello.', 600),
    turns: [
      { heard: 'That is all.', toolCalls, reply: reply(after ?? '', after === undefined ? 0 : 1000) },
      { heard: 'One more thing.', reply: reply('Of course.', 600) },
    ],
    afterwards: 'silent',
  };
  const tools = new ToolSet(builtInTools(agentOf(agent)));
  const service = new SimulatedService({ script, agent, tools, ...(memory && { memory }) });
  const records: ToolCallRecord[] = [];
  const observer: CallObserver = { tool: (record) => records.push(record) };
  const call = service.dial({ observers: [observer] });
  await service.clock.run(4000);
  call.caller.say(speech(1500));
  await service.clock.run(1500 + 490 + 400);
  return { service, call, records };
}

const endCall = { agent: 'tools: { built_in: [end_call] }', toolCalls: [{ name: 'end_call', args: {} }] };

describe('end_call', () => {
  it('lets the last sentence be heard, then ends the call', async () => {
    const { service, call, records } = await talk({ ...endCall, after: 'Goodbye.' });
    expect(call.seen.summary).toBeUndefined();
    await service.clock.run(10_000);
    expect(call.seen.summary).toMatchObject({ outcome: 'agentEnded' });
    expect(call.seen.replies.at(-1)).toMatchObject({ how: 'drained' });
    expect(call.seen.lines.at(-1)).toMatchObject({ who: 'agent', text: 'Goodbye.', unheard: '' });
    expect(records).toMatchObject([{ name: 'end_call', outcome: 'answered', result: { ending: true } }]);
    // within two seconds of the last word
    expect(call.seen.summary?.durationMs).toBeLessThan((call.seen.replies.at(-1)?.atMs ?? 0) + 2500);
  });

  it('ends the call when the model has nothing to add', async () => {
    const { service, call } = await talk(endCall);
    await service.clock.run(500);
    expect(call.seen.summary).toBeUndefined();
    await service.clock.run(5000);
    expect(call.seen.summary).toMatchObject({ outcome: 'agentEnded' });
  });

  it('does not end the call of a caller who speaks up during the goodbye', async () => {
    const { service, call } = await talk({ ...endCall, after: 'Goodbye.' });
    await service.clock.run(600);
    call.caller.say(speech(1500));
    await service.clock.run(15_000);
    expect(call.seen.summary).toBeUndefined();
    expect(call.seen.lines.map(({ text }) => text)).toContain('Of course.');
  });
});

describe('transfer_to_person', () => {
  const targets = `
transfer:
  targets:
    - { name: owner, number: "+919000000009", description: Complaints }
    - { name: baker, number: "09000000008", hours: [{ days: [mon], from: "09:00", to: "09:01" }] }
tools: { built_in: [transfer_to_person, take_message] }
`;
  const transfer = (to: string) => ({
    agent: targets,
    toolCalls: [{ name: 'transfer_to_person', args: { to, summary: 'Asha wants her cake back.' } }],
  });

  it('lets the sentence be heard, then passes the call on with the summary', async () => {
    const { service, call, records } = await talk({ ...transfer('owner'), after: 'I pass you on.' });
    await service.clock.run(10_000);
    expect(call.seen.summary).toMatchObject({ outcome: 'transferred', transferTo: '+919000000009' });
    expect(call.seen.lines.at(-1)).toMatchObject({ text: 'I pass you on.', unheard: '' });
    expect(call.seen.summaries).toEqual(['Asha wants her cake back.']);
    expect(records).toMatchObject([{ outcome: 'answered', result: { passedOn: true } }]);
  });

  it('passes on a caller who goes on speaking', async () => {
    const { service, call } = await talk({ ...transfer('owner'), after: 'I pass you on.' });
    await service.clock.run(600);
    call.caller.say(speech(1500));
    await service.clock.run(20_000);
    expect(call.seen.summary).toMatchObject({ outcome: 'transferred' });
  });

  it('tells the model when somebody is there, and that it can take a message', async () => {
    const { service, call, records } = await talk({ ...transfer('baker'), after: 'She is not there.' });
    await service.clock.run(10_000);
    expect(call.seen.summary).toBeUndefined();
    expect(records).toMatchObject([
      {
        outcome: 'answered',
        result: { passedOn: false, opens: 'Monday at 09:00', note: 'Offer to take a message.' },
      },
    ]);
  });

  it('is there for the number of the agent when nobody has a name', () => {
    const [tool] = builtInTools(
      agentOf('transfer: { number: "+919000000009" }\ntools: { built_in: [transfer_to_person] }'),
    );
    expect(tool?.parameters).toMatchObject({ properties: { to: { enum: ['person'] } } });
    expect(builtInTools(agentOf('tools: { built_in: [transfer_to_person] }'))).toEqual([]);
  });
});

describe('send_dtmf_menu_choice', () => {
  const choice = {
    agent: `
after_call: { menu: [{ key: "2", means: "Repairs", branch: repairs }] }
tools: { built_in: [send_dtmf_menu_choice] }
`,
    toolCalls: [{ name: 'send_dtmf_menu_choice', args: { key: '2' } }],
    after: 'I send you on.',
  };

  it('takes the choice back when the caller speaks up and stays', async () => {
    const { service, call } = await talk(choice);
    await service.clock.run(600);
    expect(call.seen.branches).toEqual(['repairs']);
    call.caller.say(speech(1500));
    await service.clock.run(15_000);
    expect(call.seen.summary).toBeUndefined();
    expect(call.seen.branches).toEqual(['repairs', undefined]);
  });

  it('chooses the branch that the flow takes, and ends the stream', async () => {
    const { service, call } = await talk(choice);
    await service.clock.run(10_000);
    expect(call.seen.branches).toEqual(['repairs']);
    expect(call.seen.summary).toMatchObject({ outcome: 'agentEnded' });
  });
});

describe('ask_digits', () => {
  it('gives the model the number that the caller types', async () => {
    const { service, call, records } = await talk({
      agent: 'tools: { built_in: [ask_digits] }',
      toolCalls: [{ name: 'ask_digits', args: { digits: 4 } }],
      after: 'Thank you.',
    });
    for (const digit of '1234') {
      call.caller.pressDigit(digit);
      await service.clock.run(300);
    }
    await service.clock.run(2000);
    expect(records).toMatchObject([{ outcome: 'answered', result: { digits: '1234' } }]);
    expect(call.seen.lines.map(({ text }) => text).join(' ')).not.toContain('1234');
  });
});

describe('remember', () => {
  const remembering = {
    agent: 'tools: { built_in: [remember] }',
    toolCalls: [{ name: 'remember', args: { fact: 'Her name is Asha.' } }],
  };

  class Memory implements CallerMemory {
    readonly kept: [number: string, fact: string][] = [];
    of = async (): Promise<string> => this.kept.map(([, fact]) => fact).join(' ');
    keep = async (number: string, fact: string): Promise<void> => {
      this.kept.push([number, fact]);
    };
  }

  it('keeps a fact under the number of the caller, and tells it in the next call', async () => {
    const memory = new Memory();
    const { service, call, records } = await talk({ ...remembering, memory });
    expect(memory.kept).toEqual([[call.seen.parties?.from, 'Her name is Asha.']]);
    expect(records).toMatchObject([{ outcome: 'answered', result: { remembered: true } }]);
    call.call.hangUp();
    service.dial();
    await service.clock.run(2000);
    const instruction = JSON.stringify(service.sessions.at(-1)?.observation.setup);
    expect(instruction).toContain('known of this caller from earlier calls: \\"Her name is Asha.\\"');
  });

  it('does without what does not come in time', async () => {
    const memory: CallerMemory = { of: () => new Promise(() => undefined), keep: async () => undefined };
    const { call } = await talk({ ...remembering, memory });
    expect(call.seen.lines.map(({ text }) => text)).toContain('Hello.');
    call.call.abort();
    expect(call.seen.summary?.counts['memory.missed']).toBe(1);
  });

  it('says when nothing can be kept', async () => {
    const broken: CallerMemory = {
      of: () => Promise.reject(new Error('the store is dead')),
      keep: () => Promise.reject(new Error('the store at 10.0.0.1 is dead')),
    };
    const { records } = await talk({ ...remembering, memory: broken });
    expect(records).toMatchObject([{ outcome: 'failed', failure: { message: 'it could not be kept' } }]);
    const [tool] = builtInTools(agentOf(remembering.agent));
    const context = {
      callId: 'x',
      facts: undefined,
      call: noPowers,
      clock: new SimulatedService({ script: { turns: [] } }).clock,
      signal: AbortSignal.abort(),
    };
    await expect(tool?.run({ fact: 'x' }, context)).rejects.toThrow('nothing is remembered here');
  });
});

describe('take_message', () => {
  it('takes a message, which the record then has', async () => {
    const message = { from: 'Asha', text: 'Please call me back about the cake.', urgent: true };
    const { records } = await talk({
      agent: 'tools: { built_in: [take_message] }',
      toolCalls: [{ name: 'take_message', args: message }],
      after: 'I have noted it.',
    });
    expect(records).toMatchObject([{ name: 'take_message', outcome: 'answered', arguments: message }]);
  });
});
