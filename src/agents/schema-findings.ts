import type * as z from 'zod';
import { describeFound } from './agent-problem.ts';
import { agentFileSchema } from './agent-schema.ts';
import { fieldAt, sections, table } from './agent-table.ts';
import { dataFieldAt, dataFindings } from './data-findings.ts';
import { nearest } from './did-you-mean.ts';
import { expectedOf, type Field, fileName } from './field.ts';
import { type Finding, stepInto } from './finding.ts';
import type { Step } from './yaml-text.ts';

const sectionKeys = Object.keys(sections).map(fileName);

/** Checks the content of an agent file field by field and says in the table's words what is wrong. */
export function schemaFindings(content: unknown): Finding[] {
  const { error } = agentFileSchema.safeParse(content);
  const findings = (error?.issues ?? []).flatMap((issue) => findingsOf(issue, content));
  const seen = new Set<string>();
  return findings.filter(({ path }) => {
    const key = JSON.stringify(path);
    return !seen.has(key) && seen.add(key);
  });
}

function findingsOf(issue: z.core.$ZodIssue, content: unknown): Finding[] {
  const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
  const mapped = fieldAt(path.slice(0, 2).join('.'));
  if (mapped?.kind === 'map') return mapFindings(mapped, issue, path, content);
  const structured = dataFieldAt(path);
  if (structured) return dataFindings(structured, issue, path, content);
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownName(path, key));
  const value = path.reduce<unknown>(stepInto, content);
  const described = describeFound(value);
  const [section = '', name] = path;
  const field = fieldAt(typeof name === 'string' ? `${section}.${name}` : String(section));
  const found =
    field?.kind === 'text' && field.isSecret && typeof value === 'string'
      ? 'another text, not shown'
      : described;
  if (field?.kind === 'list' && path.length > 1)
    return [{ path, at: 'value', expected: field.expected, found }];
  if (field) return [{ path, at: 'value', expected: expectedOf(field), found, hint: hintFor(field, value) }];
  if (section === 'audio_format') {
    return [{ path, at: 'value', expected: 'the name of an audio format, or a map of its parts', found }];
  }
  const hint = value === null ? 'leave it out, or give it a field' : undefined;
  return [{ path, at: 'value', expected: 'a map of fields', found, hint }];
}

function mapFindings(
  field: Extract<Field, { kind: 'map' }>,
  issue: z.core.$ZodIssue,
  path: readonly Step[],
  content: unknown,
): Finding[] {
  const found = describeFound(path.reduce<unknown>(stepInto, content));
  if (path.length === 2 && issue.code !== 'unrecognized_keys')
    return [{ path, at: 'value', expected: expectedOf(field), found }];
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...path, key]) : [path];
  return unknown.map((steps) => {
    const key = String(steps.at(-1));
    if (!field.keys.includes(key)) {
      const expected = `one of ${field.keys.join(' ')}`;
      return { path: steps, at: 'key' as const, expected, found: JSON.stringify(key) };
    }
    const value = steps.reduce<unknown>(stepInto, content);
    const hint = typeof value === 'string' ? nearest(value, field.options) : undefined;
    return {
      path: steps,
      at: 'value' as const,
      expected: `one of ${field.options.join(', ')}`,
      found: describeFound(value),
      hint: hint && `did you mean ${hint}?`,
    };
  });
}

function unknownName(path: readonly Step[], key: string): Finding {
  const [section] = path;
  const known = section === undefined ? topLevelNames() : namesIn(String(section));
  const meant = nearest(key, known);
  const elsewhere = table.find((entry) => entry.path.endsWith(`.${key}`) || (section && entry.path === key));
  const hint = meant ? `did you mean ${meant}?` : elsewhere && `did you mean ${elsewhere.path}?`;
  return {
    path: [...path, key],
    at: 'key',
    expected: section === undefined ? 'a field of an agent file' : `a field of ${section}`,
    found: `the unknown name ${JSON.stringify(key)}`,
    hint,
  };
}

function topLevelNames(): string[] {
  return [...table.filter(({ section }) => section === '').map(({ path }) => path), ...sectionKeys];
}

function namesIn(section: string): string[] {
  const inTable = table
    .filter((entry) => entry.section === section)
    .map(({ path }) => path.slice(section.length + 1));
  return inTable.length ? inTable : ['enabled', 'threshold', 'silence_duration_ms'];
}

function hintFor(field: Field, value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  if (field.kind === 'number' && /^\s*[\d.]/.test(value))
    return 'write the bare number, without unit or quotes';
  if (field.kind !== 'choice') return undefined;
  const meant = nearest(value, field.options);
  return meant && `did you mean ${meant}?`;
}
