import { describe, expect, it } from 'vitest';
import { geminiSettings } from '../../src/call/policies.ts';
import type { GeminiSettings } from '../../src/gemini/index.ts';
import { ruleFor } from '../../src/gemini/model-rules.ts';
import { SimulatedClock } from '../../src/time/index.ts';
import { agentOf } from '../helpers/simulated-call.ts';
import { ScriptedServer } from './scripted-server.ts';
import { WireRig } from './wire-rig.ts';

/** The set-up frame that the real SDK sends for these settings. */
async function setUpFrame(settings: Partial<GeminiSettings>): Promise<unknown> {
  const clock = new SimulatedClock();
  const server = new ScriptedServer(clock);
  const rig = new WireRig({ clock, dial: server.dial, settings });
  await rig.connect();
  expect(rig.told).toEqual(['wire.setUp']);
  expect(server.last.frames).toHaveLength(1);
  return server.last.frames[0]?.setup;
}

describe('the set-up of a plain agent', () => {
  it('is this, and nothing else', async () => {
    expect(await setUpFrame({})).toEqual({
      model: 'models/gemini-3.8-live',
      generationConfig: {
        responseModalities: ['AUDIO'],
        speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: 'Kore' } } },
      },
      systemInstruction: { parts: [{ text: 'You take calls.' }], role: 'user' },
      inputAudioTranscription: {},
      outputAudioTranscription: {},
      realtimeInputConfig: { automaticActivityDetection: { disabled: true } },
      contextWindowCompression: { slidingWindow: {} },
      sessionResumption: {},
    });
  });

  it('leaves out what the agent does not want', async () => {
    const frame = await setUpFrame({ transcribeCaller: false, transcribeAgent: false, temperature: 0.3 });
    expect(frame).not.toHaveProperty('inputAudioTranscription');
    expect(frame).not.toHaveProperty('outputAudioTranscription');
    expect(frame).toHaveProperty('generationConfig.temperature', 0.3);
  });
});

describe.each([
  { model: 'gemini-3.8-live', thinks: false, takesLanguage: true },
  { model: 'models/gemini-3.8-live', thinks: false, takesLanguage: true },
  { model: 'gemini-3.8-live-extended-thinking', thinks: true, takesLanguage: true },
  { model: 'gemini-3.1-flash-live-preview', thinks: false, takesLanguage: false },
  { model: 'gemini-2.5-flash-native-audio-preview-12-2025', thinks: false, takesLanguage: false },
  { model: 'gemini-9-live-of-tomorrow', thinks: false, takesLanguage: false },
])('$model', ({ model, thinks, takesLanguage }) => {
  it(`is${thinks ? '' : ' not'} told how to think, and${takesLanguage ? '' : ' not'} the language`, async () => {
    const frame = await setUpFrame({
      model,
      languageCode: 'hi-IN',
      callerLanguages: ['hi-IN', 'ta-IN'],
      callerVocabulary: ['nankhatai'],
    });
    expect(frame).toHaveProperty(
      'inputAudioTranscription',
      takesLanguage ? { languageCodes: ['hi-IN', 'ta-IN'], customVocabulary: ['nankhatai'] } : {},
    );
    expect(frame).toHaveProperty('model', `models/${model.replace('models/', '')}`);
    if (thinks) expect(frame).toHaveProperty('generationConfig.thinkingConfig', { thinkingLevel: 'LOW' });
    else expect(frame).not.toHaveProperty('generationConfig.thinkingConfig');
    if (takesLanguage) expect(frame).toHaveProperty('generationConfig.speechConfig.languageCode', 'hi-IN');
    else expect(frame).not.toHaveProperty('generationConfig.speechConfig.languageCode');
  });
});

it('sends an unknown model nothing that some model refuses', () => {
  expect(ruleFor('somebody-elses-model')).toMatchObject({ thinking: 'optional', takesLanguageCode: false });
});

