import type { IgnoredFields } from './messages.ts';
import { excerpt } from './problem.ts';

/** An object as JSON gives it. */
export type JsonRecord = { readonly [name: string]: unknown };

const mostNames = 16;

/** What a frame without surprises reports; shared, so that audio frames allocate nothing for it. */
export const nothingIgnored: IgnoredFields = Object.freeze({ count: 0, names: Object.freeze([]) });

/** Collects the fields of one frame that are not used; keeps the first 16 names and counts the rest. */
export class IgnoredTally {
  #count = 0;
  readonly #names: string[] = [];

  note(where: string, name: string): void {
    this.#count += 1;
    if (this.#names.length < mostNames) this.#names.push(excerpt(where === '' ? name : `${where}.${name}`));
  }

  get fields(): IgnoredFields {
    return this.#count === 0 ? nothingIgnored : { count: this.#count, names: this.#names };
  }
}

/** Tells whether a JSON value is an object (not a list, not null). */
export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Takes the known fields of an object under their snake_case names, and notes all others as ignored.
 *
 * A camelCase spelling serves where the snake_case one is missing (Exotel: some connect paths use it); null counts
 * as missing.
 */
export function takeFields(
  from: JsonRecord,
  known: ReadonlySet<string>,
  where: string,
  ignored: IgnoredTally,
): Record<string, unknown> {
  const taken: Record<string, unknown> = {};
  for (const name of Object.keys(from)) {
    const value = from[name];
    if (known.has(name)) {
      if (value !== null) taken[name] = value;
      continue;
    }
    const snakeName = toSnakeCase(name);
    if (!known.has(snakeName)) ignored.note(where, name);
    else if (value !== null && (from[snakeName] ?? null) === null) taken[snakeName] = value;
  }
  return taken;
}

/** A finite number from a number or from text that is one; undefined otherwise. */
export function toNumber(value: unknown): number | undefined {
  if (typeof value !== 'number' && (typeof value !== 'string' || value.trim() === '')) return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

/** Non-empty text from text or a number; undefined otherwise. */
export function toText(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function toSnakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
