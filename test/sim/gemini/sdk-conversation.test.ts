import { afterEach, describe, expect, test, vi } from 'vitest';
import { createResampler } from '../../../src/audio/index.ts';
import type { GeminiScript } from '../../../src/sim/index.ts';
import { loadUtterances } from '../../helpers/speech.ts';
import { plain, reply } from './support/scripts.ts';
import { listening, SdkClient, turnComplete } from './support/sdk-client.ts';

const quick = { speed: 40, thinkMs: 10 };
const slow = { speed: 2, thinkMs: 0 };

afterEach(() => {
  vi.unstubAllEnvs();
});

function utterance16k(): Int16Array {
  const [utterance] = loadUtterances();
  if (!utterance) throw new Error('the speech fixtures are empty');
  const resampler = createResampler(8000, 16_000);
  const speech = resampler.push(utterance.samples).slice();
  resampler.dispose();
  const withSilence = new Int16Array(speech.length + 16_000);
  withSilence.set(speech);
  return withSilence;
}

const manualConfig = { realtimeInputConfig: { automaticActivityDetection: { disabled: true } } };

describe('the unmodified SDK', () => {
  test('finds the server by GOOGLE_GEMINI_BASE_URL and holds a spoken turn', async () => {
    const server = await listening({
      turns: [{ heard: 'Is anybody there?', reply: reply('Yes, we are open.', 1000, quick) }],
    });
    vi.stubEnv('GOOGLE_GEMINI_BASE_URL', server.url);
    const client = new SdkClient();
    await client.connect({ inputAudioTranscription: {}, outputAudioTranscription: {} });
    expect(client.session?.setupComplete).toEqual({});
    client.say(utterance16k());
    await client.first(turnComplete);
    const texts = (kind: 'inputTranscription' | 'outputTranscription'): string =>
      client.messages.map((message) => message.serverContent?.[kind]?.text ?? '').join('');
    expect(texts('inputTranscription')).toBe('Is anybody there?');
    expect(texts('outputTranscription')).toBe('Yes, we are open.');
    expect(client.audioSamples).toBe(24_000);
    expect(server.gemini.sessions[0]?.observation.turns).toMatchObject([
      { by: 'automatic', outcome: 'answered' },
    ]);
  });

  test('marks its own turns', async () => {
    const server = await listening({ turns: [{ reply: reply('Right.', 200, quick) }] }, { keepAudio: true });
    const client = new SdkClient();
    const session = await client.connect(manualConfig, { baseUrl: server.url });
    session.sendRealtimeInput({ activityStart: {} });
    client.say(new Int16Array(3200).fill(500));
    session.sendRealtimeInput({ activityEnd: {} });
    await client.first(turnComplete);
    expect(server.gemini.sessions[0]?.observation.turns[0]?.audio).toEqual(new Int16Array(3200).fill(500));
  });

  test.each([
    ['realtime text', { text: 'Greet the caller.' }],
    ['client content', undefined],
  ])('is greeted on %s', async (_, input) => {
    const server = await listening({ ...plain, greeting: reply('Hello!', 300, quick) });
    const client = new SdkClient();
    const session = await client.connect({}, { baseUrl: server.url });
    if (input) session.sendRealtimeInput(input);
    else session.sendClientContent({});
    await client.first(turnComplete);
    expect(client.audioSamples).toBe(7200);
  });

  test('interrupts during generation', async () => {
    const server = await listening({ greeting: reply('A long story.', 60_000, slow), turns: [] });
    const client = new SdkClient();
    const session = await client.connect(manualConfig, { baseUrl: server.url });
    session.sendRealtimeInput({ text: 'Begin.' });
    await client.first((message) => message.serverContent?.modelTurn);
    session.sendRealtimeInput({ activityStart: {} });
    await client.first(turnComplete);
    const content = client.messages.flatMap((message) => message.serverContent ?? []);
    expect(content.some((part) => part.interrupted)).toBe(true);
    expect(content.some((part) => part.generationComplete)).toBe(false);
  });

  test('interrupts during the assumed playback', async () => {
    const server = await listening(
      { greeting: reply('A story.', 60_000, { speed: 1000, thinkMs: 0 }), turns: [] },
      { playbackScale: 1 },
    );
    const client = new SdkClient();
    const session = await client.connect(manualConfig, { baseUrl: server.url });
    session.sendRealtimeInput({ text: 'Begin.' });
    await client.first((message) => message.serverContent?.generationComplete);
    session.sendRealtimeInput({ activityStart: {} });
    await client.first((message) => message.serverContent?.interrupted);
    await client.first(turnComplete);
  });

  test('answers a tool call', async () => {
    const script: GeminiScript = {
      turns: [{ toolCalls: [{ name: 'find_time' }], reply: reply('At five.', 300, quick) }],
    };
    const server = await listening(script);
    const client = new SdkClient();
    const tools = [
      { functionDeclarations: [{ name: 'find_time', parametersJsonSchema: { type: 'object' } }] },
    ];
    const session = await client.connect({ ...manualConfig, tools }, { baseUrl: server.url });
    session.sendRealtimeInput({ text: 'When?' });
    const call = await client.first((message) => message.toolCall?.functionCalls?.[0]);
    expect(call).toMatchObject({ id: 'call_1', name: 'find_time' });
    session.sendToolResponse({
      functionResponses: [{ id: 'call_1', name: 'find_time', response: { at: 5 } }],
    });
    await client.first(turnComplete);
    expect(client.audioSamples).toBe(7200);
  });

  test('resumes with a handle, and is closed with 1008 for a stale one', async () => {
    const server = await listening(plain);
    const first = new SdkClient();
    const session = await first.connect({ sessionResumption: {} }, { baseUrl: server.url });
    const handle = await first.first((message) => message.sessionResumptionUpdate?.newHandle);
    session.close();
    await first.until(() => first.closed !== undefined);
    const second = new SdkClient();
    await second.connect({ sessionResumption: { handle } }, { baseUrl: server.url });
    expect(server.gemini.sessions[1]?.observation.resumed).toBe(true);
    const third = new SdkClient();
    await expect(
      third.connect({ sessionResumption: { handle: 'stale' } }, { baseUrl: server.url }),
    ).rejects.toThrow('code 1008): Requested entity was not found.');
    expect(third.closed).toEqual({ code: 1008, reason: 'Requested entity was not found.' });
  });
});
