import { describe, expect, test } from 'vitest';
import { inMemory, livePath, model } from './support/memory-client.ts';
import { plain } from './support/scripts.ts';

describe('set-up', () => {
  test('is completed after the set-up time, in binary frames of indented JSON, with a handle if one was asked for', () => {
    const { clock, dial } = inMemory(plain, { setupMs: 200 });
    const client = dial();
    client.send({ setup: { model, sessionResumption: {} } });
    clock.advance(199);
    expect(client.frames).toEqual([]);
    clock.advance(1);
    expect(client.frames[0]).toEqual({ text: '{\n  "setupComplete": {}\n}\n', isBinary: true });
    expect(client.messages[1]?.message.sessionResumptionUpdate).toMatchObject({ resumable: true });
    expect(client.handle).toMatch(/^[0-9a-f]{48}$/);
    expect(client.seen).toMatchObject({ connection: 1, apiVersion: 'v1beta', readyAtMs: 200 });
  });

  test('takes frames that come before it is complete', () => {
    const { clock, dial } = inMemory(plain);
    const client = dial();
    client.send({ setup: { model } });
    client.send({ realtimeInput: { text: 'Say hello.' } });
    clock.advance(3000);
    expect(client.seen.replies).toMatchObject([{ text: 'Hello, how can I help you?' }]);
  });

  test('takes names as the .proto file has them, as the SDK for Python sends some', () => {
    const { clock, dial } = inMemory(plain);
    const client = dial();
    client.send({ setup: { model, system_instruction: { parts: [{ text: 'Be brief.' }] } } });
    client.send({ realtime_input: { text: 'Say hello.' } });
    clock.advance(3000);
    expect(client.seen.replies).toMatchObject([{ text: 'Hello, how can I help you?' }]);
    expect(client.seen.setup?.systemInstruction).toEqual({ parts: [{ text: 'Be brief.' }] });
  });

  test.each([
    ['leading slashes', `//${livePath}`, true],
    ['a base path', `/proxy${livePath}`, true],
    ['v1alpha', livePath.replace('v1beta', 'v1alpha'), true],
    ['v1, the default of the SDK since 3.0', livePath.replace('v1beta', 'v1'), true],
    ['an ephemeral token', `${livePath.replace('?key=k', 'Constrained?access_token=auth_tokens/x')}`, true],
    ['another version', livePath.replace('v1beta', 'v2'), false],
    ['another method', livePath.replace('BidiGenerateContent', 'GenerateContent'), false],
  ])('knows its paths: %s', (_, path, isServed) => {
    const { gemini } = inMemory(plain);
    expect(gemini.admit({ path, headers: {} }).kind).toBe(isServed ? 'accept' : 'refuse');
  });

  test.each([
    ['a first frame that is none', { realtimeInput: { text: 'x' } }, 1007, /^setup must be the first/],
    ['text that is no JSON', 'hello', 1007, /^Invalid JSON payload received/],
    [
      'an unknown field',
      { setup: { model, audio_format: 'x' } },
      1007,
      /^Invalid JSON payload received\. Unknown name "audio_format" at 'setup': Cannot find field\.$/,
    ],
    [
      'an unknown field further in',
      { setup: { model, generationConfig: { voice: 'Puck' } } },
      1007,
      /Unknown name "voice" at 'setup.generation_config'/,
    ],
    ['an unknown message', { hello: {} }, 1007, /Unknown name "hello": Cannot find field/],
    ['two messages in one', { setup: { model }, clientContent: {} }, 1007, /oneof/],
    ['a value of the wrong type', { setup: { model: 3 } }, 1007, /^Invalid value at 'setup.model'/],
    ['an unknown model', { setup: { model: 'models/gemini-9' } }, 1008, /^models\/gemini-9 is not found/],
    [
      'text as the modality',
      { setup: { model, generationConfig: { responseModalities: ['TEXT'] } } },
      1007,
      /invalid argument/,
    ],
    ['thinking on 3.8', { setup: { model, generationConfig: { thinkingConfig: {} } } }, 1007, /Thinking/],
    [
      'no proactive audio on 3.8',
      { setup: { model, proactivity: { proactiveAudio: false } } },
      1007,
      /invalid argument/,
    ],
    [
      'extended thinking without a level',
      { setup: { model: `${model}-extended-thinking` } },
      1007,
      /thinking level/,
    ],
    [
      'affective dialog of 2.5 on v1beta',
      {
        setup: {
          model: 'models/gemini-2.5-flash-native-audio-preview-12-2025',
          generationConfig: { enableAffectiveDialog: true },
        },
      },
      1007,
      /enableAffectiveDialog/,
    ],
    [
      'tools on 2.5',
      {
        setup: {
          model: 'models/gemini-2.5-flash-native-audio-preview-12-2025',
          tools: [{ functionDeclarations: [{ name: 'f' }] }],
        },
      },
      1008,
      /not implemented/,
    ],
    [
      'an unknown handle',
      { setup: { model, sessionResumption: { handle: 'x' } } },
      1008,
      /^Requested entity was not found\.$/,
    ],
  ])('refuses %s', (_, frame, code, reason) => {
    const { clock, dial } = inMemory(plain);
    const client = dial();
    client.send(frame);
    clock.advance(60);
    expect(client.closed).toMatchObject({ code, reason: expect.stringMatching(reason) });
    expect(client.messages).toEqual([]);
  });

  test('accepts affective dialog on 3.8 and refuses the first frame after it', () => {
    const client = inMemory(plain).connect({ generationConfig: { enableAffectiveDialog: true } });
    expect(client.messages[0]?.message.setupComplete).toEqual({});
    client.send({ realtimeInput: { text: 'Hello.' } });
    expect(client.closed?.code).toBe(1007);
  });

  test('never answers a set-up with proactivity on 3.1', () => {
    const { clock, connect } = inMemory(plain);
    const client = connect({ model: 'models/gemini-3.1-flash-live-preview', proactivity: {} });
    clock.advance(60_000);
    expect(client.messages).toEqual([]);
    expect(client.closed).toBeUndefined();
  });

  test('may come only once', () => {
    const client = inMemory(plain).connect();
    client.send({ setup: { model } });
    expect(client.closed).toMatchObject({ code: 1007, reason: expect.stringContaining('only the first') });
  });
});