describe('who owns the turns', () => {
  it('decides whether Gemini detects speech, and how', async () => {
    const frame = await setUpFrame({
      turnOwner: 'gemini',
      automaticDetection: {
        startSensitivity: 'low',
        endSensitivity: 'high',
        prefixPaddingMs: 120,
        silenceDurationMs: 700,
      },
    });
    expect(frame).toHaveProperty('realtimeInputConfig.automaticActivityDetection', {
      disabled: false,
      startOfSpeechSensitivity: 'START_SENSITIVITY_LOW',
      endOfSpeechSensitivity: 'END_SENSITIVITY_HIGH',
      prefixPaddingMs: 120,
      silenceDurationMs: 700,
    });
  });

  const aliases: { lines: string; detection: object }[] = [
    { lines: 'voice_activity_detection: { enabled: false }', detection: { disabled: true } },
    {
      lines: 'voice_activity_detection: { enabled: true, threshold: 0.3, silence_duration_ms: 800 }',
      detection: {
        disabled: false,
        startOfSpeechSensitivity: 'START_SENSITIVITY_HIGH',
        endOfSpeechSensitivity: 'END_SENSITIVITY_HIGH',
        silenceDurationMs: 800,
      },
    },
    {
      lines: 'voice_activity_detection: { enabled: true, threshold: 0.8 }\naudio_format: pcm16',
      detection: {
        disabled: false,
        startOfSpeechSensitivity: 'START_SENSITIVITY_LOW',
        endOfSpeechSensitivity: 'END_SENSITIVITY_LOW',
      },
    },
  ];

  it.each(aliases)(
    'may be said in the older words of an agent file: $lines',
    async ({ lines, detection }) => {
      const frame = await setUpFrame(geminiSettings(agentOf(lines)));
      expect(frame).toMatchObject({ realtimeInputConfig: { automaticActivityDetection: detection } });
      expect(JSON.stringify(frame)).not.toMatch(/voice_activity|audio_format|threshold/);
    },
  );
});

describe('a later connection', () => {
  it('is resumed by the newest handle that is resumable', async () => {
    const clock = new SimulatedClock();
    const server = new ScriptedServer(clock);
    const rig = new WireRig({ clock, dial: server.dial });
    await rig.connect();
    const update = (newHandle: string, resumable: boolean): void =>
      server.last.send({ sessionResumptionUpdate: { newHandle, resumable } });
    update('first', true);
    update('second', true);
    update('third', false);
    update('', true);
    await clock.run(10);
    await rig.connect('resume');
    expect(server.last.frames[0]).toHaveProperty('setup.sessionResumption', { handle: 'second' });
    expect(server.last.frames[0]).toHaveProperty('setup.systemInstruction.parts', [
      { text: 'You take calls.' },
    ]);
    expect(rig.reports.at(-1)).toEqual({ type: 'wire.setUp', resumed: true });
  });

  it.each(['resume', 'renew'] as const)(
    'to %s without a handle is told what was said so far',
    async (how) => {
      const clock = new SimulatedClock();
      const server = new ScriptedServer(clock);
      const rig = new WireRig({
        clock,
        dial: server.dial,
        transcript: 'You: Good morning.\nCaller: Two cakes.',
      });
      await rig.connect();
      server.last.send({ sessionResumptionUpdate: { newHandle: 'old', resumable: how === 'renew' } });
      await clock.run(10);
      await rig.connect(how);
      const frame = JSON.stringify(server.last.frames[0]);
      expect(frame).toContain('Caller: Two cakes.');
      expect(frame).toContain('Do not greet again');
      expect(server.last.frames[0]).toHaveProperty('setup.sessionResumption', {});
      expect(rig.reports.at(-1)).toEqual({ type: 'wire.setUp', resumed: false });
    },
  );

  it('opens only once the old one is gone, or was waited for half a second', async () => {
    const clock = new SimulatedClock();
    const server = new ScriptedServer(clock, 100);
    const rig = new WireRig({ clock, dial: server.dial });
    await rig.connect('first', 500);
    rig.tell({ type: 'wire.connect', how: 'resume' });
    expect(server.connections).toHaveLength(1);
    await clock.run(199);
    expect(server.connections[0]?.closed?.code).toBe(1000);
    expect(server.connections).toHaveLength(1);
    await clock.run(1);
    expect(server.connections).toHaveLength(2);
    await clock.run(1000);
    expect(clock.pendingTimers).toBe(0);
  });
});
