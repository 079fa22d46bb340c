import { trace } from '@opentelemetry/api';
import { afterEach, expect, it } from 'vitest';
import { traceCall } from '../../src/observe/index.ts';
import { spoken } from '../../src/sim/index.ts';
import { SimulatedServer } from '../helpers/simulated-server.ts';
import { withoutDoneWarnings } from '../machines/quiet-console.ts';
import { SpanRecorder } from './span-recorder.ts';

withoutDoneWarnings();
afterEach(() => trace.disable());

const call = { callId: 'call-1', agent: 'shop', model: 'a-model', acceptedWallMs: 1_000_000 };
const over = {
  outcome: 'callerHungUp',
  failure: undefined,
  durationMs: 9000,
  tokens: { prompt: 5, response: 7 },
} as const;

it('nothing is traced unless a provider is registered', () => {
  expect(traceCall(call)).toBeUndefined();
});

it('a whole call is one trace: the call, its turns, its replies; nobody’s number is in it', async () => {
  const recorder = new SpanRecorder();
  trace.setGlobalTracerProvider(recorder);
  const stage = await SimulatedServer.open({
    script: { greeting: spoken('greeting'), turns: [{ reply: spoken('goAhead') }] },
  });
  const caller = stage.dial();
  await stage.clock.run(8000);
  caller.hangUp();
  await stage.clock.run(1000);
  const [whole, ...parts] = recorder.spans;
  expect(whole).toMatchObject({
    name: 'call',
    parent: undefined,
    startMs: stage.clock.wallMs() - stage.clock.nowMs(),
    attributes: {
      'gen_ai.agent.name': 'shop',
      'gen_ai.provider.name': 'gcp.gemini',
      'gen_ai.request.model': stage.agent.model,
      'baari.call.outcome': 'callerHungUp',
    },
  });
  expect(parts.map(({ name }) => name)).toContain('reply');
  for (const { parent, startMs, endMs = 0 } of parts) {
    expect(parent).toBe(whole);
    expect(startMs).toBeGreaterThanOrEqual(whole?.startMs ?? Number.POSITIVE_INFINITY);
    expect(endMs).toBeGreaterThanOrEqual(startMs);
    expect(endMs).toBeLessThanOrEqual(whole?.endMs ?? 0);
  }
  const reply = parts.find(({ name }) => name === 'reply');
  expect(reply?.attributes).toMatchObject({ 'baari.reply': 1, 'baari.reply.how': 'drained' });
  const told = JSON.stringify(recorder.spans);
  const { from, to, callSid } = caller.identity;
  for (const personal of [from, to, callSid]) expect(told).not.toContain(personal);
});

it('a turn lasts from the caller’s first sound to the reply; a tool is named by convention, and its failure by code', () => {
  const recorder = new SpanRecorder();
  trace.setGlobalTracerProvider(recorder);
  const follower = traceCall(call);
  const times = {
    callerStartedMs: 1000,
    callerEndedMs: 2000,
    toldMs: 2500,
    firstAudioMs: 2900,
    firstChunkMs: 2950,
  };
  follower?.turn({ turn: 2, isBargeIn: true, ...times });
  const failure = { code: 'tool.timeout', message: 'expected an answer of +911234567890' };
  follower?.tool({ name: 'book', outcome: 'failed', durationMs: 500, failure }, 3500);
  follower?.tool({ name: 'made up', outcome: 'refused', durationMs: 0 }, 3600);
  follower?.ended({ ...over, outcome: 'modelUnavailable', failure: { code: 'gemini.silent', message: 'x' } });
  const [whole, turn, tool, refused] = recorder.spans;
  expect(turn).toMatchObject({
    name: 'turn',
    startMs: 1_001_000,
    endMs: 1_002_950,
    attributes: { 'baari.turn': 2, 'baari.turn.barge_in': true },
    events: [{ name: 'caller ended' }, { name: 'model told' }, { name: 'first audio' }],
  });
  expect(tool).toMatchObject({
    name: 'execute_tool book',
    startMs: 1_003_000,
    endMs: 1_003_500,
    attributes: {
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'book',
      'error.type': 'tool.timeout',
    },
  });
  expect(refused?.name).toBe('execute_tool refused');
  expect(whole).toMatchObject({
    endMs: 1_009_000,
    status: { message: 'gemini.silent' },
    attributes: {
      'gen_ai.usage.input_tokens': 5,
      'gen_ai.usage.output_tokens': 7,
      'error.type': 'gemini.silent',
    },
  });
  expect(JSON.stringify(recorder.spans)).not.toContain('911234567890');
});
