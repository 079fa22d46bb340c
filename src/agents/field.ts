import type * as z from 'zod';

/** The unit of a field's number, shown by `baari check`; `''` where the value has none. */
export type Unit = 'ms' | 's' | 'min' | 'dB' | '0–1' | '';

/** Who ends the caller's turn: Baari's own detector, or Gemini's automatic detection. */
export type TurnOwner = 'baari' | 'gemini';

interface Described<T> {
  /** What it does, in one line. */
  readonly description: string;
  readonly default: T;
  readonly unit: Unit;
  /** The file must state it; the default is then never used. */
  readonly required: boolean;
  /** In force only while `turns.owner` is this. */
  readonly onlyFor: TurnOwner | undefined;
}

interface NumberField<T extends number | undefined = number | undefined> extends Described<T> {
  readonly kind: 'number';
  readonly min: number;
  readonly max: number;
  readonly whole: boolean;
  /** The value is a multiple of this. */
  readonly step: number | undefined;
}

interface TextField<T extends string | undefined = string | undefined> extends Described<T> {
  readonly kind: 'text';
  readonly maxLength: number;
  readonly pattern: RegExp;
  /** The pattern in words, for errors. */
  readonly expected: string;
  /** Somebody may put a secret here by mistake: an error never shows what came. */
  readonly isSecret: boolean;
}

interface ChoiceField<T extends string = string> extends Described<T> {
  readonly kind: 'choice';
  readonly options: readonly T[];
}

interface FlagField extends Described<boolean> {
  readonly kind: 'flag';
}

interface ListField extends Described<readonly string[]> {
  readonly kind: 'list';
  readonly maxItems: number;
  readonly pattern: RegExp;
  readonly expected: string;
}

interface MapField<T extends string = string> extends Described<Readonly<Record<string, T>>> {
  readonly kind: 'map';
  readonly keys: readonly string[];
  readonly options: readonly T[];
}

interface DataField<T = unknown> extends Described<T> {
  readonly kind: 'data';
  /** Accepts what the file has, and gives the value; its error messages say what is expected. */
  readonly schema: z.ZodType<T>;
  readonly expected: string;
  /** The value as `baari check` shows it. */
  shown(value: T): readonly string[];
}

/** One field of an agent file: everything that is known of it, in one place. */
export type Field = NumberField | TextField | ChoiceField | FlagField | ListField | MapField | DataField;

/** Fields by their name in code (camelCase); the file writes the same name in snake_case. */
export type Fields = Readonly<Record<string, Field>>;

/** The values of `Fields`, by the same names. */
export type Values<F extends Fields> = { readonly [K in keyof F]: F[K]['default'] };

/** A group of fields under one key of the file. */
export interface Section<F extends Fields = Fields> {
  readonly description: string;
  readonly fields: F;
  readonly onlyFor: TurnOwner | undefined;
}

interface NumberRange {
  readonly min: number;
  readonly max: number;
  readonly step?: number;
  readonly onlyFor?: TurnOwner;
}

const plain = { unit: '', required: false, onlyFor: undefined } as const;

function wholeNumber(
  unit: Unit,
  value: number,
  range: NumberRange,
  description: string,
): NumberField<number> {
  const { min, max, step, onlyFor } = range;
  return {
    kind: 'number',
    unit,
    default: value,
    min,
    max,
    step,
    whole: true,
    required: false,
    onlyFor,
    description,
  };
}

/** A whole number of milliseconds from `min` to `max`. */
export function milliseconds(value: number, range: NumberRange, description: string): NumberField<number> {
  return wholeNumber('ms', value, range, description);
}

/** A whole number of things from `min` to `max`. */
export function count(value: number, range: NumberRange, description: string): NumberField<number> {
  return wholeNumber('', value, range, description);
}

/** A whole number of seconds from `min` to `max`. */
export function seconds(value: number, range: NumberRange, description: string): NumberField<number> {
  return wholeNumber('s', value, range, description);
}

/** A whole number of minutes from `min` to `max`. */
export function minutes(value: number, range: NumberRange, description: string): NumberField<number> {
  return wholeNumber('min', value, range, description);
}

/** Any number from `min` to `max`; without a default (`undefined`) the field may stay unset. */
export function fraction<T extends number | undefined>(
  unit: Unit,
  value: T,
  range: NumberRange,
  description: string,
): NumberField<T> {
  const { min, max, step, onlyFor } = range;
  return {
    kind: 'number',
    unit,
    default: value,
    min,
    max,
    step,
    whole: false,
    required: false,
    onlyFor,
    description,
  };
}

