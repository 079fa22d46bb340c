import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { numberKey } from './number-key.ts';
import {
  type Fact,
  type FoundCall,
  limitOf,
  mostFacts,
  type RecordPage,
  type RecordQuery,
  rowsPerMs,
  type StoredCall,
} from './record-store.ts';
import { wordsSoughtIn } from './words.ts';

const schema = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  PRAGMA busy_timeout = 5000;
  PRAGMA secure_delete = ON;
  CREATE TABLE IF NOT EXISTS calls (
    id INTEGER PRIMARY KEY, callId TEXT NOT NULL UNIQUE, agent TEXT NOT NULL, outcome TEXT NOT NULL,
    fromKey TEXT NOT NULL, toKey TEXT NOT NULL, fromNumber TEXT NOT NULL, toNumber TEXT NOT NULL,
    durationMs REAL NOT NULL, keepUntilMs INTEGER);
  CREATE INDEX IF NOT EXISTS byAgent ON calls (agent, id);
  CREATE INDEX IF NOT EXISTS byOutcome ON calls (outcome, id);
  CREATE INDEX IF NOT EXISTS byAgentAndOutcome ON calls (agent, outcome, id);
  CREATE INDEX IF NOT EXISTS byFrom ON calls (fromKey, id);
  CREATE INDEX IF NOT EXISTS byTo ON calls (toKey, id);
  CREATE INDEX IF NOT EXISTS byEnd ON calls (keepUntilMs) WHERE keepUntilMs IS NOT NULL;
  CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5 (text, prefix = '2 3 4', tokenize = "unicode61 remove_diacritics 0 categories 'L* N* M* Co'");
  CREATE TABLE IF NOT EXISTS facts (
    id INTEGER PRIMARY KEY, agent TEXT NOT NULL, numberKey TEXT NOT NULL, fact TEXT NOT NULL,
    atMs INTEGER NOT NULL, keepUntilMs INTEGER);
  CREATE INDEX IF NOT EXISTS factsByNumber ON facts (numberKey, agent, id);
