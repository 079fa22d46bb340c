// What each thing costs that a call needs, alone, and how often a call needs it: the sum explains what a call costs.
// Each subject is a process of its own, and they take their rounds in turn. `npm run bench:micro [-- <subject>…]`
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { noiseOf, publish, type Row } from '../report/index.ts';
import { usualCall } from './subject.ts';
import type { Round, Told } from './subject-process.ts';
import { subjects } from './subjects/index.ts';

/** How long a subject may take for its warm-up or a round, ms. */
const longestMs = 120_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '9' }, out: { type: 'string' } },
});
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1) throw new Error(`expected rounds, found "${values.rounds}"`);
const names = positionals.length > 0 ? positionals : Object.keys(subjects);
const strange = names.filter((name) => !Object.hasOwn(subjects, name));
if (strange.length > 0) {
  throw new Error(`expected any of ${Object.keys(subjects).join(', ')}, found ${strange.join(', ')}`);
}

/** An operation with what its rounds took, µs. */
type Measured = Told['operations'][number] & { readonly us: number[] };

const parts: {
  readonly name: string;
  readonly child: ChildProcess;
  readonly measured: readonly Measured[];
}[] = [];
for (const name of names) {
  const child = fork(path.join(import.meta.dirname, 'subject-process.ts'), [name]);
  const { operations } = await told<Told>(child, name);
  parts.push({ name, child, measured: operations.map((operation) => ({ ...operation, us: [] })) });
}
for (let round = 0; round < rounds; round += 1) {
  // each comes early and late, so that what warms up or tires is shared
  for (const { name, child, measured } of round % 2 ? parts.toReversed() : parts) {
    const answered = told<Round>(child, name);
    child.send('round');
    const { us } = await answered;
    for (const [place, operation] of measured.entries()) operation.us.push(us[place] ?? 0);
  }
}
for (const { child } of parts) child.disconnect();

const all = parts.flatMap(({ measured }) => measured);
const summed = all.filter(({ within, perCallSecond }) => within === undefined && perCallSecond > 0);
const sums = Array.from({ length: rounds }, (_, round) =>
  summed.reduce((sum, { us, perCallSecond }) => sum + (us[round] ?? 0) * perCallSecond, 0),
);
const rows = all.map(({ what, us, perCallSecond, within }): Row => {
  const once = noiseOf(us);
  const isSummed = within === undefined && perCallSecond > 0;
  return {
    what,
    cells: {
      each: once,
      'a call-second': perCallSecond,
      share: once.median * perCallSecond,
      summed: isSummed ? 'yes' : (within ?? 'not on a line at 8 kHz'),
    },
  };
});
const sum = noiseOf(sums);
publish({
  name: 'micro',
  about: 'what each thing costs that a call needs, alone, and how often a call needs it',
  settings: { rounds, subjects: names.join(' '), ...usualCall },
  columns: [
    { name: 'each', unit: 'µs of CPU', digits: 3 },
    { name: 'a call-second', unit: 'times', digits: 4 },
    { name: 'share', unit: 'µs a call-second', digits: 1 },
    { name: 'summed' },
  ],
  rows: [
    ...rows,
    {
      what: 'sum',
      cells: { share: sum.median, summed: `${sum.minimum.toFixed(1)} to ${sum.maximum.toFixed(1)}` },
    },
  ],
  notes: [
    `sum: ${sum.median.toFixed(0)} µs of CPU a call-second, which is ${(sum.median / 1e4).toFixed(2)} % of a core; sockets, timers and HTTP come on top`,
  ],
});

async function told<T>(child: ChildProcess, name: string): Promise<T> {
  const gone = new AbortController();
  const exited = once(child, 'exit', { signal: gone.signal }).then(() => {
    throw new Error(`${name}: its process has ended`);
  });
  try {
    const signal = AbortSignal.any([gone.signal, AbortSignal.timeout(longestMs)]);
    const [message] = await Promise.race([once(child, 'message', { signal }), exited]);
    return message;
  } finally {
    exited.catch(() => undefined);
    gone.abort();
  }
}