/** Text of at most `maxLength` characters that matches `pattern`; `undefined` as default leaves it unset. */
export function text<T extends string | undefined>(
  value: T,
  form: {
    readonly maxLength: number;
    readonly pattern?: RegExp;
    readonly expected: string;
    readonly required?: true;
    readonly isSecret?: true;
  },
  description: string,
): TextField<T> {
  const { maxLength, pattern = /\S/, expected, required = false, isSecret = false } = form;
  return {
    ...plain,
    kind: 'text',
    default: value,
    maxLength,
    pattern,
    expected,
    required,
    isSecret,
    description,
  };
}

/** One of `options`. */
export function choice<const T extends string>(
  value: NoInfer<T>,
  options: readonly T[],
  description: string,
): ChoiceField<T> {
  return { ...plain, kind: 'choice', default: value, options, description };
}

/** True or false. */
export function flag(value: boolean, description: string): FlagField {
  return { ...plain, kind: 'flag', default: value, description };
}

/** A list of texts that match `pattern`, empty by default. */
export function list(
  form: { readonly maxItems: number; readonly pattern: RegExp; readonly expected: string },
  description: string,
): ListField {
  return { ...plain, kind: 'list', default: [], ...form, description };
}

/** A map from some of `keys` to `options`, empty by default. */
export function map<const T extends string>(
  keys: readonly string[],
  options: readonly T[],
  description: string,
): MapField<T> {
  return { ...plain, kind: 'map', default: {}, keys, options, description };
}

/**
 * Structured data, such as a list of maps, that `schema` reads; `shown` gets the default too.
 *
 * `schema` is a zod schema of what the file says, so with names in snake_case: `z.array(z.strictObject({ … }).transform(inCode))`
 * gives the code the same in camelCase, with zod's defaults in place; descriptions in `.meta()` go into the JSON Schema. An error
 * says what is expected in words of the schema's own, `{ error: 'the name of …' }` at any part of it, or else by the kind, limits
 * or choices of that part; what is there is added, unless it may be a secret: `.meta({ isSecret: true })`, or a name that begins
 * with `secret`. What must hold between parts goes into `superRefine`, with `found` and `hint` in the `params` of an issue where
 * the value alone says too little. `shown` must tell no secrets.
 */
export function data<T>(
  form: {
    readonly schema: z.ZodType<T>;
    readonly default: T;
    readonly expected: string;
    readonly shown: (value: T) => readonly string[];
  },
  description: string,
): DataField<T> {
  return { ...plain, kind: 'data', ...form, description };
}

/** Groups `fields`; with `onlyFor` the whole group is in force only while `turns.owner` is that. */
export function section<F extends Fields>(description: string, fields: F, onlyFor?: TurnOwner): Section<F> {
  return { description, fields, onlyFor };
}

/** The name in the file of a name in code: `onsetMs` becomes `onset_ms`. */
export function fileName(codeName: string): string {
  return codeName.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

type InCode<Name> = Name extends `${infer Head}_${infer Tail}` ? `${Head}${Capitalize<InCode<Tail>>}` : Name;

/** The same map with its own names as code has them, `max_bytes` as `maxBytes`; the names within its values stay. */
export function inCode<T extends object>(value: T): { readonly [K in keyof T as InCode<K>]: T[K] } {
  const renamed = Object.entries(value).map(([name, inner]) => [
    name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
    inner,
  ]);
  return Object.fromEntries(renamed);
}

/** What the field accepts, in words, as an error says it after "expected". */
export function expectedOf(field: Field): string {
  if (field.kind === 'number') {
    const unit = field.unit && field.unit !== '0–1' ? ` ${field.unit}` : '';
    const step = field.step ? `, a multiple of ${field.step}` : '';
    return `a ${field.whole ? 'whole ' : ''}number from ${field.min} to ${field.max}${unit}${step}`;
  }
  if (field.kind === 'choice') return `one of ${field.options.join(', ')}`;
  if (field.kind === 'flag') return 'true or false';
  if (field.kind === 'list') return `a list of 1 to ${field.maxItems}, each ${field.expected}`;
  if (field.kind === 'map') return `a map from keys (${field.keys.join(' ')}) to ${field.options.join(', ')}`;
  return field.expected;
}

/** The range of values as `baari check` prints it: `20–200, step 20`, the options, or `''` for free text. */
export function rangeOf(field: Field): string {
  if (field.kind === 'number') return `${field.min}–${field.max}${field.step ? `, step ${field.step}` : ''}`;
  if (field.kind === 'choice')
    return field.options.length > 6 ? `${field.options.length} names` : field.options.join(' | ');
  if (field.kind === 'flag') return 'true | false';
  if (field.kind === 'map') return `${field.keys.join(' ')} → ${field.options.join(' | ')}`;
  return '';
}
