import { describe, expect, it } from 'vitest';
import type { ToolAnswer, ToolScheduling } from '../../src/gemini/index.ts';
import { SimulatedClock } from '../../src/time/index.ts';
import { ScriptedServer } from './scripted-server.ts';
import { WireRig } from './wire-rig.ts';

const handle = { sessionResumptionUpdate: { newHandle: 'h1', resumable: true } };
const call = (id: string, name = 'book', args: unknown = {}) => ({
  toolCall: { functionCalls: [{ id, name, args }] },
});
const said = (output: unknown, scheduling?: ToolScheduling): ToolAnswer => ({
  response: { output },
  scheduling,
});

/** What the newest session was instructed with. */
function instruction(server: ScriptedServer): string {
  const text = JSON.stringify(server.last.frames[0]);
  return text.replaceAll('\\"', '"');
}

async function connected(settings = {}) {
  const clock = new SimulatedClock();
  const server = new ScriptedServer(clock);
  const rig = new WireRig({ clock, dial: server.dial, settings, transcript: 'Caller: A cake.' });
  await rig.connect();
  server.last.send(handle);
  await clock.run(1);
  /** What the newest connection was told of tools. */
  const answers = () =>
    server.last.frames.flatMap(({ toolResponse }) => (toolResponse === undefined ? [] : [toolResponse]));
  const send = async (message: object) => {
    server.last.send(message);
    await clock.run(1);
  };
  return { clock, server, rig, answers, send };
}

const answerTo = (id: string, output: unknown) => ({
  functionResponses: [{ id, name: 'book', response: { output } }],
});

describe('a tool call', () => {
  it('is handed on as it came, several of one frame in order, and answered by its id', async () => {
    const { clock, rig, answers, send } = await connected();
    await send({
      toolCall: {
        functionCalls: [
          { id: 'call_1', name: 'book', args: { what: 'cake' } },
          { id: 'call_2', name: 'book', args: 'cake' },
          { id: 'call_3', name: 'book' },
          { name: 'book' },
        ],
      },
    });
    expect(rig.toolCalls.map(({ name, args }) => ({ name, args }))).toEqual([
      { name: 'book', args: { what: 'cake' } },
      { name: 'book', args: 'cake' },
      { name: 'book', args: {} },
      { name: 'book', args: {} },
    ]);
    for (const [at, { key }] of rig.toolCalls.entries()) rig.wire.answerTool(key, said(at));
    await clock.run(1);
    expect(answers()).toEqual(['call_1', 'call_2', 'call_3', ''].map((id, at) => answerTo(id, at)));
  });

  it('that comes twice is handed on once and answered once', async () => {
    const { clock, rig, answers, send } = await connected();
    await send(call('call_1'));
    await send(call('call_1'));
    const key = rig.toolCalls[0]?.key ?? '';
    rig.wire.answerTool(key, said(1));
    rig.wire.answerTool(key, said(2));
    await send(call('call_1'));
    await clock.run(1);
    expect(rig.toolCalls).toHaveLength(1);
    expect(answers()).toEqual([answerTo('call_1', 1)]);
  });

  it('that is cancelled is told, once, and not answered', async () => {
    const { clock, rig, answers, send } = await connected();
    await send(call('call_1'));
    await send({ toolCallCancellation: { ids: ['call_1', 'call_9'] } });
    await send({ toolCallCancellation: { ids: ['call_1'] } });
    const keys = rig.toolCalls.map(({ key }) => key);
    expect(rig.cancelled).toEqual(keys);
    rig.wire.answerTool(keys[0] ?? '', said(1));
    await clock.run(1);
    expect(answers()).toEqual([]);
  });

  it.each([
    ['gemini-3.8-live', 'SILENT'],
    ['gemini-3.8-live', undefined],
  ] as const)('of %s is answered with the scheduling %s', async (model, scheduling) => {
    const { clock, rig, answers, send } = await connected({ model });
    await send(call('call_1'));
    rig.wire.answerTool(rig.toolCalls[0]?.key ?? '', said(1, scheduling));
    await clock.run(1);
    const [response] = answerTo('call_1', 1).functionResponses;
    expect(answers()).toEqual([{ functionResponses: [{ ...response, ...(scheduling && { scheduling }) }] }]);
  });
});

