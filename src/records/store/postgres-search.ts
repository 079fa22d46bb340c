import { numberKey } from './number-key.ts';
import { limitOf, type RecordQuery, rowsPerMs } from './record-store.ts';
import { wordsSoughtIn } from './words.ts';

/** One statement that finds a page and one call more. */
export interface PostgresSearch {
  readonly sql: string;
  readonly values: readonly unknown[];
  readonly limit: number;
}

const columns = 'id, call_id, agent, outcome, from_number, to_number, duration_ms';

/** The statement for a query; undefined when nothing can be found by it. */
export function postgresSearch(query: RecordQuery, key: string | undefined): PostgresSearch | undefined {
  const { fromMs, toMs, after, agent, agents, outcome, number, text } = query;
  const words = text === undefined ? [] : wordsSoughtIn(text);
  if (text !== undefined && words.length === 0) return undefined;
  const values: unknown[] = [];
  const given = (value: unknown): string => `$${values.push(value)}`;
  const conditions: string[] = [];
  if (fromMs !== undefined) conditions.push(`id >= ${given(Math.ceil(fromMs) * rowsPerMs)}::bigint`);
  if (toMs !== undefined) conditions.push(`id < ${given(Math.ceil(toMs) * rowsPerMs)}::bigint`);
  if (after !== undefined) conditions.push(`id < ${given(after)}::bigint`);
  if (agent !== undefined) conditions.push(`agent = ${given(agent)}`);
  if (agents !== undefined) conditions.push(`agent = ANY(${given(agents)})`);
  if (outcome !== undefined) conditions.push(`outcome = ${given(outcome)}`);
  // words hold letters, digits and marks only: nothing in them can end a quote
  if (words.length > 0)
    conditions.push(`words @@ ${given(words.map((word) => `'${word}':*`).join(' & '))}::tsquery`);
  const limit = limitOf(query);
  const most = given(limit + 1);
  const select = (more: readonly string[]): string => {
    const all = [...conditions, ...more];
    const where = all.length === 0 ? '' : `WHERE ${all.join(' AND ')}`;
    return `SELECT ${columns} FROM baari_calls ${where} ORDER BY id DESC LIMIT ${most}`;
  };
  if (number === undefined) return { sql: select([]), values, limit };
  const side = given(numberKey(number, key));
  // each side by an index of its own
  const sides = ['from_key', 'to_key'].map((column) => `(${select([`${column} = ${side}`])})`);
  return { sql: `${sides.join(' UNION ')} ORDER BY id DESC LIMIT ${most}`, values, limit };
}
