// What a service costs that nobody calls: CPU of `baari serve` as it ships, with and without a viewer of its list of live calls,
// as the console is one. `npm run bench:idle`; BAARI_BENCH_SECONDS=60 for longer.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { WebSocket } from 'ws';
import { watchPath, watchProtocol } from '../../src/inspection/index.ts';
import { delay, systemClock } from '../../src/time/index.ts';
import { BaariProcess } from '../helpers/baari-process.ts';
import { until } from '../helpers/until.ts';
import { usageOf } from './capacity/process-tree.ts';
import { noiseOf, publish, type Row } from './report/index.ts';

const seconds = Number(process.env.BAARI_BENCH_SECONDS ?? 20);
const rounds = 3;
/** From the start until what a start does is done, ms: code is compiled, records are looked through. */
const settleMs = 8000;
/** What an idle service may use of a core, percent. */
const wanted = 1;

if (!existsSync('/proc/self/stat'))
  throw new Error('expected /proc, by which Linux tells the CPU of a process');
const records = mkdtempSync(path.join(tmpdir(), 'baari-bench-idle-'));
const found = { alone: [] as number[], watched: [] as number[] };
let rssMb = 0;
{
  await using baari = new BaariProcess(['serve', '--port', '0', '--records', records]);
  const base = await baari.listening();
  await delay(systemClock, settleMs);
  for (let round = 0; round < rounds; round += 1) {
    found.alone.push(await percentOfCore(baari.pid));
    const viewer = await watchList(base);
    found.watched.push(await percentOfCore(baari.pid));
    viewer.terminate();
  }
  ({ rssMb } = usageOf(baari.pid));
}
rmSync(records, { recursive: true, force: true });
const row = (what: string, of: readonly number[]): Row => ({ what, cells: { CPU: noiseOf(of) } });
publish({
  name: 'idle',
  about: 'what a service costs that nobody calls',
  settings: { seconds, rounds, wantedPercent: wanted },
  columns: [{ name: 'CPU', unit: '% of a core', digits: 3 }],
  rows: [row('no viewer', found.alone), row('a viewer of the live calls', found.watched)],
  notes: [`wanted: under ${wanted} % of a core; the process holds ${Math.round(rssMb)} MB`],
});

/** CPU time of the process and all it began, over the next seconds; Linux counts it in ticks of 10 ms. */
async function percentOfCore(pid: number): Promise<number> {
  const begunMs = performance.now();
  const before = usageOf(pid).cpuMs;
  await delay(systemClock, seconds * 1000);
  return ((usageOf(pid).cpuMs - before) * 100) / (performance.now() - begunMs);
}

/** A viewer as the console's page of live calls is one. */
async function watchList(base: string): Promise<WebSocket> {
  const socket = new WebSocket(`${base.replace('http', 'ws')}${watchPath}`, watchProtocol);
  let messages = 0;
  socket.on('open', () => socket.send(JSON.stringify({ watch: 'calls' })));
  socket.on('message', () => {
    messages += 1;
  });
  await until('the list of live calls', () => messages > 0);
  return socket;
}
