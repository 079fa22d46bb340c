import { describe, expect, it } from 'vitest';
import type { CallObserver } from '../../src/call/index.ts';
import type { GeminiScript } from '../../src/sim/index.ts';
import { ToolSet } from '../../src/tools/index.ts';
import { SimulatedService } from '../helpers/simulated-call.ts';
import { TestTool } from './test-tool.ts';

const clip = new URL('../fixtures/speech/en_allison_hello-world.wav', import.meta.url).pathname;
const sound = (ms: number, rateHz: number, value: number): Int16Array =>
  Int16Array.from({ length: (ms * rateHz) / 1000 }, (_, at) => Math.round(value * Math.sin(at / 4)));
const reply = (text: string, ms: number) => ({
  text,
  voice: { samples: sound(ms, 16_000, 9000), sampleRateHz: 16_000 },
});

const script: GeminiScript = {
  greeting: reply('Hello.', 600),
  turns: [
    { heard: 'A table.', toolCalls: [{ name: 'book', args: { people: 2 } }], reply: reply('Booked.', 1000) },
    { heard: 'Stop.', reply: reply('As you like.', 800) },
  ],
  afterwards: 'silent',
};

/** A caller who hears the recorded phrase, which has just begun, because a tool takes its time. */
async function hearingThePhrase() {
  const tool = new TestTool('book');
  const service = new SimulatedService({
    script,
    tools: new ToolSet([tool]),
    agent: `tools: { phrase: ${JSON.stringify(clip)}, phrase_after_ms: 1000 }`,
  });
  let agentSamples = 0;
  const observer: CallObserver = {
    agentAudio: (pcm) => {
      agentSamples += pcm.length;
    },
  };
  const call = service.dial({ observers: [observer] });
  await service.clock.run(4000);
  call.caller.say(sound(1500, 8000, 12_000));
  const before = agentSamples;
  await service.clock.run(4000, () => agentSamples > before);
  await service.clock.run(200);
  return { service, tool, ...call };
}

describe('a phrase that is played while a tool runs', () => {
  it('is heard to its end before what the model says meanwhile, which is a reply of its own', async () => {
    const { service, tool, seen } = await hearingThePhrase();
    tool.runs[0]?.resolve({ table: 4 });
    await service.clock.run(5000);
    const accounts = seen.replies.map(({ account, how }) => [
      account.by,
      how,
      account.heard === account.generated,
    ]);
    expect(accounts).toEqual([
      ['model', 'drained', true],
      ['baari', 'drained', true],
      ['model', 'drained', true],
    ]);
    expect(seen.lines.map(({ text, unheard }) => [text, unheard])).toEqual([
      ['Hello.', ''],
      ['A table.', ''],
      ['Booked.', ''],
    ]);
    const floors = seen.events.filter(({ event }) => event.type === 'turn.floor').map(({ event }) => event);
    expect(floors.at(-1)).toMatchObject({ floor: 'nobody', because: 'quiet' });
  });

  it('is no turn of the model in the times of the turns', async () => {
    const { service, tool, seen } = await hearingThePhrase();
    tool.runs[0]?.resolve({ table: 4 });
    await service.clock.run(5000);
    const [, turn] = seen.turns;
    expect(seen.turns).toHaveLength(2);
    const phrase = seen.replies.find(({ account }) => account.by === 'baari');
    expect(turn?.firstChunkMs).toBeGreaterThanOrEqual(phrase?.atMs ?? Number.POSITIVE_INFINITY);
  });

  it('is all that happens while a tool takes long: nobody reminds the model, no session is renewed', async () => {
    const { service, tool } = await hearingThePhrase();
    await service.clock.run(8000);
    const [session] = service.sessions;
    expect(service.sessions).toHaveLength(1);
    // the one text is the request to greet
    expect(session?.observation.received.filter(({ kind }) => kind === 'text')).toHaveLength(1);
    expect(tool.wanted).toHaveLength(1);
  });

  it('can be interrupted by the caller, who is answered', async () => {
    const { service, tool, caller, seen } = await hearingThePhrase();
    caller.say(sound(1200, 8000, 12_000));
    await service.clock.run(1000);
    expect(tool.wanted).toEqual([]);
    await service.clock.run(5000);
    const phrase = seen.replies.find(({ account }) => account.by === 'baari');
    expect(phrase).toMatchObject({ how: 'flushed' });
    expect(seen.lines.map(({ who, text }) => `${who}: ${text}`).slice(1)).toEqual([
      'caller: A table.',
      'caller: Stop.',
      'agent: As you like.',
    ]);
  });
});
