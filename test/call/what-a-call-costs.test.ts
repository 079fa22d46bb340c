import { expect, it } from 'vitest';
import { type GeminiScript, loadCaller, spoken } from '../../src/sim/index.ts';
import { MemoryLog } from '../helpers/memory-log.ts';
import { SimulatedService } from '../helpers/simulated-call.ts';

const script: GeminiScript = {
  greeting: spoken('greeting'),
  turns: [{ heard: 'hello', reply: spoken('hours') }],
};

async function talk(agent: string) {
  const memory = new MemoryLog();
  const service = new SimulatedService({
    script,
    agent,
    log: memory.log,
    latencyMs: 15,
    // the second turn is taken by another session
    faults: [
      { fault: { kind: 'goAway', timeLeftMs: 9000, at: { at: 'ready', afterMs: 1500 } }, connection: 1 },
    ],
  });
  const { caller, seen } = service.dial();
  await service.talk(caller, [
    { wait: 'agentFinished', withinMs: 20_000 },
    { say: await loadCaller('hello-hours'), afterMs: 400 },
    { wait: 'agentFinished', withinMs: 30_000 },
    { hangUp: true },
    { wait: 'ended', withinMs: 5000 },
  ]);
  await service.clock.run(1000);
  if (!seen.summary) throw new Error('expected a summary, there is none');
  return { summary: seen.summary, ended: memory.all('call.ended'), service };
}

it('is summed over the sessions, by what the server counted, and told in the summary and the log', async () => {
  const { summary, ended, service } = await talk('');
  expect(service.sessions).toHaveLength(2);
  const replies = service.sessions.flatMap(({ observation }) => observation.replies);
  const [greeting = 0, hours = 0] = replies.map(({ sentSamples }) => Math.ceil((sentSamples / 24_000) * 25));
  const instruction = Math.ceil('You take calls.'.length / 4);
  const { tokens, cost } = summary;
  expect(tokens).toEqual({
    prompt: 2 * instruction + greeting,
    response: greeting + hours,
    thoughts: 0,
    cached: 0,
    promptBy: { text: 2 * instruction, audio: greeting, other: 0 },
    responseBy: { text: 0, audio: greeting + hours, other: 0 },
  });
  const usd = (2 * instruction * 0.75 + greeting * 3 + (greeting + hours) * 12) / 1e6;
  expect(cost?.usd).toBeCloseTo(usd, 6);
  expect(ended).toMatchObject([
    { tokens: { prompt: tokens.prompt, response: tokens.response }, costUsd: cost?.usd },
  ]);
});

it('is left out for a model whose price is not known', async () => {
  const { summary, ended } = await talk('model: gemini-3.1-flash-live-preview');
  expect(summary.tokens.response).toBeGreaterThan(50);
  expect(summary.cost).toBeUndefined();
  expect(ended[0]).not.toHaveProperty('costUsd');
});
