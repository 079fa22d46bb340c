import type { IncomingMessage, ServerResponse } from 'node:http';
import { STATUS_CODES } from 'node:http';
import type { Clock } from '../../time/index.ts';
import { delay } from '../../time/index.ts';

/** What the simulated text model was asked. */
export interface TextRequest {
  readonly path: string;
  readonly model: string;
  readonly headers: IncomingMessage['headers'];
  /** The body as it came: contents, systemInstruction, generationConfig. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** What the simulated text model answers. */
export type TextAnswer =
  /** This value as JSON. */
  | { readonly kind: 'json'; readonly value: unknown; readonly afterMs?: number }
  /** This text, which may be no JSON at all. */
  | {
      readonly kind: 'text';
      readonly text: string;
      readonly finishReason?: string;
      readonly afterMs?: number;
    }
  /** An HTTP status in place of an answer. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly retryAfterSec?: number;
      readonly message?: string;
    }
  /** Nothing at all; the connection stays open. */
  | { readonly kind: 'never' };

/** The answers of the simulated text model: one after the other, the last one again and again, or by the question. */
export type TextScript = readonly TextAnswer[] | ((request: TextRequest, count: number) => TextAnswer);

/** Largest question that is read, bytes; a larger one is answered with 413. */
const largestBytes = 4 * 1024 * 1024;
const generate =
  /^\/+(?:[^?]*\/)?(?:v1|v1beta|v1alpha|v1beta1)\/(?:projects\/[^/?]+\/locations\/[^/?]+\/)?(?:publishers\/google\/)?models\/([^/:?]+):generateContent(?:\?.*)?$/;

/** Answers `:generateContent` of the Developer API and of Vertex AI by a script. */
export class TextAnswers {
  readonly #script: TextScript;
  readonly #clock: Clock;
  /** What was asked so far. */
  readonly requests: TextRequest[] = [];

  constructor(script: TextScript | undefined, clock: Clock) {
    this.#script = script ?? (({ body }) => ({ kind: 'json', value: leastFor(schemaIn(body)) }));
    this.#clock = clock;
  }

  /** Answers a request; false when it is for something else. */
  serve(request: IncomingMessage, response: ServerResponse): boolean {
    const path = request.url ?? '/';
    const model = generate.exec(path)?.[1];
    if (request.method !== 'POST' || model === undefined) return false;
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= largestBytes) chunks.push(chunk);
    });
    request.on('end', () => {
      const body = bytes <= largestBytes ? objectIn(Buffer.concat(chunks).toString('utf8')) : undefined;
      if (!body) return refuse(response, { kind: 'status', status: bytes <= largestBytes ? 400 : 413 });
      this.#answer({ path, model, headers: request.headers, body }, response);
    });
    return true;
  }

  async #answer(request: TextRequest, response: ServerResponse): Promise<void> {
    this.requests.push(request);
    const count = this.requests.length;
    const script = this.#script;
    const answer =
      typeof script === 'function' ? script(request, count) : (script[count - 1] ?? script.at(-1));
    if (!answer || answer.kind === 'never') return;
    if (answer.kind === 'status') return refuse(response, answer);
    if (answer.afterMs) await delay(this.#clock, answer.afterMs);
    const text = answer.kind === 'json' ? JSON.stringify(answer.value) : answer.text;
    const finishReason = answer.kind === 'text' ? (answer.finishReason ?? 'STOP') : 'STOP';
    // as everywhere in this simulator, about four characters a token
    const promptTokenCount = Math.ceil(JSON.stringify(request.body.contents ?? '').length / 4);
    const candidatesTokenCount = Math.ceil(text.length / 4);
    const content = {
      candidates: [{ content: { role: 'model', parts: [{ text }] }, finishReason, index: 0 }],
      usageMetadata: {
        promptTokenCount,
        candidatesTokenCount,
        totalTokenCount: promptTokenCount + candidatesTokenCount,
        promptTokensDetails: [{ modality: 'TEXT', tokenCount: promptTokenCount }],
        candidatesTokensDetails: [{ modality: 'TEXT', tokenCount: candidatesTokenCount }],
      },
      modelVersion: request.model,
    };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(content));
  }
}

function refuse(response: ServerResponse, answer: Extract<TextAnswer, { kind: 'status' }>): void {
  const { status, retryAfterSec, message = `Simulated ${STATUS_CODES[status] ?? 'refusal'}` } = answer;
  const headers = {
    'content-type': 'application/json',
    ...(retryAfterSec !== undefined && { 'retry-after': String(retryAfterSec) }),
  };
  response.writeHead(status, headers).end(JSON.stringify({ error: { code: status, message } }));
}

function objectIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function schemaIn({ generationConfig }: TextRequest['body']): unknown {
  return member(generationConfig, 'responseJsonSchema');
}

function member(of: unknown, key: string): unknown {
  return typeof of === 'object' && of !== null ? Reflect.get(of, key) : undefined;
}

/** The least that fits a plain JSON Schema: what is required, the first of choices, else nothing. */
function leastFor(schema: unknown): unknown {
  const choices = member(schema, 'enum');
  if (Array.isArray(choices)) return choices[0];
  const type = member(schema, 'type');
  if (type === 'object') {
    const required = member(schema, 'required');
    const names = Array.isArray(required) ? required.map(String) : [];
    return Object.fromEntries(
      names.map((name) => [name, leastFor(member(member(schema, 'properties'), name))]),
    );
  }
  if (type === 'array') return [];
  if (type === 'integer' || type === 'number') return member(schema, 'minimum') ?? 0;
  if (type === 'boolean') return false;
  return type === 'string' ? '' : null;
}
