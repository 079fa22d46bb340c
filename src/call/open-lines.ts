import type { Clock, Timer } from '../time/index.ts';
import type { TranscriptLine } from './transcript.ts';

/** The lines that are not complete are told so often at most, ms: after a crash no more than that is missing. */
const everyMs = 900;

/** Tells of the lines that are not complete, from time to time, while there are any. */
export class OpenLines {
  readonly #clock: Clock;
  readonly #open: () => readonly TranscriptLine[];
  readonly #tell: (lines: readonly TranscriptLine[]) => void;
  #timer: Timer | undefined;
  #told = '[]';

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
    this.#timer ??= this.#clock.setTimeout(() => this.#look(), everyMs);
  }

  #look(): void {
    this.#timer = undefined;
    const lines = this.#open();
    const text = JSON.stringify(lines);
    if (text !== this.#told) this.#tell(lines);
    this.#told = text;
    // what was said before is heard little by little
    if (lines.length > 0) this.grown();
  }
}
