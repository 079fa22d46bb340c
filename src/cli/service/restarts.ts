/** Losses are remembered this long, ms. */
const rememberedMs = 60_000;
/** This many losses within that time are a loop that starting again does not end. */
const mostLosses = 8;
const firstDelayMs = 100;
const longestDelayMs = 10_000;

/** Decides when a lost worker is replaced: at once the first time, then after growing pauses, and not for ever. */
export class Restarts {
  #lossesMs: number[] = [];

  /** A worker was lost at `nowMs`: the pause before the next is started, ms; undefined when it is no use any more. */
  lost(nowMs: number): number | undefined {
    this.#lossesMs = [...this.#lossesMs.filter((ms) => nowMs - ms < rememberedMs), nowMs];
    const losses = this.#lossesMs.length;
    if (losses >= mostLosses) return undefined;
    return Math.min(firstDelayMs * 2 ** (losses - 1), longestDelayMs);
  }

  /** For messages. */
  get limit(): string {
    return `${mostLosses} workers within ${rememberedMs / 1000} s`;
  }
}
