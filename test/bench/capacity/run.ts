// How many calls a core takes: a bridge alone on a core, the load on the others, each part a process of its own.
// `node test/bench/capacity/run.ts [bridge…] [--calls 1,50,100] [--rounds 3] [--seconds 10] [--settle 10] [--warm 40] [--all]`
import { parseArgs } from 'node:util';
import { publish, type Row } from '../report/index.ts';
import { isPinned } from './pinned.ts';
import { columns, ramp } from './ramp.ts';
import { underTest } from './under-test.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    calls: { type: 'string', default: '1,50,100,150,200,250,300,400' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '10' },
    settle: { type: 'string', default: '10' },
    warm: { type: 'string', default: '40' },
    all: { type: 'boolean', default: false },
    name: { type: 'string', default: 'capacity' },
    out: { type: 'string' },
  },
});
const steps = values.calls.split(',').map(Number);
const [rounds = 0, seconds = 0, settle = 0, warm = 0] = [
  values.rounds,
  values.seconds,
  values.settle,
  values.warm,
].map(Number);
const rows: Row[] = [];
const notes: string[] = [];
let versions: Record<string, string> = {};
for (const name of positionals.length > 0 ? positionals : ['shipped']) {
  const bridge = await underTest(name);
  if ('missing' in bridge) {
    notes.push(`skipped: ${bridge.missing}`);
    continue;
  }
  notes.push(`${name}: ${bridge.about}`);
  versions = { ...versions, ...bridge.versions };
  rows.push(...(await ramp(bridge, { steps, rounds, seconds, settle, warm, all: values.all })));
}
notes.push(
  'up: from a caller’s frame within an utterance to Gemini’s socket; down: from the first chunk of a reply to the phone, with what the bridge waits on purpose.',
  'loop: time between two looks of 10 ms at the event loop, where the bridge tells it.',
  'kept up: no call lost, no gap that the bridge made, at most 2 of 100 replies cut short, chunks at most 20 ms late at p99 where the bridge tells.',
);
publish({
  name: values.name,
  about: 'calls that one core carries',
  settings: { rounds, seconds, settle, warm, isPinned },
  versions,
  columns,
  rows,
  notes,
});
