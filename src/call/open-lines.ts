import type { Clock, Timer } from '../time/index.ts';
import type { TranscriptLine } from './transcript.ts';

/** The lines that are not complete are told so often at most, ms: with the time that writing takes, less than a second is missing after a crash. */
const everyMs = 800;

/** Tells of the lines that are not complete, from time to time, while there are any. */
export class OpenLines {
  readonly #clock: Clock;
  readonly #open: () => readonly TranscriptLine[];
  readonly #tell: (lines: readonly TranscriptLine[]) => void;
  #timer: Timer | undefined;
  #told = '[]';
  #lookedMs = Number.NEGATIVE_INFINITY;

  constructor(
    clock: Clock,
    open: () => readonly TranscriptLine[],
    tell: (lines: readonly TranscriptLine[]) => void,
  ) {
    this.#clock = clock;
    this.#open = open;
    this.#tell = tell;
  }

  /** Words have come. */
  grown(): void {
    const waitMs = Math.max(0, this.#lookedMs + everyMs - this.#clock.nowMs());
    this.#timer ??= this.#clock.setTimeout(() => this.#look(), waitMs);
  }

  #look(): void {
    this.#timer = undefined;
    this.#lookedMs = this.#clock.nowMs();
    const lines = this.#open();
    const text = JSON.stringify(lines);
    if (text !== this.#told) this.#tell(lines);
    this.#told = text;
    // what was said before is heard little by little
    if (lines.length > 0) this.grown();
  }
}
