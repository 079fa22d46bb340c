import { z } from 'zod';
import { inCamelCase } from './proto-names.ts';
import { unknownName } from './unknown-name.ts';

const free = z.record(z.string(), z.unknown());
const int64 = z.union([z.string().regex(/^\d+$/), z.number().int()]);
const blob = z.strictObject({ data: z.string(), mimeType: z.string(), displayName: z.string().optional() });
const marker = z.strictObject({});

const part = z.strictObject({
  text: z.string().optional(),
  thought: z.boolean().optional(),
  thoughtSignature: z.string().optional(),
  inlineData: blob.optional(),
  fileData: free.optional(),
  functionCall: free.optional(),
  functionResponse: free.optional(),
});

const content = z.strictObject({ role: z.string().optional(), parts: z.array(part).optional() });

const speechConfig = z.strictObject({
  languageCode: z.string().optional(),
  voiceConfig: z
    .strictObject({
      prebuiltVoiceConfig: z.strictObject({ voiceName: z.string().optional() }).optional(),
      replicatedVoiceConfig: free.optional(),
      voice: z.string().optional(),
    })
    .optional(),
});

const generationConfig = z.strictObject({
  responseModalities: z.array(z.string()).optional(),
  temperature: z.number().optional(),
  topP: z.number().optional(),
  topK: z.number().optional(),
  maxOutputTokens: z.number().int().optional(),
  candidateCount: z.number().int().optional(),
  presencePenalty: z.number().optional(),
  frequencyPenalty: z.number().optional(),
  seed: z.number().int().optional(),
  mediaResolution: z.string().optional(),
  speechConfig: speechConfig.optional(),
  thinkingConfig: z
    .strictObject({
      thinkingLevel: z.string().optional(),
      thinkingBudget: z.number().int().optional(),
      includeThoughts: z.boolean().optional(),
    })
    .optional(),
  enableAffectiveDialog: z.boolean().optional(),
  translationConfig: z
    .strictObject({ targetLanguageCode: z.string().optional(), echoTargetLanguage: z.boolean().optional() })
    .optional(),
});

const functionDeclaration = z.strictObject({
  name: z.string(),
  description: z.string().optional(),
  parameters: free.optional(),
  parametersJsonSchema: z.unknown().optional(),
  response: free.optional(),
  responseJsonSchema: z.unknown().optional(),
  behavior: z.enum(['UNSPECIFIED', 'BLOCKING', 'NON_BLOCKING']).optional(),
});

const tool = z.strictObject({
  functionDeclarations: z.array(functionDeclaration).optional(),
  googleSearch: free.optional(),
  googleSearchRetrieval: free.optional(),
  codeExecution: free.optional(),
  urlContext: free.optional(),
  googleMaps: free.optional(),
  computerUse: free.optional(),
  fileSearch: free.optional(),
  mcpServers: z.array(free).optional(),
});

const transcription = z.strictObject({
  languageCodes: z.array(z.string()).optional(),
  languageAuto: free.optional(),
  languageHints: free.optional(),
  customVocabulary: z.array(z.string()).optional(),
  adaptationPhrases: z.array(z.string()).optional(),
  wordTimestamp: z.boolean().optional(),
  diarization: z.boolean().optional(),
  mode: z.string().optional(),
});

const realtimeInputConfig = z.strictObject({
  automaticActivityDetection: z
    .strictObject({
      disabled: z.boolean().optional(),
      startOfSpeechSensitivity: z
        .enum(['START_SENSITIVITY_UNSPECIFIED', 'START_SENSITIVITY_HIGH', 'START_SENSITIVITY_LOW'])
        .optional(),
      endOfSpeechSensitivity: z
        .enum(['END_SENSITIVITY_UNSPECIFIED', 'END_SENSITIVITY_HIGH', 'END_SENSITIVITY_LOW'])
        .optional(),
      prefixPaddingMs: z.number().int().min(0).optional(),
      silenceDurationMs: z.number().int().min(0).optional(),
    })
    .optional(),
  activityHandling: z
    .enum(['ACTIVITY_HANDLING_UNSPECIFIED', 'START_OF_ACTIVITY_INTERRUPTS', 'NO_INTERRUPTION'])
    .optional(),
  turnCoverage: z
    .enum([
      'TURN_COVERAGE_UNSPECIFIED',
      'TURN_INCLUDES_ONLY_ACTIVITY',
      'TURN_INCLUDES_ALL_INPUT',
      'TURN_INCLUDES_AUDIO_ACTIVITY_AND_ALL_VIDEO',
    ])
    .optional(),
  interimTranscriptTimestampEnabled: z.boolean().optional(),
});

