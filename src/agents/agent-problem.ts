/** One thing that is wrong with an agent file. */
export interface AgentProblem {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** The place in the file, such as `playout.chunk_ms` or `languages[1]`; `''` for the file as a whole. */
  readonly path: string;
  readonly expected: string;
  readonly found: string;
  /** A guess at what was meant. */
  readonly hint: string | undefined;
}

/** `file:line:column  path: expected …, found … (hint)`. */
export function formatProblem(problem: AgentProblem): string {
  const { file, line, column, path, expected, found, hint } = problem;
  const place = path === '' ? '' : `${path}: `;
  return `${file}:${line}:${column}  ${place}expected ${expected}, found ${found}${hint ? ` (${hint})` : ''}`;
}

const longestQuote = 60;

/** A value in words, as an error says it after "found": `the text "40ms"`, `a map`, `nothing`. */
export function describeFound(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`;
  if (typeof value === 'object') return 'a map';
  if (typeof value !== 'string') return String(value);
  if (value === '') return 'an empty text';
  if (value.length > longestQuote) return `a text of ${value.length} characters`;
  return `the text ${JSON.stringify(value)}`;
}