`;

type Row = Record<string, unknown>;

/** The index of records in one SQLite file; blocks, so it runs on a thread of its own. */
export class IndexDatabase {
  readonly #db: DatabaseSync;
  readonly #key: string | undefined;
  readonly #statements = new Map<string, StatementSync>();

  /** @param key hashes numbers; without one they are indexed as they are */
  constructor(path: string, key: string | undefined) {
    this.#db = new DatabaseSync(path);
    this.#key = key;
    this.#db.exec(schema);
  }

  put(calls: readonly StoredCall[]): void {
    this.#atOnce(() => {
      for (const { record, text } of calls) {
        this.#delete(record.callId);
        const id = this.#freeId(Date.parse(record.startedAt));
        const { from = '', to = '' } = record.parties ?? {};
        const keys = [numberKey(from, this.#key), numberKey(to, this.#key)];
        const shown = this.#key === undefined ? [from, to] : keys;
        const keepUntilMs = record.keepUntil === undefined ? null : Date.parse(record.keepUntil);
        const { callId, agent, outcome, durationMs } = record;
        const values = [id, callId, agent.name, outcome, ...keys, ...shown, durationMs, keepUntilMs];
        this.#run('INSERT INTO calls VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)', values);
        if (text !== '') this.#run('INSERT INTO words (rowid, text) VALUES (?, ?)', [id, text]);
      }
    });
  }

  search(query: RecordQuery): RecordPage {
    const { fromMs, toMs, after, agent, agents, outcome, number, text } = query;
    const limit = limitOf(query);
    const wordsOf = text === undefined ? '' : matchOf(text);
    if (text !== undefined && wordsOf === '') return { calls: [], next: undefined };
    const id = wordsOf === '' || number !== undefined ? 'calls.id' : 'words.rowid';
    // a number is rarer than a word
    const joined = number === undefined ? 'words CROSS JOIN calls' : 'calls CROSS JOIN words';
    const table = wordsOf === '' ? 'calls' : `${joined} ON calls.id = words.rowid`;
    const conditions: [string, SQLInputValue[]][] = [];
    if (wordsOf !== '') conditions.push(['words MATCH ?', [wordsOf]]);
    if (fromMs !== undefined) conditions.push([`${id} >= ?`, [Math.ceil(fromMs) * rowsPerMs]]);
    if (toMs !== undefined) conditions.push([`${id} < ?`, [Math.ceil(toMs) * rowsPerMs]]);
    if (after !== undefined) conditions.push([`${id} < ?`, [after]]);
    if (agent !== undefined) conditions.push(['calls.agent = ?', [agent]]);
    if (agents !== undefined) {
      conditions.push([`calls.agent IN (${agents.map(() => '?').join(', ')})`, [...agents]]);
    }
    if (outcome !== undefined) conditions.push(['calls.outcome = ?', [outcome]]);
    const select = (more: [string, SQLInputValue[]][]) => {
      const all = [...conditions, ...more];
      const where = all.length === 0 ? '' : `WHERE ${all.map(([sql]) => sql).join(' AND ')}`;
      const values = [...all.flatMap(([, given]) => given), limit + 1];
      return this.#all(`SELECT calls.* FROM ${table} ${where} ORDER BY ${id} DESC LIMIT ?`, values);
    };
    const rows = number === undefined ? select([]) : merged(this.#byNumber(number, select));
    const page = rows.slice(0, limit);
    return {
      calls: page.map(foundCall),
      next: rows.length > limit ? Number(page.at(-1)?.id) : undefined,
    };
  }

  ofNumber(number: string): string[] {
    const key = numberKey(number, this.#key);
    if (key === '') return [];
    const rows = this.#all('SELECT callId FROM calls WHERE fromKey = ? OR toKey = ?', [key, key]);
    return rows.map(({ callId }) => String(callId));
  }

  /** Also forgets the facts whose time has come. */
  expired(wallMs: number): string[] {
    this.#run('DELETE FROM facts WHERE keepUntilMs <= ?', [wallMs]);
    return this.#all('SELECT callId FROM calls WHERE keepUntilMs <= ?', [wallMs]).map(({ callId }) =>
      String(callId),
    );
  }

  remove(callIds: readonly string[]): void {
    this.#atOnce(() => {
      for (const callId of callIds) this.#delete(callId);
    });
  }

  known(callIds: readonly string[]): string[] {
    return callIds.filter((callId) => this.#all('SELECT 1 FROM calls WHERE callId = ?', [callId]).length > 0);
  }

  remember(agent: string, number: string, { fact, atMs, keepUntilMs }: Fact): void {
    const key = numberKey(number, this.#key);
    if (key === '') return;
    this.#atOnce(() => {
      this.#run('INSERT INTO facts (agent, numberKey, fact, atMs, keepUntilMs) VALUES (?, ?, ?, ?, ?)', [
        agent,
        key,
        fact,
        Math.trunc(atMs),
        keepUntilMs ?? null,
      ]);
      const oldest =
        'SELECT id FROM facts WHERE agent = ? AND numberKey = ? ORDER BY id DESC LIMIT -1 OFFSET ?';
      this.#run(`DELETE FROM facts WHERE id IN (${oldest})`, [agent, key, mostFacts]);
    });
  }

  memoryOf(agent: string, number: string, wallMs: number): Fact[] {
    const rows = this.#all(
      'SELECT * FROM facts WHERE agent = ? AND numberKey = ? AND (keepUntilMs IS NULL OR keepUntilMs > ?) ORDER BY id',
      [agent, numberKey(number, this.#key), wallMs],
    );
    return rows.map(factOf);
  }

  forgetMemory(number: string): void {
    this.#run('DELETE FROM facts WHERE numberKey = ?', [numberKey(number, this.#key)]);
  }

  close(): void {
    this.#db.close();
  }

  /** Each side by an index of its own: with one condition for both, all calls would be sorted. */
  #byNumber(number: string, select: (more: [string, SQLInputValue[]][]) => Row[]): Row[] {
    const key = numberKey(number, this.#key);
    return ['calls.fromKey = ?', 'calls.toKey = ?'].flatMap((side) => select([[side, [key]]]));
  }

  #delete(callId: string): void {
    const [row] = this.#all('SELECT id FROM calls WHERE callId = ?', [callId]);
    if (!row) return;
    this.#run('DELETE FROM words WHERE rowid = ?', [Number(row.id)]);
    this.#run('DELETE FROM calls WHERE id = ?', [Number(row.id)]);
  }

  #freeId(startedMs: number): number {
    let id = startedMs * rowsPerMs;
    while (this.#all('SELECT 1 FROM calls WHERE id = ?', [id]).length > 0) id += 1;
    return id;
  }

  #atOnce(work: () => void): void {
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      work();
      this.#db.exec('COMMIT');
    } catch (error) {
      this.#db.exec('ROLLBACK');
      throw error;
    }
  }

  #run(sql: string, values: SQLInputValue[]): void {
    this.#statement(sql).run(...values);
  }

  #all(sql: string, values: SQLInputValue[]) {
    return this.#statement(sql).all(...values);
  }

  #statement(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known) return known;
    const made = this.#db.prepare(sql);
    this.#statements.set(sql, made);
    return made;
  }
}

/** The latest first, each once. */
function merged(rows: readonly Row[]): Row[] {
  const byId = new Map(rows.map((row) => [Number(row.id), row]));
  return [...byId].toSorted(([a], [b]) => b - a).map(([, row]) => row);
}

function foundCall(row: Row): FoundCall {
  return {
    callId: String(row.callId),
    startedAtMs: Math.floor(Number(row.id) / rowsPerMs),
    agent: String(row.agent),
    outcome: String(row.outcome),
    from: String(row.fromNumber),
    to: String(row.toNumber),
    durationMs: Number(row.durationMs),
  };
}

function factOf({ fact, atMs, keepUntilMs }: Row): Fact {
  return {
    fact: String(fact),
    atMs: Number(atMs),
    ...(keepUntilMs === null ? {} : { keepUntilMs: Number(keepUntilMs) }),
  };
}

/** The words of a search for FTS5: quoted, so that none is taken for an operator; each may go on. */
function matchOf(text: string): string {
  return wordsSoughtIn(text)
    .map((word) => `"${word}"*`)
    .join(' ');
}