const setup = z.strictObject({
  model: z.string(),
  generationConfig: generationConfig.optional(),
  systemInstruction: content.optional(),
  tools: z.array(tool).optional(),
  realtimeInputConfig: realtimeInputConfig.optional(),
  sessionResumption: z.strictObject({ handle: z.string().optional() }).optional(),
  contextWindowCompression: z
    .strictObject({
      triggerTokens: int64.optional(),
      slidingWindow: z.strictObject({ targetTokens: int64.optional() }).optional(),
    })
    .optional(),
  inputAudioTranscription: transcription.optional(),
  outputAudioTranscription: transcription.optional(),
  proactivity: z
    .strictObject({ proactiveAudio: z.boolean().optional(), proactiveVideo: z.boolean().optional() })
    .optional(),
  historyConfig: z.strictObject({ initialHistoryInClientContent: z.boolean().optional() }).optional(),
  avatarConfig: free.optional(),
  safetySettings: z.array(free).optional(),
  labels: z.record(z.string(), z.string()).optional(),
});

const realtimeInput = z.strictObject({
  audio: blob.optional(),
  video: blob.optional(),
  mediaChunks: z.array(blob).optional(),
  audioStreamEnd: z.boolean().optional(),
  activityStart: marker.optional(),
  activityEnd: marker.optional(),
  text: z.string().optional(),
});

const clientContent = z.strictObject({
  turns: z.array(content).optional(),
  turnComplete: z.boolean().optional(),
});

const functionResponse = z.strictObject({
  id: z.string().optional(),
  name: z.string().optional(),
  response: free.optional(),
  parts: z.array(free).optional(),
  scheduling: z.enum(['SCHEDULING_UNSPECIFIED', 'SILENT', 'WHEN_IDLE', 'INTERRUPT']).optional(),
  willContinue: z.boolean().optional(),
});

const clientMessage = z.strictObject({
  setup: setup.optional(),
  realtimeInput: realtimeInput.optional(),
  clientContent: clientContent.optional(),
  toolResponse: z.strictObject({ functionResponses: z.array(functionResponse).optional() }).optional(),
  contextUpdate: free.optional(),
});

export type Setup = z.infer<typeof setup>;
export type RealtimeInput = z.infer<typeof realtimeInput>;
export type ClientContent = z.infer<typeof clientContent>;
export type FunctionAnswer = z.infer<typeof functionResponse>;
export type ClientMessage = z.infer<typeof clientMessage>;

/** A client frame, read; or the reason with which the server closes (1007) because of it. */
export type ReadFrame =
  | { readonly ok: true; readonly message: ClientMessage }
  | { readonly ok: false; readonly reason: string };

/** Reads one client frame (JSON, text or binary) by camelCase or proto names, and refuses every field that the API does not have. */
export function readClientFrame(data: Buffer): ReadFrame {
  let json: unknown;
  try {
    json = JSON.parse(data.toString());
  } catch {
    return { ok: false, reason: 'Invalid JSON payload received. Unexpected token.' };
  }
  const spelt = new Map<string, string>();
  const read = clientMessage.safeParse(inCamelCase(json, spelt));
  if (read.success) {
    if (Object.keys(read.data).length <= 1) return { ok: true, message: read.data };
    return { ok: false, reason: "Invalid value (oneof), oneof field 'message_type' is already set." };
  }
  const [issue] = read.error.issues;
  if (issue?.code === 'unrecognized_keys') {
    const [name = ''] = issue.keys;
    return { ok: false, reason: unknownName(spelt.get(name) ?? name, protoPath(issue.path)) };
  }
  return {
    ok: false,
    reason: `Invalid value at '${protoPath(issue?.path ?? [])}': ${issue?.message ?? 'unreadable'}`,
  };
}

/** Google names fields in its errors as the protocol buffers do: `setup.generation_config`, `tools[0]`. */
function protoPath(path: readonly PropertyKey[]): string {
  let text = '';
  for (const key of path) {
    if (typeof key === 'number') text += `[${key}]`;
    else {
      const name = String(key).replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
      text += text === '' ? name : `.${name}`;
    }
  }
  return text;
}
