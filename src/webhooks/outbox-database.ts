import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { type OutboxMessage, webhookEvents } from './webhook-message.ts';

/** Messages that wait for one receiver at most; what comes then is not taken, and is put again from the record. */
const mostWaiting = 20_000;
/** How long what was delivered, or given up, is remembered, ms: so long the same event is not put again. */
const rememberedMs = 30 * 86_400_000;

const schema = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA busy_timeout = 5000;
  PRAGMA secure_delete = ON;
  CREATE TABLE IF NOT EXISTS messages (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, agent TEXT NOT NULL, url TEXT NOT NULL,
    callId TEXT NOT NULL, type TEXT NOT NULL, body TEXT, state TEXT NOT NULL, putMs REAL NOT NULL,
    attempts INTEGER NOT NULL, nextMs REAL NOT NULL, endedMs REAL, reason TEXT,
    UNIQUE (id, agent, url));
  CREATE INDEX IF NOT EXISTS waiting ON messages (agent, url, callId, seq) WHERE state = 'waiting';
  CREATE INDEX IF NOT EXISTS byState ON messages (state, putMs);
  CREATE INDEX IF NOT EXISTS ended ON messages (endedMs) WHERE endedMs IS NOT NULL;
  CREATE INDEX IF NOT EXISTS byCall ON messages (callId);
  CREATE TABLE IF NOT EXISTS gone (agent TEXT NOT NULL, url TEXT NOT NULL, PRIMARY KEY (agent, url));
  CREATE TABLE IF NOT EXISTS lease (one INTEGER PRIMARY KEY, holder TEXT NOT NULL, untilMs REAL NOT NULL);
