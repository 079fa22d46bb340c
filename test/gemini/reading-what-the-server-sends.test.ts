import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noTokens } from '../../src/gemini/index.ts';
import { readServerFrame, timeLeftMs } from '../../src/gemini/server-message.ts';
import { SimulatedClock } from '../../src/time/index.ts';
import { ScriptedServer } from './scripted-server.ts';
import { WireRig } from './wire-rig.ts';

describe('the time left before the server goes away', () => {
  it.each([
    ['50s', 50_000],
    ['9.5s', 9500],
    ['0.250s', 250],
    ['0s', 0],
    ['-3s', 0],
    ['', 0],
    ['soon', 0],
    [undefined, 0],
  ])('of %j is %s ms', (timeLeft, ms) => {
    expect(timeLeftMs(timeLeft)).toBe(ms);
  });
});

describe('a frame that is no message', () => {
  it.each([
    ['not JSON', Buffer.from('{"serverContent": \u0000'), 'expected JSON, found 19 bytes'],
    ['no bytes', Buffer.alloc(0), 'expected JSON, found 0 bytes'],
    ['broken UTF-8', Buffer.from([0xff, 0xfe, 0x7b]), 'expected JSON'],
    ['a number', Buffer.from('7'), 'expected a JSON object, found number'],
    ['null', Buffer.from('null'), 'expected a JSON object, found null'],
    ['a list', Buffer.from('[{}]'), 'expected a JSON object'],
  ])('but %s is told in words', (_, frame, words) => {
    expect(readServerFrame(frame)).toMatchObject({ problem: expect.stringContaining(words) });
  });

  it('is never quoted: it may hold what somebody said', () => {
    const said = readServerFrame(Buffer.from('{"text": "my card number is'));
    expect(JSON.stringify(said)).not.toContain('card');
  });
});

async function connected() {
  const clock = new SimulatedClock();
  const server = new ScriptedServer(clock);
  const rig = new WireRig({ clock, dial: server.dial });
  await rig.connect();
  return { clock, rig, connection: server.last };
}