describe('a tool call that is open when the connection is lost', () => {
  it('is answered on the connection that resumes it, before the caller’s next turn', async () => {
    const { clock, server, rig, answers, send } = await connected();
    await send(call('call_1'));
    server.last.drop();
    await clock.run(1);
    rig.wire.answerTool(rig.toolCalls[0]?.key ?? '', said(1));
    rig.tell({ type: 'gemini.startCallerTurn', onsetSample: 0 });
    await rig.connect('resume');
    expect(server.last.frames.map((frame) => Object.keys(frame)[0])).toEqual([
      'setup',
      'toolResponse',
      'realtimeInput',
    ]);
    expect(answers()).toEqual([answerTo('call_1', 1)]);
  });

  it('is answered once, although the server repeats it', async () => {
    const { clock, server, rig, answers, send } = await connected();
    await send(call('call_1'));
    server.last.drop();
    await rig.connect('resume');
    await send(call('call_1'));
    rig.wire.answerTool(rig.toolCalls[0]?.key ?? '', said(1));
    await send(call('call_1'));
    await clock.run(1);
    expect(rig.toolCalls).toHaveLength(1);
    expect(answers()).toEqual([answerTo('call_1', 1)]);
  });

  it('is answered again, and not run again, when the server repeats what it was told before the loss', async () => {
    const { clock, server, rig, answers, send } = await connected();
    await send(call('call_1'));
    rig.wire.answerTool(rig.toolCalls[0]?.key ?? '', said(1));
    await clock.run(1);
    server.last.drop();
    await rig.connect('resume');
    await send(call('call_1'));
    await send(call('call_1'));
    expect(rig.toolCalls).toHaveLength(1);
    expect(answers()).toEqual([answerTo('call_1', 1)]);
  });

  it('is told to a fresh session with the recap when its result is there', async () => {
    const { clock, server, rig, answers, send } = await connected();
    await send(call('call_1'));
    server.last.drop();
    await clock.run(1);
    rig.wire.answerTool(rig.toolCalls[0]?.key ?? '', said('at five'));
    await rig.connect('renew');
    expect(instruction(server)).toContain('You called the tool book. Its result: {"output":"at five"}');
    expect(answers()).toEqual([]);
    expect(server.last.inputs).toEqual([]);
  });

  it.each([
    ['asks it to speak', undefined, 'realtimeInput'],
    ['does not when it is silent', 'SILENT', 'clientContent'],
  ] as const)('is told to a fresh session as text when it comes later: %s', async (_, scheduling, kind) => {
    const { clock, server, rig, answers, send } = await connected();
    await send(call('call_1'));
    server.last.drop();
    await rig.connect('renew');
    expect(instruction(server)).toContain('You called the tool book; it still runs.');
    rig.wire.answerTool(rig.toolCalls[0]?.key ?? '', said('at five', scheduling));
    await clock.run(1);
    expect(answers()).toEqual([]);
    const last = server.last.frames.at(-1);
    expect(Object.keys(last ?? {})).toEqual([kind]);
    expect(JSON.stringify(last)).toContain('at five');
  });

  it('is not taken for a call of the fresh session that has its id', async () => {
    const { clock, server, rig, answers, send } = await connected();
    await send(call('call_1'));
    server.last.drop();
    await rig.connect('renew');
    await send(call('call_1'));
    expect(rig.toolCalls).toHaveLength(2);
    for (const { key } of rig.toolCalls) rig.wire.answerTool(key, said(key));
    await clock.run(1);
    expect(answers()).toEqual([answerTo('call_1', rig.toolCalls[1]?.key)]);
    await send({ toolCallCancellation: { ids: ['call_1'] } });
    expect(rig.cancelled).toEqual([]);
  });

  it('is told again when the fresh session that was told of it is lost before it is set up', async () => {
    const { clock, server, rig, send } = await connected();
    await send(call('call_1'));
    server.last.drop();
    await clock.run(1);
    rig.wire.answerTool(rig.toolCalls[0]?.key ?? '', said('at five'));
    server.setsUp = false;
    await rig.connect('renew');
    server.last.drop();
    server.setsUp = true;
    await rig.connect('renew');
    expect(instruction(server)).toContain('at five');
  });
});

describe('declared tools', () => {
  const tools = [
    { name: 'book', description: 'Books.', parameters: { type: 'object' }, blocking: true },
    { name: 'look', description: 'Looks.', parameters: { type: 'object' }, blocking: false },
  ];
  it.each([
    ['gemini-3.8-live', ['BLOCKING', 'NON_BLOCKING']],
    ['gemini-3.8-live-extended-thinking', [undefined, undefined]],
    ['gemini-3.1-flash-live-preview', [undefined, undefined]],
    ['gemini-9-live-of-tomorrow', [undefined, undefined]],
    ['gemini-2.5-flash-native-audio-preview-12-2025', undefined],
  ])('of %s have the behaviour %s', async (model, behaviors) => {
    const { server } = await connected({ model, tools });
    const [frame] = server.last.frames;
    const declared = tools.map(({ name, description, parameters }, at) => ({
      name,
      description,
      parametersJsonSchema: parameters,
      ...(behaviors?.[at] && { behavior: behaviors[at] }),
    }));
    if (behaviors) expect(frame).toHaveProperty('setup.tools', [{ functionDeclarations: declared }]);
    else expect(frame).not.toHaveProperty('setup.tools');
  });
});
