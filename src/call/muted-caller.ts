/** What is heard of a caller who can be muted. */
export class MutedCaller {
  /** In place of the caller; undefined while they are heard. */
  #silence: Int16Array | undefined;

  mute(): void {
    this.#silence = new Int16Array(0);
  }

  unmute(): void {
    this.#silence = undefined;
  }

  /** The caller's audio, or as much silence; valid until the next call. */
  heard(pcm: Int16Array): Int16Array {
    if (!this.#silence) return pcm;
    if (this.#silence.length < pcm.length) this.#silence = new Int16Array(pcm.length);
    return this.#silence.subarray(0, pcm.length);
  }
}
