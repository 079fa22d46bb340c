import type { Step } from './yaml-text.ts';

/** Something wrong with the content of an agent file, before its place in the text is looked up. */
export interface Finding {
  readonly path: readonly Step[];
  /** Which of the two the problem points at. */
  readonly at: 'key' | 'value';
  readonly expected: string;
  readonly found: string;
  readonly hint?: string | undefined;
}

/** `['languages', 1]` as `languages[1]`. */
export function pathText(path: readonly Step[]): string {
  return path
    .map((step, depth) => (typeof step === 'number' ? `[${step}]` : `${depth ? '.' : ''}${step}`))
    .join('');
}

/** The part of `value` at a step: an item of a list, or the value of a key. */
export function stepInto(value: unknown, step: Step): unknown {
  if (Array.isArray(value)) return value[Number(step)];
  return asMap(value)?.[step];
}

/** The content of a map, or undefined for anything else. */
export function asMap(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}
