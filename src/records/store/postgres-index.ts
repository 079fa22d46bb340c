import { Pool, type PoolClient } from 'pg';
import { numberKey } from './number-key.ts';
import { locks, migrations } from './postgres-schema.ts';
import { postgresSearch } from './postgres-search.ts';
import {
  type Fact,
  mostFacts,
  type RecordIndex,
  type RecordPage,
  type RecordQuery,
  rowsPerMs,
  type StoredCall,
} from './record-store.ts';
import { wordsOf } from './words.ts';

/** Connections of one process at most; what comes above them waits. */
const mostConnections = 4;
/** Longest wait for a connection, ms. */
const connectMs = 5000;
/** Longest run of one statement, ms: by the server, and by us where the server is lost. */
const statementMs = 10_000;
const queryMs = 12_000;

/** What an index in PostgreSQL is opened with. */
export interface PostgresIndexOptions {
  /** `postgres://…` as in `DATABASE_URL`; holds a password. */
  readonly url: string;
  /** Numbers are hashed with it; as they are without one. */
  readonly numberKey?: string | undefined;
}

type Row = Record<string, unknown>;

/** An index in PostgreSQL 13 or later; connects when it is first asked, and again when a connection was lost. */
export class PostgresIndex implements RecordIndex {
  readonly #pool: Pool;
  readonly #key: string | undefined;
  #ready: Promise<void> | undefined;

  constructor({ url, numberKey: key }: PostgresIndexOptions) {
    this.#key = key;
    this.#pool = new Pool({
      connectionString: url,
      max: mostConnections,
      connectionTimeoutMillis: connectMs,
      idleTimeoutMillis: 30_000,
      statement_timeout: statementMs,
      query_timeout: queryMs,
      application_name: 'baari',
      allowExitOnIdle: true,
    });
    // a connection that is lost while nobody uses it: the next question opens another
    this.#pool.on('error', () => undefined);
  }

  async put(calls: readonly StoredCall[]): Promise<void> {
    // what is given twice is there as it was given last
    const once = [...new Map(calls.map((call) => [call.record.callId, call])).values()];
    if (once.length === 0) return;
    await this.#atOnce(async (client) => {
      // places within a millisecond are given out by one process at a time
      await client.query('SELECT pg_advisory_xact_lock($1)', [locks.putting]);
      await client.query('DELETE FROM baari_calls WHERE call_id = ANY($1)', [
        once.map(({ record }) => record.callId),
      ]);
      const startsMs = once.map(({ record }) => Date.parse(record.startedAt));
      const taken = await client.query(
        `SELECT id FROM unnest($1::bigint[]) AS first JOIN baari_calls ON id >= first AND id < first + ${rowsPerMs}`,
        [[...new Set(startsMs)].map((ms) => ms * rowsPerMs)],
      );
      const ids = freeIds(startsMs, new Set(taken.rows.map(({ id }) => Number(id))));
      await client.query(insert, columnsOf(once, ids, this.#key));
    });
  }

  async search(query: RecordQuery): Promise<RecordPage> {
    const search = postgresSearch(query, this.#key);
    if (!search) return { calls: [], next: undefined };
    const rows = await this.#query(search.sql, search.values);
    const page = rows.slice(0, search.limit);
    return {
      calls: page.map((row) => ({
        callId: String(row.call_id),
        startedAtMs: Math.floor(Number(row.id) / rowsPerMs),
        agent: String(row.agent),
        outcome: String(row.outcome),
        from: String(row.from_number),
        to: String(row.to_number),
        durationMs: Number(row.duration_ms),
      })),
      next: rows.length > search.limit ? Number(page.at(-1)?.id) : undefined,
    };
  }

  async known(callIds: readonly string[]): Promise<readonly string[]> {
    return callIdsOf(await this.#query('SELECT call_id FROM baari_calls WHERE call_id = ANY($1)', [callIds]));
  }

  async ofNumber(number: string): Promise<readonly string[]> {
    const key = numberKey(number, this.#key);
    if (key === '') return [];
    const sql = 'SELECT call_id FROM baari_calls WHERE from_key = $1 OR to_key = $1';
    return callIdsOf(await this.#query(sql, [key]));
  }

  async expired(wallMs: number): Promise<readonly string[]> {
    await this.#query('DELETE FROM baari_facts WHERE keep_until_ms <= $1', [Math.trunc(wallMs)]);
    const sql = 'SELECT call_id FROM baari_calls WHERE keep_until_ms <= $1';
    return callIdsOf(await this.#query(sql, [Math.trunc(wallMs)]));
  }

  async remove(callIds: readonly string[]): Promise<void> {
    await this.#query('DELETE FROM baari_calls WHERE call_id = ANY($1)', [callIds]);
  }

  async remember(agent: string, number: string, { fact, atMs, keepUntilMs }: Fact): Promise<void> {
    const key = numberKey(number, this.#key);
    if (key === '') return;
    await this.#atOnce(async (client) => {
      await client.query(
        'INSERT INTO baari_facts (agent, number_key, fact, at_ms, keep_until_ms) VALUES ($1, $2, $3, $4, $5)',
        [agent, key, fact, Math.trunc(atMs), keepUntilMs === undefined ? null : Math.trunc(keepUntilMs)],
      );
      const oldest =
        'SELECT id FROM baari_facts WHERE agent = $1 AND number_key = $2 ORDER BY id DESC OFFSET $3';
      await client.query(`DELETE FROM baari_facts WHERE id IN (${oldest})`, [agent, key, mostFacts]);
    });
  }

  async memoryOf(agent: string, number: string, wallMs: number): Promise<readonly Fact[]> {
    const rows = await this.#query(
      `SELECT fact, at_ms, keep_until_ms FROM baari_facts WHERE agent = $1 AND number_key = $2
        AND (keep_until_ms IS NULL OR keep_until_ms > $3) ORDER BY id`,
      [agent, numberKey(number, this.#key), Math.trunc(wallMs)],
    );
    return rows.map((row) => ({
      fact: String(row.fact),
      atMs: Number(row.at_ms),
      ...(row.keep_until_ms === null ? {} : { keepUntilMs: Number(row.keep_until_ms) }),
    }));
  }

  async forgetMemory(number: string): Promise<void> {
    await this.#query('DELETE FROM baari_facts WHERE number_key = $1', [numberKey(number, this.#key)]);
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }

  async #query(sql: string, values: readonly unknown[]): Promise<Row[]> {
    await this.#prepared();
    const { rows } = await this.#pool.query<Row>(sql, [...values]);
    return rows;
  }

  async #atOnce(work: (client: PoolClient) => Promise<void>): Promise<void> {
    await this.#prepared();
    await this.#transaction(work);
  }

  async #transaction(work: (client: PoolClient) => Promise<void>): Promise<void> {
    const client = await this.#pool.connect();
    let failure: Error | undefined;
    // a connection that is lost in between fails its statement too
    const lost = (error: Error): void => {
      failure = error;
    };
    client.on('error', lost);
    try {
      await client.query('BEGIN');
      await work(client);
      await client.query('COMMIT');
    } catch (error) {
      failure = error instanceof Error ? error : new Error('the transaction failed');
      throw failure;
    } finally {
      client.off('error', lost);
      // with a failure it is closed, which also rolls back
      client.release(failure ?? false);
    }
  }

  /** Brings the schema up to date, once; a failure is tried again by the next question. */
  #prepared(): Promise<void> {
    this.#ready ??= this.#transaction(migrate).catch((error: unknown) => {
      this.#ready = undefined;
      throw error;
    });
    return this.#ready;
  }
}

