/** Notes to the model that wait for a connection, and keys that wait for an answer; the oldest is dropped first. */
const mostNotes = 8;

/** What a turn is said to. */
export interface TurnDoor {
  startActivity(): void;
  sendAudio(pcm: Int16Array): void;
  endActivity(): void;
  sendText(text: string): void;
  addContext(text: string): void;
}

/** Longest part of a caller's turn that can be sent again, samples at 16 kHz: its last 30 s. */
const mostSamples = 30 * 16_000;

/**
 * What the caller has said and the model has not begun to answer, so that it can be said again on another connection.
 *
 * A caller who goes on before the answer has not finished: that is the same turn. While no connection is set up it also
 * holds what comes outside a turn.
 * Invariant: at most 30 s are held; more pushes out the oldest.
 */
export class UnansweredTurn {
  #phase: 'none' | 'open' | 'ended' = 'none';
  #parts: Int16Array[] = [];
  #notes: string[] = [];
  #keys: string[] = [];
  #samples = 0;

  /** The caller speaks: the turn is not over. */
  get isOpen(): boolean {
    return this.#phase === 'open';
  }

  /** The caller has finished and waits. */
  get isEnded(): boolean {
    return this.#phase === 'ended';
  }

  get isNone(): boolean {
    return this.#phase === 'none';
  }

  /** The caller begins, or goes on. */
  start(): void {
    this.#phase = 'open';
  }

  end(): void {
    if (this.#phase === 'open') this.#phase = 'ended';
  }

  /** The answer has begun: nothing of the turn is to be said again. */
  answered(): void {
    this.#phase = 'none';
    this.#keys = [];
    this.take();
  }

  /** Keeps what the model shall know, without an answer, until there is a connection. */
  note(text: string): void {
    this.#notes = [...this.#notes, text].slice(-mostNotes);
  }

  /** Keeps what the caller pressed. */
  press(text: string): void {
    this.#keys = [...this.#keys, text].slice(-mostNotes);
  }

  /**
   * Says to a connection that is set up what another was told in vain, or what came while there was none.
   *
   * @param isMarked whether the turn is to be told by its beginning and its end
   * @returns whether keys alone ask for an answer
   */
  sayAgain(door: TurnDoor, isMarked: boolean): boolean {
    const hasKeys = this.isNone && this.#keys.length > 0;
    for (const note of this.#notes) door.addContext(note);
    this.#notes = [];
    if (hasKeys) door.sendText(this.#keys.join('\n'));
    else for (const keys of this.#keys) door.addContext(keys);
    const isTold = isMarked && !this.isNone;
    if (isTold) door.startActivity();
    for (const pcm of this.#parts) door.sendAudio(pcm);
    if (isTold && this.isEnded) door.endActivity();
    if (this.isNone) this.take();
    return hasKeys;
  }

  /** Appends mono PCM16 at 16 kHz, which is kept; returns how many pieces were pushed out for it. */
  add(pcm: Int16Array): number {
    this.#parts.push(pcm);
    this.#samples += pcm.length;
    let dropped = 0;
    for (let first = this.#parts[0]; first && this.#samples > mostSamples; first = this.#parts[0]) {
      this.#parts.shift();
      this.#samples -= first.length;
      dropped += 1;
    }
    return dropped;
  }

  /** Puts `parts` in the place of what there is, when they reach further back. */
  reachBack(parts: readonly Int16Array[]): void {
    if (parts.reduce((sum, { length }) => sum + length, 0) <= this.#samples) return;
    this.take();
    for (const part of parts) this.add(part);
  }

  /** Forgets the sound, not that there is a turn. */
  take(): void {
    this.#parts = [];
    this.#samples = 0;
  }
}
