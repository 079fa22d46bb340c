import { ApiError, type GenerateContentResponse, GoogleGenAI } from '@google/genai';
import type { Failure } from '../../machines/index.ts';
import { scrub } from '../observe/index.ts';
import { AccessError, type GeminiPass, passFor } from './pass.ts';
import { sdkOptions } from './sdk-seam.ts';
import type { GeminiAccess } from './settings.ts';
import { noTokens, readUsage, type TokenUsage } from './usage.ts';

/** What a text model is asked; the answer is to be JSON that fits the schema. */
export interface JsonQuestion {
  readonly model: string;
  readonly instruction: string;
  readonly text: string;
  /** JSON Schema. */
  readonly schema: Readonly<Record<string, unknown>>;
}

/** What a text model answered, or why it did not. */
export type JsonAnswer =
  | { readonly ok: true; readonly text: string; readonly tokens: TokenUsage }
  | {
      readonly ok: false;
      readonly failure: Failure;
      /** Whether the same question may be answered later. */
      readonly mayPass: boolean;
      readonly retryAfterMs?: number;
      readonly tokens: TokenUsage;
    };

/** How a text model is asked. */
export interface AskOptions {
  /** Ends the attempt. */
  readonly signal: AbortSignal;
  /** Such as one that goes through a proxy. */
  readonly fetch?: typeof fetch | undefined;
}

/** Longest reason of Google that is told, characters. */
const longestReason = 300;

/** Asks a text model of Gemini once, at temperature 0. Never rejects; no failure holds a secret. */
export async function askForJson(
  access: GeminiAccess,
  question: JsonQuestion,
  { signal, fetch: fetchBy = fetch }: AskOptions,
): Promise<JsonAnswer> {
  if ('newToken' in access) {
    const message = 'ephemeral tokens are for Gemini Live only: a text model needs an API key or Vertex AI';
    return { ok: false, failure: { code: 'gemini.noTextAccess', message }, mayPass: false, tokens: noTokens };
  }
  let pass: GeminiPass;
  try {
    pass = await passFor(access);
  } catch (error) {
    if (!(error instanceof AccessError)) throw error;
    const failure = { code: 'gemini.credentials', message: error.message };
    return { ok: false, failure, mayPass: !error.isLasting, tokens: noTokens };
  }
  return ask(pass, question, signal, fetchBy);
}

async function ask(
  pass: GeminiPass,
  { model, instruction, text, schema }: JsonQuestion,
  signal: AbortSignal,
  fetchBy: typeof fetch,
): Promise<JsonAnswer> {
  let retryAfter: string | null = null;
  const options = sdkOptions(pass);
  const client = new GoogleGenAI({
    ...options,
    httpOptions: {
      ...options.httpOptions,
      // the SDK's error keeps the status and loses the headers
      fetch: async (...asked) => {
        const answer = await fetchBy(...asked);
        retryAfter = answer.headers.get('retry-after');
        return answer;
      },
    },
  });
  try {
    const response = await client.models.generateContent({
      model,
      contents: text,
      config: {
        systemInstruction: instruction,
        temperature: 0,
        responseMimeType: 'application/json',
        responseJsonSchema: schema,
        abortSignal: signal,
      },
    });
    return answerIn(response);
  } catch (error) {
    const seconds = Number(retryAfter ?? Number.NaN);
    return {
      ...failed(error, signal, pass.secret),
      ...(Number.isFinite(seconds) && { retryAfterMs: seconds * 1000 }),
    };
  }
}

function answerIn({ candidates, promptFeedback, usageMetadata }: GenerateContentResponse): JsonAnswer {
  const tokens = readUsage(usageMetadata);
  const [candidate] = candidates ?? [];
  // the SDK's own getter warns on the console of parts that are no text
  const parts = candidate?.content?.parts ?? [];
  const text = parts.map((part) => (part.thought ? '' : (part.text ?? ''))).join('');
  const finish = candidate?.finishReason ?? promptFeedback?.blockReason;
  if (text !== '' && (finish === undefined || finish === 'STOP')) return { ok: true, text, tokens };
  const message = `expected an answer, found ${text === '' ? 'none' : 'a part of one'} (${finish ?? 'no reason'})`;
  return { ok: false, failure: { code: 'gemini.noAnswer', message }, mayPass: true, tokens };
}

/** The SDK's errors hold what the server said, which may quote the address, and the key in it. */
function failed(error: unknown, signal: AbortSignal, secret: string): Extract<JsonAnswer, { ok: false }> {
  if (signal.aborted) {
    const failure = { code: 'gemini.late', message: 'no answer in time' };
    return { ok: false, failure, mayPass: true, tokens: noTokens };
  }
  if (!(error instanceof ApiError)) {
    const failure = { code: 'gemini.unreachable', message: `Gemini cannot be reached${causeOf(error)}` };
    return { ok: false, failure, mayPass: true, tokens: noTokens };
  }
  const { status } = error;
  const said = scrub(wordsIn(error.message), [secret]).slice(0, longestReason);
  const code =
    status === 401 || status === 403
      ? 'gemini.unauthorised'
      : status === 429
        ? 'gemini.quota'
        : 'gemini.refused';
  const mayPass = status === 429 || status === 408 || status >= 500;
  const message = `HTTP ${status}${said ? `: ${said}` : ''}`;
  return { ok: false, failure: { code, message }, mayPass, tokens: noTokens };
}

/** Google's words in the JSON that the SDK makes its message of. */
function wordsIn(message: string): string {
  try {
    const { error }: { error?: { message?: unknown } } = JSON.parse(message);
    return typeof error?.message === 'string' ? error.message : '';
  } catch {
    return message;
  }
}

function causeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
}