/** Runs what the schema lacks, by one process at a time; the others wait and find nothing to do. */
async function migrate(client: PoolClient): Promise<void> {
  await client.query('SELECT pg_advisory_xact_lock($1)', [locks.migrating]);
  await client.query('CREATE TABLE IF NOT EXISTS baari_schema (version int PRIMARY KEY)');
  const { rows } = await client.query('SELECT coalesce(max(version), 0) AS version FROM baari_schema');
  const version = Number(rows[0]?.version);
  if (version > migrations.length)
    throw new Error(
      `expected a database of version ${migrations.length} or earlier, found version ${version}: a later Baari has been here`,
    );
  for (const [at, sql] of migrations.entries()) {
    if (at < version) continue;
    await client.query(sql);
    await client.query('INSERT INTO baari_schema VALUES ($1)', [at + 1]);
  }
}

const insert = `
  INSERT INTO baari_calls
  SELECT id, call_id, agent, outcome, from_key, to_key, from_number, to_number, duration_ms, keep_until_ms,
    array_to_tsvector(array_remove(string_to_array(words, ' '), ''))
  FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
    $9::double precision[], $10::bigint[], $11::text[])
  AS t (id, call_id, agent, outcome, from_key, to_key, from_number, to_number, duration_ms, keep_until_ms, words)`;

function columnsOf(calls: readonly StoredCall[], ids: readonly number[], key: string | undefined): unknown[] {
  const rows = calls.map(({ record, text }, at) => {
    const { from = '', to = '' } = record.parties ?? {};
    const keys = [numberKey(from, key), numberKey(to, key)];
    const shown = key === undefined ? [from, to] : keys;
    const keepUntilMs = record.keepUntil === undefined ? null : Date.parse(record.keepUntil);
    const words = [...new Set(wordsOf(text))].join(' ');
    const { callId, agent, outcome, durationMs } = record;
    return [ids[at], callId, agent.name, outcome, ...keys, ...shown, durationMs, keepUntilMs, words];
  });
  return Array.from({ length: 11 }, (_, column) => rows.map((row) => row[column]));
}

/** A place for each call within the millisecond of its start, so that ids tell the order of calls. */
function freeIds(startsMs: readonly number[], taken: Set<number>): number[] {
  return startsMs.map((ms) => {
    let id = ms * rowsPerMs;
    while (taken.has(id)) id += 1;
    taken.add(id);
    return id;
  });
}

function callIdsOf(rows: readonly Row[]): string[] {
  return rows.map((row) => String(row.call_id));
}
