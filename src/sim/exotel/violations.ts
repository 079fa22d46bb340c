/** What a bridge did against the published rules of the stream. */
export type ViolationKind =
  | 'binary-frame'
  | 'not-json'
  | 'unknown-event'
  | 'wrong-stream-sid'
  | 'before-start'
  | 'bad-payload'
  | 'payload-not-in-320s'
  | 'payload-too-large'
  | 'chunk-not-string'
  | 'timestamp-not-string'
  | 'mark-without-name'
  | 'too-many-marks'
  | 'queue-too-deep';

/** One breach, with what was expected and what came. */
export interface Violation {
  readonly kind: ViolationKind;
  readonly atMs: number;
  readonly expected: string;
  readonly found: string;
}

/** Told of one breach; `found` is shown as JSON unless it is text. */
export type Complain = (kind: ViolationKind, expected: string, found: unknown) => void;

/** Breaches listed one by one; later ones are counted only. */
const MAX_LISTED = 1000;
const MAX_FOUND_CHARACTERS = 120;

/** The breaches of one call. */
export class Violations {
  readonly listed: Violation[] = [];
  readonly #nowMs: () => number;
  #count = 0;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  get count(): number {
    return this.#count;
  }

  readonly add: Complain = (kind, expected, found) => {
    this.#count += 1;
    if (this.listed.length >= MAX_LISTED) return;
    const text = typeof found === 'string' ? found : (JSON.stringify(found) ?? 'nothing');
    const isLong = text.length > MAX_FOUND_CHARACTERS;
    const shown = isLong ? `${text.slice(0, MAX_FOUND_CHARACTERS)}… (${text.length} characters)` : text;
    this.listed.push({ kind, atMs: this.#nowMs(), expected, found: shown });
  };
}
