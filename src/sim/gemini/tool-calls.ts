import type { FunctionAnswer } from './client-messages.ts';
import type { ObservedToolAnswer } from './observation.ts';
import type { ScriptedToolCall } from './script.ts';
import type { FunctionCall } from './server-messages.ts';

/** Calls remembered as answered or cancelled; older ones count as unknown. */
const rememberedCalls = 1000;

/** The tool calls of one conversation: which are open, answered, cancelled. */
export class ToolCalls {
  readonly #states = new Map<string, 'open' | 'answered' | 'cancelled'>();
  readonly #calls = new Map<string, FunctionCall>();
  #count = 0;

  get openIds(): string[] {
    return [...this.#states].filter(([, state]) => state === 'open').map(([id]) => id);
  }

  /** The calls that are open, as they were sent. */
  get openCalls(): FunctionCall[] {
    return this.openIds.flatMap((id) => this.#calls.get(id) ?? []);
  }

  /** Opens calls, with new ids. */
  open(calls: readonly ScriptedToolCall[], idPrefix: string): FunctionCall[] {
    return calls.map(({ name, args = {} }) => {
      this.#count += 1;
      const id = `${idPrefix}${this.#count}`;
      this.#states.set(id, 'open');
      this.#calls.set(id, { id, name, args });
      const oldest = this.#states.keys().next().value;
      if (this.#states.size > rememberedCalls && oldest !== undefined) {
        this.#states.delete(oldest);
        this.#calls.delete(oldest);
      }
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
