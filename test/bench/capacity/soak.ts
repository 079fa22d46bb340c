// Half an hour of calls that come and go: memory and lag over time, as a table and as a picture.
// `node test/bench/capacity/soak.ts --calls 100 [--minutes 30]`
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type Column, outFolder, publish, type Row } from '../report/index.ts';
import type { Measured } from './measure.ts';
import { pause, Rig } from './rig.ts';
import { soakPicture } from './soak-picture.ts';
import { underTest } from './under-test.ts';

const { values } = parseArgs({
  options: {
    calls: { type: 'string', default: '100' },
    minutes: { type: 'string', default: '30' },
    life: { type: 'string', default: '120' },
    out: { type: 'string' },
  },
});
const calls = Number(values.calls);
const minutes = Number(values.minutes);
const pointSeconds = 30;

const columns: readonly Column[] = [
  { name: 'calls', digits: 0 },
  { name: 'RSS', unit: 'MB', digits: 0 },
  { name: 'CPU a call', unit: '% of a core', digits: 3 },
  { name: 'late p99', unit: 'ms', digits: 1 },
  { name: 'gaps', digits: 0 },
  { name: 'cut short', digits: 0 },
  { name: 'replies', digits: 0 },
  { name: 'lost', digits: 0 },
  { name: 'others', unit: '% of its core', digits: 0 },
];
const bridge = await underTest('shipped');
if ('missing' in bridge) throw new Error(bridge.missing);
const points: (Measured & { readonly minute: number })[] = [];
{
  await using rig = await Rig.start(bridge.command);
  await rig.dial(calls, 20, Number(values.life));
  await pause(15_000);
  const begunMs = performance.now();
  while (performance.now() - begunMs < minutes * 60_000) {
    const measured = await rig.measure(pointSeconds);
    points.push({ ...measured, minute: (performance.now() - begunMs) / 60_000 });
    console.error(JSON.stringify(points.at(-1)));
  }
}
const rows: Row[] = points.map(
  ({ minute, calls: open, rssMb, cpuPerCall, late, gaps, short, replies, lost, foreign }) => ({
    what: `${minute.toFixed(1)} min`,
    cells: {
      calls: open,
      RSS: rssMb,
      'CPU a call': cpuPerCall,
      'late p99': late?.at(0.99) ?? 'not told',
      gaps,
      'cut short': short,
      replies,
      lost,
      others: foreign,
    },
  }),
);
const folder = outFolder(process.argv.slice(2));
mkdirSync(folder, { recursive: true });
writeFileSync(
  path.join(folder, 'soak.svg'),
  soakPicture(
    points.map(({ minute, rssMb, late }) => ({ minute, rssMb, lateMs: late?.at(0.99) ?? 0 })),
    `${calls} calls at a time, each followed by another after ${values.life} s on average`,
  ),
);
publish({
  name: 'soak',
  about: 'memory and lag over time, calls that come and go',
  settings: { calls, minutes, lifeSeconds: Number(values.life), pointSeconds },
  columns,
  rows,
  notes: [`drawn in ${path.join(folder, 'soak.svg')}`],
});
