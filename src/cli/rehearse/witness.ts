import { isDeepStrictEqual } from 'node:util';
import type { CallObserver, CallSummary, TranscriptLine } from '../../call/index.ts';
import type { GeminiSession, Scenario } from '../../sim/index.ts';
import type { ToolCallRecord } from '../../tools/index.ts';

/** Follows a rehearsed call, and says what of the scenario's expectations did not come true. */
export class Witness implements CallObserver {
  readonly #expected: Scenario['expect'];
  readonly #tools: ToolCallRecord[] = [];
  readonly #heard: string[] = [];
  readonly #over = Promise.withResolvers<void>();
  #outcome: string | undefined;

  constructor(expected: Scenario['expect']) {
    this.#expected = expected;
  }

  tool(record: ToolCallRecord): void {
    this.#tools.push(record);
  }

  line({ who, text }: TranscriptLine): void {
    if (who === 'agent') this.#heard.push(text);
  }

  ended({ outcome }: CallSummary): void {
    this.#outcome = outcome;
    this.#over.resolve();
  }

  /** Resolves once the call is over. */
  get over(): Promise<void> {
    return this.#over.promise;
  }

  /** Whether there is anything that this call could get wrong. */
  get hasExpectations(): boolean {
    const { told, tools, heard, outcome } = this.#expected;
    return told.length > 0 || tools !== undefined || heard.length > 0 || outcome !== undefined;
  }

  /** What did not come true, once the call is over; `sessions` are those of the simulated model. */
  unmet(sessions: readonly GeminiSession[]): string[] {
    const { told, heard, outcome } = this.#expected;
    const instruction = sessions.map(({ observation }) => JSON.stringify(observation.setup)).join(' ');
    const words = this.#heard.join(' ');
    let at = 0;
    const missed = heard.filter((text) => {
      const found = words.indexOf(text, at);
      if (found >= 0) at = found + text.length;
      return found < 0;
    });
    return [
      ...told
        .filter((text) => !instruction.includes(JSON.stringify(text).slice(1, -1)))
        .map((text) => `expected the model to be told "${text}"`),
      ...this.#unmetTools(),
      ...missed.map((text) => `expected the caller to hear "${text}", found "${words}"`),
      ...(outcome === undefined || outcome === this.#outcome
        ? []
        : [`expected the outcome ${outcome}, found ${this.#outcome ?? 'none'}`]),
    ];
  }

  #unmetTools(): string[] {
    const expected = this.#expected.tools;
    if (!expected) return [];
    const names = (tools: readonly { readonly name: string }[]): string =>
      tools.map(({ name }) => name).join(', ') || 'none';
    if (names(expected) !== names(this.#tools)) {
      return [`expected calls of tools: ${names(expected)}; found ${names(this.#tools)}`];
    }
    return expected.flatMap(({ name, arguments: wanted, outcome }, index) => {
      const found = this.#tools[index];
      const given = new Map(Object.entries(found?.arguments ?? {}));
      const wrong = Object.entries(wanted).filter(
        ([key, value]) => !isDeepStrictEqual(given.get(key), value),
      );
      return [
        ...wrong.map(
          ([key, value]) =>
            `expected ${name} with ${key} ${JSON.stringify(value)}, found ${JSON.stringify(given.get(key))}`,
        ),
        ...(found?.outcome === outcome
          ? []
          : [`expected ${name} ${outcome}, found ${found?.outcome}: ${found?.failure?.message ?? ''}`]),
      ];
    });
  }
}
