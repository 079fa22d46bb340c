import { modelName } from './model-rules.ts';
import type { TokensByModality, TokenUsage } from './usage.ts';

/** US dollars for a million tokens. */
interface Price {
  readonly textIn: number;
  readonly audioIn: number;
  readonly textOut: number;
  readonly audioOut: number;
}

/**
 * What Google asks for, by model.
 *
 * Source: the price page of the Gemini API, ai.google.dev/gemini-api/docs/pricing, paid tier, autumn 2026.
 */
const prices: Readonly<Record<string, Price>> = {
  'gemini-3.8-live': { textIn: 0.75, audioIn: 3, textOut: 4.5, audioOut: 12 },
  'gemini-2.5-flash': { textIn: 0.3, audioIn: 1, textOut: 2.5, audioOut: 0 },
  'gemini-2.5-flash-lite': { textIn: 0.1, audioIn: 0.3, textOut: 0.4, audioOut: 0 },
};

/** Whether {@link costUsd} knows a model. */
export function hasPrice(model: string): boolean {
  return Object.hasOwn(prices, modelName(model));
}

/**
 * What `usage` costs by estimate, in US dollars to a millionth; undefined for a model without a known price.
 * Thoughts cost what text does; tokens of no named modality count as audio, the dearer; a cache makes nothing cheaper.
 */
export function costUsd(model: string, usage: TokenUsage): number | undefined {
  const price = hasPrice(model) ? prices[modelName(model)] : undefined;
  if (!price) return undefined;
  const millionths =
    cost(usage.promptBy, price.textIn, price.audioIn) +
    cost(usage.responseBy, price.textOut, price.audioOut) +
    usage.thoughts * price.textOut;
  return Math.round(millionths) / 1e6;
}

function cost({ text, audio, other }: TokensByModality, textPrice: number, audioPrice: number): number {
  return text * textPrice + (audio + other) * audioPrice;
}
