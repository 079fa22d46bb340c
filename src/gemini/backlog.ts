/** What waits to leave this process beyond which a connection is suspected, bytes: 1.5 s of audio as it is sent. */
const suspiciousBytes = 64 * 1024;
/** How long it may stay so, ms: a turn that is sent again at once is gone sooner. */
const stuckMs = 3000;

/** Finds a connection that takes nothing any more by what waits to leave while we send. */
export class Backlog {
  #sinceMs: number | undefined;

  /** Whether `bufferedBytes` have been too many for too long. */
  isStuck(bufferedBytes: number, nowMs: number): boolean {
    if (bufferedBytes < suspiciousBytes) this.#sinceMs = undefined;
    else this.#sinceMs ??= nowMs;
    return this.#sinceMs !== undefined && nowMs - this.#sinceMs >= stuckMs;
  }
}
