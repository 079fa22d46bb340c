// How fast calls can begin: so many a second for some seconds, and when each caller hears the greeting, after Gemini has begun to say it.
// `node test/bench/capacity/setup.ts [--rates 25,50,75,100] [--seconds 4]`
import { parseArgs } from 'node:util';
import { type Column, publish, type Row } from '../report/index.ts';
import { delays, spreadOf } from './measure.ts';
import { pause, Rig } from './rig.ts';
import { underTest } from './under-test.ts';

const { values } = parseArgs({
  options: {
    rates: { type: 'string', default: '10,25,50,75,100' },
    seconds: { type: 'string', default: '4' },
    out: { type: 'string' },
  },
});
const seconds = Number(values.seconds);
/** The greeting is over by then, and the calls are ended, ms. */
const settleMs = 7000;
/** From dialling to the greeting, beyond which it is missing, ms. */
const longestMs = 10_000;

const columns: readonly Column[] = [
  { name: 'calls', digits: 0 },
  { name: 'greeted', digits: 0 },
  { name: 'beyond Gemini p50', unit: 'ms', digits: 0 },
  { name: 'beyond Gemini p99', unit: 'ms', digits: 0 },
  { name: 'from dialling p50', unit: 'ms', digits: 0 },
  { name: 'from dialling p99', unit: 'ms', digits: 0 },
  { name: 'CPU a call begun', unit: 'ms', digits: 1 },
  { name: 'lost', digits: 0 },
];
const bridge = await underTest('shipped');
if ('missing' in bridge) throw new Error(bridge.missing);
const rows: Row[] = [];
await using rig = await Rig.start(bridge.command);
// code that has never run is slow: a service is warm after its first calls
await rig.dial(20, 10);
await pause(settleMs);
for (const rate of values.rates.split(',').map(Number)) {
  await rig.load.callers.ask({ do: 'close' });
  await pause(2000);
  await rig.clear();
  const cpuMs = rig.bridge.usage.cpuMs;
  await rig.dial(rate * seconds, rate);
  await pause(1500);
  const usedMs = rig.bridge.usage.cpuMs - cpuMs;
  await pause(settleMs - 1500);
  const { callers, gemini } = await rig.told();
  const beyond = spreadOf(delays(gemini.said, callers.heard, longestMs));
  const dialled = spreadOf(delays(callers.dialled, callers.heard, longestMs));
  rows.push({
    what: `${rate} a second`,
    cells: {
      calls: rate * seconds,
      greeted: dialled.count,
      'beyond Gemini p50': beyond.p50,
      'beyond Gemini p99': beyond.p99,
      'from dialling p50': dialled.p50,
      'from dialling p99': dialled.p99,
      'CPU a call begun': usedMs / (rate * seconds),
      lost: callers.lost,
    },
  });
}
publish({
  name: 'setup',
  about: 'calls that begin in a second, and when the greeting is heard',
  settings: { seconds },
  columns,
  rows,
  notes: [
    'beyond Gemini: from its first chunk of the greeting to the phone; 40 ms of it Baari waits on purpose, for the burst to show how long it is.',
    'from dialling: with 300 ms that the simulated Gemini takes to begin.',
    'CPU a call begun: all that the process used in that time; some of it is for the calls that talk already.',
  ],
});
