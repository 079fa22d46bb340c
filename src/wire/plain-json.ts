const quote = 0x22;
const backslash = 0x5c;
const space = 0x20;
const lastAscii = 0x7e;
/** A longer number is none that a counter reaches. */
const mostDigits = 15;

/**
 * Walks over a JSON text as long as it is of the plainest kind: texts without escapes, whole numbers. Audio comes in such
 * texts fifty times a second and call, in two names and a long text; whatever is not plain is left to `JSON.parse`.
 *
 * One walk at a time: `begin`, then one call after the other; the first that is false, or undefined, ends it.
 */
export class PlainJson {
  #data: Buffer = Buffer.alloc(0);
  #at = 0;
  #from = 0;
  #to = 0;

  begin(data: Buffer): this {
    this.#data = data;
    this.#at = 0;
    return this;
  }

  /** Takes one of `{}[],:`, and white space before it. */
  take(mark: string): boolean {
    if (this.#next() !== mark.charCodeAt(0)) return false;
    this.#at += 1;
    return true;
  }

  /** Takes a short text, which `is` and `text` then tell of. */
  takeText(): boolean {
    if (this.#next() !== quote) return false;
    const data = this.#data;
    this.#from = this.#at + 1;
    for (let at = this.#from; at < data.length; at += 1) {
      const byte = data[at] ?? 0;
      if (byte === quote) {
        this.#to = at;
        this.#at = at + 1;
        return true;
      }
      if (byte < space || byte > lastAscii || byte === backslash) return false;
    }
    return false;
  }

  /** As {@link takeText}, for a text of many characters, in which only escapes are looked for. */
  takeLongText(): boolean {
    if (this.#next() !== quote) return false;
    this.#from = this.#at + 1;
    this.#to = this.#data.indexOf(quote, this.#from);
    if (this.#to < 0) return false;
    this.#at = this.#to + 1;
    const escapeAt = this.#data.indexOf(backslash, this.#from);
    return escapeAt < 0 || escapeAt > this.#to;
  }

  /** Takes a field's name, which `is` then tells of, and the colon. */
  takeName(): boolean {
    return this.takeText() && this.take(':');
  }

  /** Takes the field's name `name` and the colon. */
  takeNameOf(name: string): boolean {
    return this.takeText() && this.is(name) && this.take(':');
  }

  /** Takes a whole number, or a text of nothing else. */
  takeNumber(): number | undefined {
    const isText = this.#next() === quote;
    if (isText) this.#at += 1;
    const from = this.#at;
    let number = 0;
    for (let digit = this.#digit(); digit >= 0; digit = this.#digit()) {
      number = number * 10 + digit;
      this.#at += 1;
    }
    const digits = this.#at - from;
    const startsWithZero = digits > 1 && this.#data[from] === 0x30;
    if (digits === 0 || digits > mostDigits || startsWithZero) return undefined;
    return !isText || this.take('"') ? number : undefined;
  }

  /** Whether the last text is `text`, which is ASCII. */
  is(text: string): boolean {
    if (this.#to - this.#from !== text.length) return false;
    for (let i = 0; i < text.length; i += 1) {
      if (this.#data[this.#from + i] !== text.charCodeAt(i)) return false;
    }
    return true;
  }

  /** The last text. */
  get text(): string {
    return this.#data.toString('latin1', this.#from, this.#to);
  }

  /** Whether nothing follows but white space. */
  get isAtEnd(): boolean {
    return this.#next() < 0;
  }

  /** The next byte that is no white space; −1 at the end. */
  #next(): number {
    const data = this.#data;
    while (this.#at < data.length) {
      const byte = data[this.#at] ?? 0;
      if (byte !== space && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return byte;
      this.#at += 1;
    }
    return -1;
  }

  #digit(): number {
    const digit = (this.#data[this.#at] ?? 0) - 0x30;
    return digit <= 9 ? digit : -1;
  }
}
