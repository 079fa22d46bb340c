import type { GeminiSession } from './session.ts';

/** Sends something to a session that is set up. */
export type Message = (session: GeminiSession) => void;

interface Waiting {
  readonly isAudio: boolean;
  readonly message: Message;
}

/**
 * What waits for a session, in order.
 *
 * Invariant: at most `maxAudio` messages of audio wait; one more pushes out the oldest audio, never anything else.
 */
export class WaitingMessages {
  readonly #maxAudio: number;
  #waiting: Waiting[] = [];
  #audio = 0;

  constructor(maxAudio: number) {
    this.#maxAudio = maxAudio;
  }

  /** Appends a message that is not audio. */
  add(message: Message): void {
    this.#waiting.push({ isAudio: false, message });
  }

  /** Puts a message that is not audio before all others. */
  addFirst(message: Message): void {
    this.#waiting.unshift({ isAudio: false, message });
  }

  /** Appends audio; returns how many messages of older audio were dropped for it. */
  addAudio(message: Message): number {
    this.#waiting.push({ isAudio: true, message });
    this.#audio += 1;
    if (this.#audio <= this.#maxAudio) return 0;
    const oldest = this.#waiting.findIndex(({ isAudio }) => isAudio);
    this.#waiting.splice(oldest, 1);
    this.#audio -= 1;
    return 1;
  }

  /** Hands out all messages and forgets them. */
  take(): Message[] {
    const messages = this.#waiting.map(({ message }) => message);
    this.#waiting = [];
    this.#audio = 0;
    return messages;
  }
}
