import { z } from 'zod';

/** Tokens by what they stand for; `other` are those of no named modality. */
export interface TokensByModality {
  readonly text: number;
  readonly audio: number;
  readonly other: number;
}

/** Tokens as the server counts them, of a turn or of a whole call. */
export interface TokenUsage {
  /** What the model was given; the history counts again with every turn. */
  readonly prompt: number;
  /** What the model answered, without its thoughts. */
  readonly response: number;
  readonly thoughts: number;
  /** The part of the prompt that came from a cache. */
  readonly cached: number;
  readonly promptBy: TokensByModality;
  readonly responseBy: TokensByModality;
}

const none: TokensByModality = { text: 0, audio: 0, other: 0 };

/** No tokens at all. */
export const noTokens: TokenUsage = {
  prompt: 0,
  response: 0,
  thoughts: 0,
  cached: 0,
  promptBy: none,
  responseBy: none,
};

// a count that cannot be read is none: it must not cost the frame that it came with
const count = z.number().int().nonnegative().catch(0);
const details = z
  .array(
    z
      .looseObject({ modality: z.string().catch(''), tokenCount: count })
      .catch({ modality: '', tokenCount: 0 }),
  )
  .catch([]);

/** Google: Vertex AI calls a response candidates; the results of tools are counted beside the prompt. */
const metadata = z
  .looseObject({
    promptTokenCount: count,
    promptTokensDetails: details,
    toolUsePromptTokenCount: count,
    toolUsePromptTokensDetails: details,
    responseTokenCount: count,
    responseTokensDetails: details,
    candidatesTokenCount: count,
    candidatesTokensDetails: details,
    thoughtsTokenCount: count,
    cachedContentTokenCount: count,
  })
  .nullable()
  .catch(null);

/** Reads `usageMetadata` of either platform; what is missing or wrong counts as none. */
export function readUsage(usageMetadata: unknown): TokenUsage {
  const m = metadata.parse(usageMetadata);
  if (!m) return noTokens;
  const prompt = m.promptTokenCount + m.toolUsePromptTokenCount;
  const response = m.responseTokenCount || m.candidatesTokenCount;
  return {
    prompt,
    response,
    thoughts: m.thoughtsTokenCount,
    cached: m.cachedContentTokenCount,
    promptBy: split(prompt, [...m.promptTokensDetails, ...m.toolUsePromptTokensDetails]),
    responseBy: split(
      response,
      m.responseTokensDetails.length > 0 ? m.responseTokensDetails : m.candidatesTokensDetails,
    ),
  };
}

/** The sum of two usages. */
export function addUsage(a: TokenUsage, b: TokenUsage): TokenUsage {
  return {
    prompt: a.prompt + b.prompt,
    response: a.response + b.response,
    thoughts: a.thoughts + b.thoughts,
    cached: a.cached + b.cached,
    promptBy: addModalities(a.promptBy, b.promptBy),
    responseBy: addModalities(a.responseBy, b.responseBy),
  };
}

function addModalities(a: TokensByModality, b: TokensByModality): TokensByModality {
  return { text: a.text + b.text, audio: a.audio + b.audio, other: a.other + b.other };
}

function split(total: number, parts: z.infer<typeof details>): TokensByModality {
  const of = (modality: string): number =>
    parts.reduce((sum, part) => sum + (part.modality === modality ? part.tokenCount : 0), 0);
  const [text, audio] = [of('TEXT'), of('AUDIO')];
  return { text, audio, other: Math.max(0, total - text - audio) };
}
