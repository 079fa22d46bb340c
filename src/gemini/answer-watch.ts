import { levelDbov } from '../audio/index.ts';

/** Below this level, dBov, audio of the model is no sound at all: line noise of a telephone is louder. */
const nearZeroDbov = -70;

/** How a turn of the model ended: with sound, with audio that nobody can hear, with nothing, or with nothing owed. */
export type AnswerEnd = 'spoken' | 'nearZero' | 'empty' | 'notOwed';

/** Watches what comes of an answer that the model owes. */
export class AnswerWatch {
  #isOwed = false;
  #hasAudio = false;
  #isAudible = false;
  #callsTool = false;
  #isCut = false;

  /** Whether something was asked of the model and no audible answer has begun. */
  get isOwed(): boolean {
    return this.#isOwed && !this.#isAudible && !this.#callsTool;
  }

  /** Whether the turn of the model that is under way has been audible. */
  get isAudible(): boolean {
    return this.#isAudible;
  }

  /** Something was sent that calls for an answer. */
  asked(): void {
    this.#forget();
    this.#isOwed = true;
  }

  /** No answer is owed any more: the caller speaks, or the connection is gone. */
  excused(): void {
    this.#forget();
    this.#isCut = false;
  }

  /** Takes audio of the model; returns whether it is the first of its turn that can be heard. */
  audio(pcm: Int16Array): boolean {
    this.#hasAudio = true;
    if (this.#isAudible || levelDbov(pcm) < nearZeroDbov) return false;
    this.#isAudible = true;
    return true;
  }

  /** The model calls a tool: it has understood, and speaks later. */
  toolCalled(): void {
    this.#callsTool = true;
  }

  /** All of a turn has come; returns whether it was audio, all of it below hearing. */
  generated(): boolean {
    return this.#isOwed && !this.#isCut && this.#hasAudio && !this.#isAudible && !this.#callsTool;
  }

  /** The turn of the model that was under way is cut: the end that follows is its end, and not that of an answer. */
  interrupted(): void {
    this.#isCut = true;
    this.#hasAudio = false;
    this.#isAudible = false;
  }

  /** The turn of the model is over. */
  turnComplete(): AnswerEnd {
    if (this.#isCut) {
      this.#isCut = false;
      return 'notOwed';
    }
    const end =
      !this.#isOwed || this.#callsTool
        ? 'notOwed'
        : this.#isAudible
          ? 'spoken'
          : this.#hasAudio
            ? 'nearZero'
            : 'empty';
    this.#hasAudio = false;
    this.#isAudible = false;
    // an empty turn is no answer: one is still owed
    if (end === 'spoken' || end === 'notOwed') this.#forget();
    return end;
  }

  #forget(): void {
    this.#isOwed = false;
    this.#hasAudio = false;
    this.#isAudible = false;
    this.#callsTool = false;
  }
}
