import { type IgnoredTally, isRecord, type JsonRecord } from './fields.ts';

/** Name under which a call's `CustomField` is given when it is plain text and so has no names of its own. */
export const customFieldName = 'CustomField';

const entities: Readonly<Record<string, string>> = { quot: '"', amp: '&', lt: '<', gt: '>', apos: "'" };

/**
 * The custom parameters of `start` as names and texts.
 *
 * Exotel: a call's `CustomField` may arrive as a single HTML-escaped name with an empty value. It is unescaped and read
 * as a JSON object, or else given whole under {@link customFieldName}.
 */
export function readCustomParameters(
  value: unknown,
  ignored: IgnoredTally,
): Readonly<Record<string, string>> {
  if (typeof value === 'string') return value === '' ? {} : readCustomField(value, ignored);
  if (!isRecord(value)) {
    if (value !== undefined) ignored.note('start', 'custom_parameters');
    return {};
  }
  const names = Object.keys(value);
  const [name] = names;
  if (names.length === 1 && name && isBlank(value[name])) return readCustomField(name, ignored);
  return toTexts(value, ignored);
}

function readCustomField(escaped: string, ignored: IgnoredTally): Record<string, string> {
  const text = unescapeHtml(escaped);
  try {
    const parsed: unknown = JSON.parse(text);
    if (isRecord(parsed)) return toTexts(parsed, ignored);
  } catch {
    // not JSON: plain text
  }
  return { [customFieldName]: text };
}

function toTexts(record: JsonRecord, ignored: IgnoredTally): Record<string, string> {
  const texts: [string, string][] = [];
  for (const [name, value] of Object.entries(record)) {
    const text = toParameterText(value);
    if (text === undefined) ignored.note('start.custom_parameters', name);
    else texts.push([name, text]);
  }
  // fromEntries defines own properties, so a parameter called __proto__ stays a parameter
  return Object.fromEntries(texts);
}

function toParameterText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (value === null) return '';
  try {
    return JSON.stringify(value);
  } catch {
    return undefined; // nested deeper than the stack allows
  }
}

function isBlank(value: unknown): boolean {
  return value === '' || value === null;
}

function unescapeHtml(text: string): string {
  return text.replace(
    /&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(quot|amp|lt|gt|apos));/g,
    (whole, dec, hex, name) => {
      if (name) return entities[name] ?? whole;
      const code = dec ? Number.parseInt(dec, 10) : Number.parseInt(hex, 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
}
