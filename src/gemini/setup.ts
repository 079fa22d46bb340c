import {
  type AudioTranscriptionConfig,
  Behavior,
  EndSensitivity,
  type FunctionDeclaration,
  type LiveConnectConfig,
  Modality,
  StartSensitivity,
  ThinkingLevel,
} from '@google/genai';
import { ruleFor, toolMode } from './model-rules.ts';
import type { GeminiSettings } from './settings.ts';

/** What a session may continue from. */
export interface Continuation {
  /** A resumption handle of the same model. */
  readonly handle?: string;
  /** What was said so far, for a fresh session that goes on in mid-call. */
  readonly recap?: string;
}

/** The SDK's set-up for one session; context compression and resumption are always asked for. */
export function liveConfig(settings: GeminiSettings, { handle, recap }: Continuation): LiveConnectConfig {
  const rule = ruleFor(settings.model);
  const isLanguageSent = settings.languageCode !== undefined && rule.takesLanguageCode;
  return {
    responseModalities: [Modality.AUDIO],
    systemInstruction: recap ? `${settings.instruction}\n\n${recap}` : settings.instruction,
    speechConfig: {
      voiceConfig: { prebuiltVoiceConfig: { voiceName: settings.voice } },
      ...(isLanguageSent && settings.languageCode ? { languageCode: settings.languageCode } : {}),
    },
    ...(settings.temperature === undefined ? {} : { temperature: settings.temperature }),
    ...(rule.thinking === 'required' ? { thinkingConfig: { thinkingLevel: ThinkingLevel.LOW } } : {}),
    ...(settings.transcribeCaller ? { inputAudioTranscription: callerHints(settings) } : {}),
    ...(settings.transcribeAgent ? { outputAudioTranscription: {} } : {}),
    ...declaredTools(settings),
    realtimeInputConfig: { automaticActivityDetection: detection(settings) },
    contextWindowCompression: { slidingWindow: {} },
    sessionResumption: handle ? { handle } : {},
  };
}

function callerHints({ model, callerLanguages, callerVocabulary }: GeminiSettings): AudioTranscriptionConfig {
  if (!ruleFor(model).takesTranscriptionHints) return {};
  return {
    ...(callerLanguages.length === 0 ? {} : { languageCodes: [...callerLanguages] }),
    ...(callerVocabulary.length === 0 ? {} : { customVocabulary: [...callerVocabulary] }),
  };
}

function declaredTools({ model, tools }: GeminiSettings): Pick<LiveConnectConfig, 'tools'> {
  const isChoice = ruleFor(model).tools === 'either';
  const functionDeclarations = tools.flatMap((tool): FunctionDeclaration[] => {
    const mode = toolMode(model, tool.blocking);
    if (!mode) return [];
    const { name, description, parameters } = tool;
    const behavior = mode.blocking ? Behavior.BLOCKING : Behavior.NON_BLOCKING;
    // a model that runs tools in one way only is not told which
    return [{ name, description, parametersJsonSchema: parameters, ...(isChoice ? { behavior } : {}) }];
  });
  return functionDeclarations.length === 0 ? {} : { tools: [{ functionDeclarations }] };
}

function detection({ turnOwner, automaticDetection }: GeminiSettings) {
  if (turnOwner === 'baari') return { disabled: true };
  const isHigh = (sensitivity: 'high' | 'low'): boolean => sensitivity === 'high';
  return {
    disabled: false,
    startOfSpeechSensitivity: isHigh(automaticDetection.startSensitivity)
      ? StartSensitivity.START_SENSITIVITY_HIGH
      : StartSensitivity.START_SENSITIVITY_LOW,
    endOfSpeechSensitivity: isHigh(automaticDetection.endSensitivity)
      ? EndSensitivity.END_SENSITIVITY_HIGH
      : EndSensitivity.END_SENSITIVITY_LOW,
    prefixPaddingMs: automaticDetection.prefixPaddingMs,
    silenceDurationMs: automaticDetection.silenceDurationMs,
  };
}
