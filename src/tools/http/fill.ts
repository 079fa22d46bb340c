import { type CallFacts, type TemplatePart, templateParts, variableValue } from '../../agents/index.ts';
import { ToolFailed } from '../result.ts';
import type { ToolArguments } from '../tool.ts';

/** What a template is filled from. */
export interface Filling {
  readonly args: ToolArguments;
  /** What is known of the call; variables are empty without it. */
  readonly facts: CallFacts | undefined;
  readonly timeZone: string;
}

/** The text of a template; undefined when an argument that it needs was not given. */
export function filled(
  template: string,
  from: Filling,
  encode: (value: string) => string = (value) => value,
): string | undefined {
  const texts = templateParts(template).map((part) =>
    part.kind === 'text' ? part.text : textOfPart(part, from, encode),
  );
  return texts.some((text) => text === undefined) ? undefined : texts.join('');
}

function textOfPart(
  part: Exclude<TemplatePart, { kind: 'text' }>,
  { args, facts, timeZone }: Filling,
  encode: (value: string) => string,
): string | undefined {
  if (part.kind === 'variable') return encode(facts ? variableValue(part.name, facts, timeZone) : '');
  const value = Object.hasOwn(args, part.name) ? args[part.name] : undefined;
  if (value === undefined || value === null) return undefined;
  return encode(typeof value === 'string' ? value : JSON.stringify(value));
}

/** A body with its texts filled in: `{argument}` alone becomes the value itself, and leaves its key out when it was not given. */
export function filledBody(template: unknown, from: Filling): unknown {
  if (Array.isArray(template)) {
    return template.map((item) => filledBody(item, from)).filter((item) => item !== undefined);
  }
  if (typeof template === 'object' && template !== null) {
    const entries = Object.entries(template).map(([key, inner]) => [key, filledBody(inner, from)] as const);
    return Object.fromEntries(entries.filter(([, inner]) => inner !== undefined));
  }
  if (typeof template !== 'string') return template;
  const [only, ...more] = templateParts(template);
  if (only?.kind === 'argument' && more.length === 0) {
    return Object.hasOwn(from.args, only.name) ? from.args[only.name] : undefined;
  }
  return filled(template, from);
}

/** The address of a template: what is filled in stays within its place. @throws ToolFailed */
export function filledAddress(template: string, query: Readonly<Record<string, string>>, from: Filling): URL {
  const text = filled(template, from, encodeURIComponent);
  if (text === undefined)
    throw new ToolFailed('tool.bad-arguments', 'an argument that the address needs is missing');
  const places = segmentsOf(template);
  // an argument of "..", or an empty one, would lead to another resource
  const strays = segmentsOf(text).some(
    (segment, at) => segment === '.' || segment === '..' || (segment === '' && places[at] !== ''),
  );
  if (strays) throw new ToolFailed('tool.bad-arguments', 'an argument cannot be part of the address');
  const url = new URL(text);
  for (const [name, value] of Object.entries(query)) {
    const given = filled(value, from);
    if (given !== undefined) url.searchParams.append(name, given);
  }
  return url;
}

/** The parts of the path of an address, or of a template of one. */
function segmentsOf(address: string): string[] {
  const [beforeQuery = ''] = address.split(/[?#]/);
  return beforeQuery.split('/').slice(3);
}
