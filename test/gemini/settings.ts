import type { GeminiSettings } from '../../src/gemini/index.ts';

/** The settings of a plain agent. */
export const plainSettings: GeminiSettings = {
  model: 'gemini-3.8-live',
  instruction: 'You take calls.',
  voice: 'Kore',
  languageCode: undefined,
  temperature: undefined,
  callerLanguages: [],
  callerVocabulary: [],
  transcribeCaller: true,
  transcribeAgent: true,
  turnOwner: 'baari',
  automaticDetection: {
    startSensitivity: 'high',
    endSensitivity: 'high',
    prefixPaddingMs: 60,
    silenceDurationMs: 500,
  },
  tools: [],
  greeting: 'Greet the caller.',
};

/** A key as Google makes them; it may appear nowhere. */
export const secretKey = 'AIzaSyNever-Show_This0123456789abcdef';
