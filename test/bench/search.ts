// How long a search takes among 100,000 calls in SQLite, through its thread, or with the argument `postgres` in PostgreSQL.
// `npm run bench:search` runs both.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { openStore, type RecordQuery } from '../../src/records/index.ts';
import { seededChance } from '../../src/time/index.ts';
import { hasPostgres, postgresServer } from '../records/servers/postgres-server.ts';
import { storedCall } from '../records/stored-calls.ts';

const calls = 100_000;
const batch = 2000;
const rounds = 30;
const startMs = Date.UTC(2026, 0, 1);
const chance = seededChance(1);
const folder = mkdtempSync(join(tmpdir(), 'baari-bench-'));
const server = hasPostgres && process.argv[2] === 'postgres' ? await postgresServer() : undefined;
const { store } = openStore(folder, { DATABASE_URL: server?.url });
console.log(server ? 'PostgreSQL' : 'SQLite');

function pick<T>(of: readonly T[], fallback: T): T {
  return of[Math.floor(chance.next() * of.length)] ?? fallback;
}

const common = [
  'hello',
  'cake',
  'please',
  'tomorrow',
  'नमस्ते',
  'धन्यवाद',
  'price',
  'open',
  'address',
  'thanks',
];

function text(at: number): string {
  const words = Array.from({ length: 80 }, () =>
    chance.next() < 0.4 ? pick(common, 'hello') : `word${Math.floor(chance.next() * 20_000)}`,
  );
  return `${words.join(' ')} order${at}`;
}

const begunMs = performance.now();
for (let at = 0; at < calls; at += batch) {
  await store.put(
    Array.from({ length: batch }, (_, i) =>
      storedCall(`call-${at + i}`, new Date(startMs + (at + i) * 60_000).toISOString(), {
        agent: pick(['bakery', 'clinic', 'bank', 'school'], 'bakery'),
        outcome: chance.next() < 0.02 ? 'lineFailed' : 'callerHungUp',
        from: `09${String(Math.floor(chance.next() * 20_000)).padStart(9, '0')}`,
        text: text(at + i),
      }),
    ),
  );
}
if (server) {
  // what autovacuum does within a minute or two, and a service that has run for a day has had long ago
  const client = new Client({ connectionString: server.url });
  await client.connect();
  await client.query('VACUUM ANALYZE baari_calls');
  const { rows } = await client.query("SELECT pg_total_relation_size('baari_calls') AS bytes");
  console.log(`${Math.round(Number(rows[0].bytes) / calls)} bytes a call with its indexes, 80 words each`);
  await client.end();
}
console.log(`${calls} calls put in ${Math.round(performance.now() - begunMs)} ms`);

const queries: [string, RecordQuery][] = [
  ['the latest', {}],
  ['a day', { fromMs: startMs + 20 * 86_400_000, toMs: startMs + 21 * 86_400_000 }],
  ['an agent', { agent: 'clinic' }],
  ['an outcome', { outcome: 'lineFailed' }],
  ['agent and outcome', { agent: 'bank', outcome: 'lineFailed' }],
  ['a number', { number: '09000012345' }],
  ['the number of all', { number: '08012345678' }],
  ['a common word', { text: 'cake' }],
  ['a common word of an agent', { text: 'नमस्ते', agent: 'school' }],
  ['a rare word', { text: 'order77777' }],
  ['the beginning of many words', { text: 'wor' }],
  ['common words, rare outcome', { text: 'cake please', outcome: 'lineFailed' }],
  ['a word and a number', { text: 'cake', number: '09000012345' }],
  ['a word that nobody said', { text: 'zebra' }],
];
let slowest = 0;
for (const [what, query] of queries) {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const fromMs = performance.now();
    await store.search(query);
    times.push(performance.now() - fromMs);
  }
  times.sort((a, b) => a - b);
  const [median = 0, worst = 0] = [times[rounds >> 1], times.at(-1)];
  slowest = Math.max(slowest, median);
  console.log(`${what.padEnd(32)} median ${median.toFixed(1)} ms  worst ${worst.toFixed(1)} ms`);
}
console.log(`slowest median ${slowest.toFixed(1)} ms, wanted: under 50`);
await store.close();
await server?.remove();
rmSync(folder, { recursive: true, force: true });
