/** What stands in a record for what was taken out. */
const marks = { card: '[card]', aadhaar: '[aadhaar]', pan: '[pan]', pattern: '[redacted]' };

/** Takes numbers out of a text. */
export type Redact = (text: string) => string;

/** What is taken out. */
export interface RedactOptions {
  /** Cards (by Luhn), Aadhaar (by Verhoeff) and PAN. */
  readonly numbers: boolean;
  /** `#` is a digit, `@` a letter, all else stands for itself. */
  readonly patterns: readonly string[];
}

// single separators only: each digit can be matched in one way, so that no text takes long
const digitRuns = /\p{Nd}(?:[ -]?\p{Nd}){11,40}/gu;
// in capitals it may be spelt; "costs 1200 a" is none
const spelledPan = /(?<![A-Z0-9])[A-Z](?:[ -]?[A-Z]){4}(?:[ -]?\p{Nd}){4}[ -]?[A-Z](?![A-Z0-9])/gu;
const writtenPan = /(?<![a-z0-9])[a-z]{5}\p{Nd}{4}[a-z](?![a-z0-9])/giu;

/** Makes a function that replaces what `options` names by a mark. */
export function redactor({ numbers, patterns }: RedactOptions): Redact {
  const own = patterns.map(expressionOf);
  return (text) => {
    const marked = own.reduce((rest, pattern) => rest.replace(pattern, marks.pattern), text);
    if (!numbers) return marked;
    return marked
      .replace(digitRuns, (run) => withoutNumbers(run))
      .replace(spelledPan, marks.pan)
      .replace(writtenPan, marks.pan);
  };
}

/** The same value with every text in it redacted, and every number that would be as a text. */
export function redactDeep(value: unknown, redact: Redact): unknown {
  if (typeof value === 'string') return redact(value);
  if (typeof value === 'number')
    return redact(String(value)) === String(value) ? value : redact(String(value));
  if (Array.isArray(value)) return value.map((item) => redactDeep(item, redact));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redactDeep(item, redact)]));
}

function expressionOf(pattern: string): RegExp {
  const parts = [...pattern].map((sign) => {
    if (sign === '#') return '\\p{Nd}';
    if (sign === '@') return '\\p{L}';
    return sign.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&');
  });
  return new RegExp(parts.join(''), 'giu');
}

/** Takes the longest card or Aadhaar numbers out of digits and single separators. */
function withoutNumbers(run: string): string {
  const at: number[] = [];
  const digits: number[] = [];
  let index = 0;
  for (const sign of run) {
    if (sign !== ' ' && sign !== '-') {
      digits.push(digitOf(sign));
      at.push(index);
    }
    index += sign.length;
  }
  let text = '';
  let done = 0;
  for (let from = 0; from < digits.length; ) {
    const found = numberAt(digits, from);
    if (!found) {
      from += 1;
      continue;
    }
    text += run.slice(done, at[from]) + found.mark;
    from += found.length;
    done = (at[from - 1] ?? 0) + 1;
  }
  return text + run.slice(done);
}

function numberAt(digits: readonly number[], from: number): { length: number; mark: string } | undefined {
  for (let length = 19; length >= 13; length -= 1) {
    const part = digits.slice(from, from + length);
    if (part.length === length && (part[0] ?? 0) >= 2 && isLuhn(part)) return { length, mark: marks.card };
  }
  const part = digits.slice(from, from + 12);
  // an Aadhaar number starts with neither 0 nor 1
  if (part.length === 12 && (part[0] ?? 0) >= 2 && isVerhoeff(part))
    return { length: 12, mark: marks.aadhaar };
  return undefined;
}

/** The value of a decimal digit, of the scripts of India too: their digits stand at the same place of each block. */
function digitOf(sign: string): number {
  const code = sign.codePointAt(0) ?? 0;
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  if (code >= 0x966 && code <= 0xd6f) return (code & 0x7f) - 0x66;
  return Number.NaN;
}

function isLuhn(digits: readonly number[]): boolean {
  const sum = digits.toReversed().reduce((total, digit, at) => {
    const value = at % 2 === 0 ? digit : digit * 2;
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}

function isVerhoeff(digits: readonly number[]): boolean {
  return digits.toReversed().reduce((check, digit, at) => times(check, permuted(digit, at)), 0) === 0;
}

/** The product in the dihedral group of order ten. */
function times(a: number, b: number): number {
  if (a < 5) return b < 5 ? (a + b) % 5 : 5 + ((a + b) % 5);
  return b < 5 ? 5 + ((a - b + 5) % 5) : (a - b + 5) % 5;
}

const permutation = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];

function permuted(digit: number, place: number): number {
  let value = digit;
  for (let step = 0; step < place % 8; step += 1) value = permutation[value] ?? 0;
  return value;
}
