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
    this.take();
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

  /** What there is, oldest first. */
  get parts(): readonly Int16Array[] {
    return this.#parts;
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