`;

/** Whose messages: a receiver of two agents is two, so that nothing of one tenant holds up another. */
export interface Receiver {
  readonly agent: string;
  readonly url: string;
}

/** A message that waits, or waited, to be delivered. */
export interface KeptMessage extends OutboxMessage {
  readonly seq: number;
  readonly state: 'waiting' | 'dead';
  readonly putMs: number;
  readonly attempts: number;
  /** When it is to be tried next, ms since 1970. */
  readonly nextMs: number;
  /** Why the last attempt failed; undefined before. */
  readonly reason: string | undefined;
}

/** What became of messages that were to be kept. */
export interface PutOutcome {
  /** New ones that wait now. */
  readonly taken: number;
  /** For a receiver that is given up: they went to the dead letters. */
  readonly dead: number;
  /** For which too many wait already. */
  readonly refused: number;
  /** That were put before. */
  readonly known: number;
}

/** How much waits, and since when. */
export interface OutboxState {
  readonly waiting: number;
  readonly dead: number;
  /** When the oldest that waits was put, ms since 1970; undefined when none does. */
  readonly oldestMs: number | undefined;
}

type Row = Record<string, unknown>;

const goneReason = 'HTTP 410: the receiver wants nothing any more';

function kept(row: Row): KeptMessage {
  return {
    seq: Number(row.seq),
    id: String(row.id),
    agent: String(row.agent),
    url: String(row.url),
    callId: String(row.callId),
    type: webhookEvents.find((type) => type === row.type) ?? 'call.ended',
    body: String(row.body ?? ''),
    state: row.state === 'dead' ? 'dead' : 'waiting',
    putMs: Number(row.putMs),
    attempts: Number(row.attempts),
    nextMs: Number(row.nextMs),
    reason: typeof row.reason === 'string' ? row.reason : undefined,
  };
}

/** The messages that are to be delivered, in one SQLite file that several processes may share; blocks. */
export class OutboxDatabase {
  readonly #db: DatabaseSync;
  readonly #most: number;

  constructor(path: string, most = mostWaiting) {
    this.#db = new DatabaseSync(path);
    this.#most = most;
    this.#db.exec(schema);
  }

  /** Keeps messages; one that was put before is known by its id, and is not put again. */
  put(messages: readonly OutboxMessage[], wallMs: number): PutOutcome {
    const outcome = { taken: 0, dead: 0, refused: 0, known: 0 };
    this.#atOnce(() => {
      for (const message of messages) outcome[this.#putOne(message, wallMs)] += 1;
    });
    return outcome;
  }

  /** The receivers that messages wait for. */
  receivers(): Receiver[] {
    const rows = this.#all("SELECT DISTINCT agent, url FROM messages WHERE state = 'waiting'", []);
    return rows.map(({ agent, url }) => ({ agent: String(agent), url: String(url) }));
  }

  /** Messages that may be tried now: of each call the earliest, so that they come in order. */
  due({ agent, url }: Receiver, wallMs: number, most: number, but: ReadonlySet<number>): KeptMessage[] {
    const rows = this.#all(
      `SELECT * FROM messages m WHERE agent = ? AND url = ? AND state = 'waiting' AND nextMs <= ?
       AND NOT EXISTS (SELECT 1 FROM messages e WHERE e.agent = m.agent AND e.url = m.url
         AND e.callId = m.callId AND e.state = 'waiting' AND e.seq < m.seq)
       ORDER BY nextMs, seq LIMIT ?`,
      [agent, url, wallMs, most + but.size],
    );
    return rows
      .map(kept)
      .filter(({ seq }) => !but.has(seq))
      .slice(0, most);
  }

  /** It was delivered: what it held is forgotten, that it was is not. */
  delivered(seq: number, wallMs: number): void {
    this.#run("UPDATE messages SET state = 'delivered', body = NULL, endedMs = ? WHERE seq = ?", [
      wallMs,
      seq,
    ]);
  }

  /** It is to be tried again. */
  failed(seq: number, reason: string, nextMs: number): void {
    this.#run('UPDATE messages SET attempts = attempts + 1, reason = ?, nextMs = ? WHERE seq = ?', [
      reason,
      nextMs,
      seq,
    ]);
  }

  /** It is given up. */
  bury(seq: number, reason: string, wallMs: number): void {
    this.#run(
      "UPDATE messages SET state = 'dead', attempts = attempts + 1, reason = ?, endedMs = ? WHERE seq = ?",
      [reason, wallMs, seq],
    );
  }

  /** The receiver wants nothing any more: all that waits for it is given up, and what comes. Resolves with how many. */
  gone({ agent, url }: Receiver, wallMs: number): number {
    let buried = 0;
    this.#atOnce(() => {
      this.#run('INSERT OR IGNORE INTO gone VALUES (?, ?)', [agent, url]);
      buried = this.#run(
        "UPDATE messages SET state = 'dead', reason = ?, endedMs = ? WHERE agent = ? AND url = ? AND state = 'waiting'",
        [goneReason, wallMs, agent, url],
      );
    });
    return buried;
  }

  /** The receiver is back: what waits for it is tried now. */
  hasten({ agent, url }: Receiver, wallMs: number): void {
    this.#run(
      "UPDATE messages SET nextMs = ? WHERE agent = ? AND url = ? AND state = 'waiting' AND nextMs > ?",
      [wallMs, agent, url, wallMs],
    );
  }

  /** Sends dead letters again, those with these ids or all; their receivers count as there again. Resolves with how many. */
  revive(ids: readonly string[] | 'all', wallMs: number): number {
    const dead = this.list('dead').filter(({ id }) => ids === 'all' || ids.includes(id));
    this.#atOnce(() => {
      for (const { seq, agent, url } of dead) {
        this.#run('DELETE FROM gone WHERE agent = ? AND url = ?', [agent, url]);
        this.#run(
          "UPDATE messages SET state = 'waiting', putMs = ?, nextMs = ?, attempts = 0, endedMs = NULL WHERE seq = ?",
          [wallMs, wallMs, seq],
        );
      }
    });
    return dead.length;
  }

  /** What waits, or was given up, the oldest first. */
  list(state: KeptMessage['state']): KeptMessage[] {
    return this.#all('SELECT * FROM messages WHERE state = ? ORDER BY seq', [state]).map(kept);
  }

  state(): OutboxState {
    const count = (state: string): Row | undefined =>
      this.#all('SELECT COUNT(*) AS n, MIN(putMs) AS oldest FROM messages WHERE state = ?', [state])[0];
    const waiting = count('waiting');
    const oldest = waiting?.oldest;
    return {
      waiting: Number(waiting?.n ?? 0),
      dead: Number(count('dead')?.n ?? 0),
      oldestMs: typeof oldest === 'number' ? oldest : undefined,
    };
  }

  /** Forgets all messages of these calls. */
  forget(callIds: readonly string[]): void {
    this.#atOnce(() => {
      for (const callId of callIds) this.#run('DELETE FROM messages WHERE callId = ?', [callId]);
    });
  }

  /** Forgets what ended long ago. */
  prune(wallMs: number): void {
    this.#run('DELETE FROM messages WHERE endedMs < ?', [wallMs - rememberedMs]);
  }

  /** Takes or keeps the right to deliver until `untilMs`; false while another holds it that is not gone. */
  lease(holder: string, wallMs: number, untilMs: number, isGone: (holder: string) => boolean): boolean {
    let isMine = false;
    this.#atOnce(() => {
      const [held] = this.#all('SELECT holder, untilMs FROM lease WHERE one = 1', []);
      const by = held && Number(held.untilMs) > wallMs ? String(held.holder) : undefined;
      isMine = by === undefined || by === holder || isGone(by);
      if (isMine) this.#run('INSERT OR REPLACE INTO lease VALUES (1, ?, ?)', [holder, untilMs]);
    });
    return isMine;
  }

  /** Gives the right to deliver back. */
  release(holder: string): void {
    this.#run('DELETE FROM lease WHERE holder = ?', [holder]);
  }

  close(): void {
    this.#db.close();
  }

  #putOne(message: OutboxMessage, wallMs: number): keyof PutOutcome {
    const { id, agent, url, callId, type, body } = message;
    const isKnown = this.#all('SELECT 1 FROM messages WHERE id = ? AND agent = ? AND url = ?', [
      id,
      agent,
      url,
    ]);
    if (isKnown.length > 0) return 'known';
    const isGone = this.#all('SELECT 1 FROM gone WHERE agent = ? AND url = ?', [agent, url]).length > 0;
    const [waiting] = this.#all(
      "SELECT COUNT(*) AS n FROM messages WHERE agent = ? AND url = ? AND state = 'waiting'",
      [agent, url],
    );
    if (!isGone && Number(waiting?.n) >= this.#most) return 'refused';
    const values = isGone
      ? ['dead', wallMs, 0, wallMs, wallMs, goneReason]
      : ['waiting', wallMs, 0, wallMs, null, null];
    this.#run(
      `INSERT INTO messages (id, agent, url, callId, type, body, state, putMs, attempts, nextMs, endedMs, reason)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [id, agent, url, callId, type, body, ...values],
    );
    return isGone ? 'dead' : 'taken';
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

  #run(sql: string, values: readonly SQLInputValue[]): number {
    return Number(this.#db.prepare(sql).run(...values).changes);
  }

  #all(sql: string, values: readonly SQLInputValue[]): Row[] {
    return this.#db.prepare(sql).all(...values);
  }
}
