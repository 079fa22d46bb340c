import type { ObservedTurn } from './observation.ts';
import type { GeminiScript, Reply, Turn } from './script.ts';
import { ToolCalls } from './tool-calls.ts';

/** The turn whose reply waits for tool answers. */
export interface OwedReply {
  readonly turn: Turn;
  readonly observed: ObservedTurn;
}

/** Google: about four characters of text are a token. */
const charactersPerToken = 4;

/** Where a conversation is in its script; a resumed session goes on with the same one. */
export class Conversation {
  readonly script: GeminiScript;
  readonly model: string;
  /** Tool calls outlive the connection on which they were made. */
  readonly tools = new ToolCalls();
  owed: OwedReply | undefined;
  #turnsTaken = 0;
  #hasSpoken = false;
  #lastTaken: 'turn' | 'greeting' | undefined;
  /** Tokens of audio so far, billed again with every turn; so are those of the instruction. */
  contextTokens = 0;
  readonly instructionTokens: number;

  constructor(script: GeminiScript, model: string, instruction = '') {
    this.script = script;
    this.model = model;
    this.instructionTokens = Math.ceil(instruction.length / charactersPerToken);
  }

  /** The turn that an utterance of the caller would meet; undefined once the script falls silent. */
  peek(): Turn | undefined {
    const { turns, afterwards = 'cycle' } = this.script;
    if (this.#turnsTaken < turns.length) return turns[this.#turnsTaken];
    if (afterwards === 'cycle') return turns[this.#turnsTaken % turns.length];
    return afterwards === 'repeatLast' ? turns.at(-1) : undefined;
  }

  /** Takes the turn that {@link peek} shows. */
  take(): Turn | undefined {
    const turn = this.peek();
    this.#turnsTaken += 1;
    this.#hasSpoken = true;
    this.#lastTaken = 'turn';
    return turn;
  }

  /** Takes the greeting, when nothing has been said yet and there is one. */
  takeGreeting(): Reply | undefined {
    if (this.#hasSpoken) return undefined;
    this.#hasSpoken = true;
    this.#lastTaken = 'greeting';
    return this.script.greeting;
  }

  /** The connection ended before the answer to what was last taken had begun: it never was said. */
  giveBack(): void {
    if (this.#lastTaken === 'turn') this.#turnsTaken -= 1;
    else if (this.#lastTaken === 'greeting') this.#hasSpoken = false;
    this.#lastTaken = undefined;
  }
}
