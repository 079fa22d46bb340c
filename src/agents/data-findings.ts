import type * as z from 'zod';
import { describeFound } from './agent-problem.ts';
import { fieldAt } from './agent-table.ts';
import { nearest } from './did-you-mean.ts';
import type { Field } from './field.ts';
import { asMap, type Finding, stepInto } from './finding.ts';
import type { Step } from './yaml-text.ts';

type DataField = Extract<Field, { kind: 'data' }>;

const secretFound = 'another text, not shown';

/** The field of structured data that a path leads to or into. */
export function dataFieldAt(path: readonly Step[]): DataField | undefined {
  const [first = '', second = ''] = path;
  const field = fieldAt(String(first)) ?? fieldAt(`${first}.${second}`);
  return field?.kind === 'data' ? field : undefined;
}

/** Says what one issue of zod within a field of structured data is. */
export function dataFindings(
  field: DataField,
  issue: z.core.$ZodIssue,
  path: readonly Step[],
  content: unknown,
): Finding[] {
  const value = path.reduce<unknown>(stepInto, content);
  const inField = path.slice(fieldAt(String(path[0])) ? 1 : 2);
  if (issue.code === 'unrecognized_keys') {
    const known = partOf(field.schema, inField).names;
    const expected = `a field of ${path.filter((step) => typeof step === 'string').join('.')}`;
    return issue.keys.map((key) => {
      const meant = nearest(key, known);
      const hint = meant && `did you mean ${meant}?`;
      return {
        path: [...path, key],
        at: 'key',
        expected,
        found: `the unknown name ${JSON.stringify(key)}`,
        hint,
      };
    });
  }
  const { isSecret } = partOf(field.schema, inField);
  const told = issue.code === 'custom' ? issue.params : undefined;
  const said = typeof told?.found === 'string' ? told.found : undefined;
  const mayBeSecret = isSecret || String(path.at(-1)).startsWith('secret');
  const plain = mayBeSecret && typeof value === 'string' ? secretFound : describeFound(value);
  return [
    {
      path,
      at: issue.code === 'invalid_key' ? 'key' : 'value',
      expected: expectedBy(issue, inField.length === 0 ? field.expected : undefined),
      found: said ?? (issue.code === 'invalid_key' ? JSON.stringify(path.at(-1)) : plain),
      hint: typeof told?.hint === 'string' ? told.hint : undefined,
    },
  ];
}

/** zod's own words begin like this; all others are ours. */
const wordsOfZod = /^(Invalid|Too (small|big)|Unrecognized)/;

function expectedBy(issue: z.core.$ZodIssue, ofField: string | undefined): string {
  if (!wordsOfZod.test(issue.message)) return issue.message;
  switch (issue.code) {
    case 'invalid_type':
      return ofField ?? kinds[issue.expected] ?? issue.expected;
    case 'invalid_value':
      return issue.values.length === 1 ? String(issue.values[0]) : `one of ${issue.values.join(', ')}`;
    case 'too_small':
      return `${issue.inclusive === false ? 'more than' : 'at least'} ${amount(issue.origin, Number(issue.minimum))}`;
    case 'too_big':
      return `${issue.inclusive === false ? 'less than' : 'at most'} ${amount(issue.origin, Number(issue.maximum))}`;
    case 'not_multiple_of':
      return `a multiple of ${issue.divisor}`;
    case 'invalid_key':
      return issue.issues[0]?.message ?? 'another name';
    default:
      return ofField ?? 'a value of another form';
  }
}

const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map of fields',
  record: 'a map',
};

function amount(origin: string, limit: number): string {
  if (origin === 'string') return `${limit} ${limit === 1 ? 'character' : 'characters'}`;
  if (origin === 'array') return `${limit} ${limit === 1 ? 'item' : 'items'}`;
  return String(limit);
}

/** The names of a map and whether a text is secret, at a place within a schema; nothing where zod does not tell. */
function partOf(
  schema: z.core.$ZodType,
  path: readonly Step[],
): { readonly names: readonly string[]; readonly isSecret: boolean } {
  let parts = unwrapped(schema);
  let isSecret = parts.some(isMarkedSecret);
  for (const step of path) {
    parts = parts.flatMap((part) => {
      const def = defOf(part);
      const inner = def?.element ?? asMap(def?.shape)?.[step] ?? def?.valueType;
      return inner === undefined ? [] : unwrapped(inner);
    });
    isSecret ||= parts.some(isMarkedSecret);
  }
  return { names: parts.flatMap((part) => Object.keys(asMap(defOf(part)?.shape) ?? {})), isSecret };
}

/** A part of a schema with all that it is wrapped around, and each of its alternatives. */
function unwrapped(part: unknown): unknown[] {
  const def = defOf(part);
  const inner = def?.innerType ?? (def?.type === 'pipe' ? def.in : undefined);
  const alternatives = Array.isArray(def?.options) ? def.options : inner === undefined ? [] : [inner];
  return [part, ...alternatives.flatMap(unwrapped)];
}

function defOf(part: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof part === 'object' && part !== null ? asMap(Reflect.get(part, 'def')) : undefined;
}

function isMarkedSecret(part: unknown): boolean {
  const meta: unknown = typeof part === 'object' && part !== null ? Reflect.get(part, 'meta') : undefined;
  return typeof meta === 'function' && asMap(meta.call(part))?.isSecret === true;
}