describe('a connection on which garbage comes', () => {
  const garbage: object[] = [
    { serverContent: null },
    { serverContent: 5 },
    { serverContent: { modelTurn: null } },
    { serverContent: { modelTurn: { parts: 5 } } },
    { serverContent: { modelTurn: { parts: {} } } },
    { serverContent: { modelTurn: { parts: [null, 5, 'x', {}, { inlineData: null }] } } },
    { serverContent: { modelTurn: { parts: [{ inlineData: { data: 5 } }] } } },
    { serverContent: { modelTurn: { parts: [{ inlineData: { data: '!!!!' } }] } } },
    { serverContent: { modelTurn: { parts: [{ inlineData: { data: 'AAA=' + 'x' } }] } } },
    { serverContent: { modelTurn: { parts: [{ inlineData: { data: 'A' } }] } } },
    { serverContent: { inputTranscription: { text: 7 }, outputTranscription: { text: {} } } },
    { serverContent: { inputTranscription: 'x', interrupted: 'maybe' } },
    { toolCall: { functionCalls: {} } },
    { toolCall: { functionCalls: [null, 3, { id: 5, name: {} }] } },
    { toolCall: 'x' },
    { goAway: { timeLeft: 5 } },
    { goAway: { timeLeft: {} } },
    { goAway: 'now' },
    { sessionResumptionUpdate: 'x' },
    { sessionResumptionUpdate: { resumable: true, newHandle: 5 } },
    { usageMetadata: 'x' },
    { usageMetadata: { promptTokenCount: 'many' } },
    { setupComplete: {} },
    { unknown: { of: 'tomorrow' } },
    {},
  ];

  it.each(garbage.map((message) => [JSON.stringify(message), message] as const))(
    'such as %s goes on',
    async (_, message) => {
      const { clock, rig, connection } = await connected();
      connection.send(message);
      await clock.run(10);
      connection.send({ serverContent: { generationComplete: true, turnComplete: true } });
      connection.audio(77, 10);
      connection.send({ serverContent: { outputTranscription: { text: 'Good.' } } });
      await clock.run(10);
      expect(rig.audio.slice(-10)).toEqual(new Array(10).fill(77));
      expect(rig.texts.at(-1)).toBe('agent: Good.');
      expect(rig.told).not.toContain('wire.lost');
      for (const text of rig.texts) expect(typeof text).toBe('string');
      for (const usage of rig.tokens) expect(usage).toEqual(noTokens);
    },
  );

  it('of any kind never throws and never ends it', async () => {
    const odd = fc.constantFrom<unknown>(null, true, 0, 7, '', 'AAAA', '5s', [], {}, [null], [3, {}]);
    const oddOr = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
      fc.oneof({ weight: 1, arbitrary: odd }, { weight: 3, arbitrary: value });
    const fields = (model: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<unknown> =>
      oddOr(fc.record(model, { requiredKeys: [] }));
    const listOf = (item: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
      oddOr(fc.array(item, { maxLength: 3 }));
    const text = fields({ text: odd });
    const message = fields({
      serverContent: fields({
        modelTurn: fields({ parts: listOf(fields({ thought: odd, inlineData: fields({ data: odd }) })) }),
        inputTranscription: text,
        outputTranscription: text,
        interrupted: odd,
        generationComplete: odd,
        turnComplete: odd,
      }),
      toolCall: fields({ functionCalls: listOf(fields({ id: odd, name: odd })) }),
      goAway: fields({ timeLeft: odd }),
      sessionResumptionUpdate: fields({ resumable: odd, newHandle: odd }),
      usageMetadata: fields({
        promptTokenCount: odd,
        responseTokenCount: odd,
        promptTokensDetails: listOf(fields({ modality: odd, tokenCount: odd })),
      }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(message, { maxLength: 30 }), async (messages) => {
        const { clock, rig, connection } = await connected();
        for (const one of messages) connection.raw(Buffer.from(JSON.stringify(one)));
        await clock.run(10);
        expect(rig.told).not.toContain('wire.lost');
      }),
      { numRuns: 60, seed: 5 },
    );
  });

  it('counts frames that are no JSON, without a word of what was in them', async () => {
    const { clock, rig, connection } = await connected();
    connection.raw('my secret');
    connection.raw(Buffer.from('[1, 2'));
    await clock.run(10);
    expect(rig.counts.badFrame).toBe(2);
    expect(rig.memory.text).not.toContain('my secret');
    expect(rig.memory.all('gemini.badFrame')).toHaveLength(2);
  });

  it('before the set-up is complete survives it too', async () => {
    const clock = new SimulatedClock();
    const server = new ScriptedServer(clock);
    server.setsUp = false;
    const rig = new WireRig({ clock, dial: server.dial });
    await rig.connect();
    server.last.raw('no JSON');
    for (const message of garbage.filter((one) => !('setupComplete' in one))) server.last.send(message);
    await clock.run(10);
    expect(rig.told).not.toContain('wire.lost');
    server.last.send({ setupComplete: {} });
    await clock.run(10);
    expect(rig.told).toContain('wire.setUp');
  });
});

it('takes what a model thinks for no speech', async () => {
  const { clock, rig, connection } = await connected();
  const data = Buffer.from(new Int16Array(10).fill(9).buffer).toString('base64');
  connection.send({ serverContent: { modelTurn: { parts: [{ thought: true, inlineData: { data } }] } } });
  await clock.run(10);
  expect(rig.audio).toEqual([]);
});

it('counts the tokens of a turn as the server does', async () => {
  const { clock, rig, connection } = await connected();
  const usageMetadata = { promptTokenCount: 12, responseTokenCount: 34 };
  connection.send({ usageMetadata });
  connection.send({ serverContent: { turnComplete: true }, usageMetadata: {} });
  await clock.run(10);
  expect(rig.tokens).toMatchObject([{ prompt: 12, response: 34 }, noTokens]);
});
