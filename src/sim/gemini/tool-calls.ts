import type { FunctionAnswer } from './client-messages.ts';
import type { ObservedToolAnswer } from './observation.ts';
import type { ScriptedToolCall } from './script.ts';
import type { FunctionCall } from './server-messages.ts';

/** Calls remembered as answered or cancelled; older ones count as unknown. */
const rememberedCalls = 1000;

/** The tool calls of one session: which are open, answered, cancelled. */
export class ToolCalls {
  readonly #idPrefix: string;
  readonly #states = new Map<string, 'open' | 'answered' | 'cancelled'>();
  #count = 0;

  constructor(idPrefix: string) {
    this.#idPrefix = idPrefix;
  }

  get openIds(): string[] {
    return [...this.#states].filter(([, state]) => state === 'open').map(([id]) => id);
  }

  /** Opens calls, with new ids. */
  open(calls: readonly ScriptedToolCall[]): FunctionCall[] {
    return calls.map(({ name, args = {} }) => {
      this.#count += 1;
      const id = `${this.#idPrefix}${this.#count}`;
      this.#states.set(id, 'open');
      const oldest = this.#states.keys().next().value;
      if (this.#states.size > rememberedCalls && oldest !== undefined) this.#states.delete(oldest);
      return { id, name, args };
    });
  }

  /** Cancels what is open and returns the ids. */
  cancel(): string[] {
    const ids = this.openIds;
    for (const id of ids) this.#states.set(id, 'cancelled');
    return ids;
  }

  /** Takes an answer; `willContinue` keeps the call open for more. */
  answer(answer: FunctionAnswer): ObservedToolAnswer['outcome'] {
    const state = answer.id === undefined ? undefined : this.#states.get(answer.id);
    if (answer.id === undefined || state === undefined) return 'unknown';
    if (state === 'cancelled') return 'late';
    if (state === 'answered') return 'duplicate';
    if (!answer.willContinue) this.#states.set(answer.id, 'answered');
    return 'accepted';
  }
}
