import jsonata from 'jsonata';
import type { GuardedResponse } from '../../wire/index.ts';
import { ToolFailed } from '../result.ts';
import type { ToolArguments } from '../tool.ts';

/** Longest run of a mapping, ms, its deepest recursion, and the longest sequence it may make: it runs beside live calls. */
const mappingMs = 100;
const mappingDepth = 200;
const mappingItems = 20_000;
/** Most of an error's text that the model is told, characters. */
const longestError = 300;

/** Maps an answer to what the model is told. */
export type ReadAnswer = (response: GuardedResponse, args: ToolArguments) => Promise<unknown>;

/** Reads answers by a JSONata expression, or whole. */
export function answerReader(expression: string | undefined): ReadAnswer {
  const options = { timeout: mappingMs, stack: mappingDepth, sequence: mappingItems };
  const mapping = expression === undefined ? undefined : jsonata(expression, options);
  return async (response, args) => {
    const { status } = response;
    const content = contentOf(response);
    if (status >= 300) throw new ToolFailed('tool.http-status', refusalOf(status, content));
    if (!mapping) return content ?? { status };
    try {
      return (await mapping.evaluate(content, { status, arguments: args })) ?? null;
    } catch (error) {
      const code = typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : undefined;
      throw new ToolFailed('tool.mapping', `the answer cannot be read as result says (${String(code)})`);
    }
  };
}

/** JSON as what it is, other text as text; undefined for nothing. */
function contentOf({ headers, body }: GuardedResponse): unknown {
  if (body.length === 0) return undefined;
  const text = body.toString('utf8');
  if (!/\bjson\b/i.test(headers['content-type'] ?? 'json')) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function refusalOf(status: number, content: unknown): string {
  if (status < 400) return `the service answered ${status}, a redirect: it is not followed`;
  const text = content === undefined ? '' : typeof content === 'string' ? content : JSON.stringify(content);
  const said = text.replace(/\s+/g, ' ').slice(0, longestError);
  return `the service answered ${status}${said ? `: ${said}` : ''}`;
}
