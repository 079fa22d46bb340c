import type { ToolAnswer, ToolRequest } from './settings.ts';

/** A function call as the server sends it; ids are opaque. */
interface FunctionCall {
  readonly id?: string | null;
  readonly name?: string | null;
  readonly args?: unknown;
}

/** What answers go out through. */
export interface AnswerDoor {
  readonly isReady: boolean;
  answerTool(id: string, name: string, answer: ToolAnswer): void;
  sendText(text: string): void;
  addContext(text: string): void;
}

interface Call {
  readonly id: string;
  readonly name: string;
  /** The conversation that asked; a resumed connection goes on with it, a fresh session begins another. */
  readonly conversation: number;
}

interface Settled extends Call {
  readonly key: string;
  readonly answer: ToolAnswer;
  /** The conversation whose recap holds the answer. */
  recappedIn: number;
}

interface Delivered {
  readonly call: Call;
  readonly answer: ToolAnswer;
  readonly connection: number;
}

/** Calls whose answers are remembered after they were sent; an older one that is asked again is run again. */
const rememberedAnswers = 256;

/**
 * Owns one race: results of tools, and the connections that come and go meanwhile.
 *
 * Invariant: a call is handed on once, and answered at most once on each connection: to the conversation that asked by
 * its id, to a later one as text.
 */
export class ToolAnswers {
  #conversation = 0;
  #connection = 0;
  #nameless = 0;
  readonly #open = new Map<string, Call>();
  readonly #delivered = new Map<string, Delivered>();
  #settled: Settled[] = [];

  /** A connection is being opened that resumes the conversation. */
  resume(): void {
    this.#connection += 1;
  }

  /** A connection is being opened whose session knows nothing: returns what its recap must say of tools. */
  startAnew(): string[] {
    this.#connection += 1;
    this.#conversation += 1;
    this.#delivered.clear();
    for (const settled of this.#settled) settled.recappedIn = this.#conversation;
    return [
      ...this.#settled.map(({ name, answer }) => `You called the tool ${name}. ${resultText(answer)}`),
      ...[...this.#open.values()].map(
        ({ name }) =>
          `You called the tool ${name}; it still runs. You will be told its result: do not call it again.`,
      ),
    ];
  }

  /** Takes calls of the server; returns those that are new. A call that it repeats on a later connection is answered again. */
  asked(calls: readonly FunctionCall[], door: AnswerDoor | undefined): ToolRequest[] {
    return calls.flatMap(({ id, name, args }) => {
      const call = { id: id ?? '', name: name ?? '', conversation: this.#conversation };
      const key = this.#keyOf(call);
      const before = this.#delivered.get(key);
      if (before && before.connection < this.#connection && door?.isReady) this.#send(key, before, door);
      if (before || this.#open.has(key) || this.#settled.some((settled) => settled.key === key)) return [];
      this.#open.set(key, call);
      return [{ key, name: call.name, args: args ?? {} }];
    });
  }

  /** The server wants no answer to these ids any more; returns the keys of the calls that were open. */
  cancelled(ids: readonly string[]): string[] {
    if (ids.length === 0) return [];
    const isCancelled = ({ id, conversation }: Call): boolean =>
      conversation === this.#conversation && ids.includes(id);
    this.#settled = this.#settled.filter((settled) => !isCancelled(settled));
    const keys = [...this.#open].filter(([, call]) => isCancelled(call)).map(([key]) => key);
    for (const key of keys) this.#open.delete(key);
    return keys;
  }

  /** Takes the answer to an open call; it leaves at once, see {@link deliver}, or with the next connection. */
  settle(key: string, answer: ToolAnswer, door: AnswerDoor | undefined, mayAsk: boolean): void {
    const call = this.#open.get(key);
    if (!call) return;
    this.#open.delete(key);
    this.#settled.push({ ...call, key, answer, recappedIn: 0 });
    if (door?.isReady) this.deliver(door, mayAsk);
  }

  /**
   * Sends what waits. @param mayAsk whether a result told as text may ask the model to speak
   * @returns whether the model has been asked to speak
   */
  deliver(door: AnswerDoor, mayAsk: boolean): boolean {
    const settled = this.#settled;
    this.#settled = [];
    let hasAsked = false;
    for (const one of settled) {
      const { key, answer, name, conversation, recappedIn } = one;
      const isSilent = answer.scheduling === 'SILENT';
      if (conversation === this.#conversation) {
        this.#send(key, { call: one, answer }, door);
        hasAsked ||= !isSilent;
      } else if (recappedIn !== this.#conversation) {
        const text = `[The tool ${name}, called before the connection was renewed. ${resultText(answer)}]`;
        if (mayAsk && !isSilent) door.sendText(text);
        else door.addContext(text);
        hasAsked ||= mayAsk && !isSilent;
      }
    }
    return hasAsked;
  }

  #send(key: string, { call, answer }: Pick<Delivered, 'call' | 'answer'>, door: AnswerDoor): void {
    door.answerTool(call.id, call.name, answer);
    this.#delivered.set(key, { call, answer, connection: this.#connection });
    const [oldest] = this.#delivered.keys();
    if (this.#delivered.size > rememberedAnswers && oldest !== undefined) this.#delivered.delete(oldest);
  }

  /** Ids are unique within a conversation only; a call without one is like no other. */
  #keyOf({ id, conversation }: Call): string {
    if (id !== '') return `${conversation}/${id}`;
    this.#nameless += 1;
    return `${conversation}/ ${this.#nameless}`;
  }
}

function resultText({ response }: ToolAnswer): string {
  return `Its result: ${JSON.stringify(response)}`;
}
