import type { CallObserver } from '../../call/index.ts';
import { addUsage, noTokens } from '../../gemini/index.ts';

/** Adds up what calls cost: it follows each of them. */
export class Bill implements CallObserver {
  #tokens = noTokens;
  /** Undefined once a call had no known price. */
  #usd: number | undefined = 0;

  ended({ tokens, cost }: Parameters<NonNullable<CallObserver['ended']>>[0]): void {
    this.#tokens = addUsage(this.#tokens, tokens);
    this.#usd = cost && this.#usd !== undefined ? this.#usd + cost.usd : undefined;
  }

  /** The sum so far; the cost in US dollars to a hundredth of a cent. */
  get sum() {
    const cost = this.#usd === undefined ? undefined : { usd: Math.round(this.#usd * 1e4) / 1e4 };
    return { tokens: this.#tokens, cost };
  }

  /** The sum in one line. */
  get text(): string {
    const { tokens, cost } = this.sum;
    const usd = cost ? `, about $${cost.usd.toFixed(2)} at Gemini’s prices` : '';
    return `${tokens.prompt} tokens in, ${tokens.response} out${usd}`;
  }
}
