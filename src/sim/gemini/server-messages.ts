import { encodePcm16Base64 } from '../../audio/index.ts';

/** Gemini's message envelope as this server sends it; one of the fields, or none. */
export interface ServerMessage {
  readonly setupComplete?: Record<string, never>;
  readonly serverContent?: ServerContent;
  readonly toolCall?: { readonly functionCalls: readonly FunctionCall[] };
  readonly toolCallCancellation?: { readonly ids: readonly string[] };
  readonly sessionResumptionUpdate?: { readonly newHandle?: string; readonly resumable?: boolean };
  readonly goAway?: { readonly timeLeft: string };
  readonly usageMetadata?: Usage;
  readonly voiceActivity?: { readonly type: 'ACTIVITY_START' | 'ACTIVITY_END'; readonly audioOffset: string };
}

export interface ServerContent {
  readonly modelTurn?: { readonly parts: readonly { readonly inlineData: InlineData }[] };
  readonly inputTranscription?: { readonly text: string };
  readonly outputTranscription?: { readonly text: string };
  readonly generationComplete?: true;
  readonly turnComplete?: true;
  readonly turnCompleteReason?: string;
  readonly interrupted?: true;
  readonly interactionStatus?: 'IN_PROGRESS' | 'IDLE';
}

interface InlineData {
  readonly mimeType: string;
  readonly data: string;
}

export interface FunctionCall {
  readonly id: string;
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** Token counts in the fields of the Developer API. */
export interface Usage {
  readonly promptTokenCount: number;
  readonly responseTokenCount: number;
  readonly totalTokenCount: number;
  readonly promptTokensDetails: readonly ModalityTokens[];
  readonly responseTokensDetails: readonly ModalityTokens[];
}

interface ModalityTokens {
  readonly modality: 'TEXT' | 'AUDIO';
  readonly tokenCount: number;
}

/** The frame of a message: Gemini sends binary frames of indented JSON. */
export function encodeMessage(message: ServerMessage): Buffer {
  return Buffer.from(`${JSON.stringify(message, null, 2)}\n`);
}

/** A duration as protocol buffers write it in JSON: `"1.5s"`. */
export function durationText(ms: number): string {
  return `${ms / 1000}s`;
}

/** 24 kHz PCM16 as a `modelTurn`. */
export function audioContent(samples: Int16Array): ServerContent {
  const inlineData = { mimeType: 'audio/pcm;rate=24000', data: encodePcm16Base64(samples) };
  return { modelTurn: { parts: [{ inlineData }] } };
}
