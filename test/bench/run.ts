// All benchmarks, one after another, each a process of its own: `npm run bench`, or `npm run bench -- micro idle` for some.
// `--out <folder>` says where the reports go, `--list` what there is.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type Part, parts } from './parts.ts';
import { outFolder } from './report/index.ts';

/** A part that has not ended by then is given up, ms. */
const longestMs = 60 * 60_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { out: { type: 'string' }, list: { type: 'boolean', default: false } },
});
const out = outFolder(process.argv.slice(2));
const strange = positionals.filter((name) => !Object.hasOwn(parts, name));
if (strange.length > 0) {
  console.error(`expected any of ${Object.keys(parts).join(', ')}, found ${strange.join(', ')}`);
  process.exit(2);
}
const chosen = Object.entries(parts).filter(
  ([name]) => positionals.length === 0 || positionals.includes(name),
);
if (values.list) for (const [name, { about }] of chosen) console.log(`${name.padEnd(18)}${about}`);
else await runAll();

async function runAll(): Promise<void> {
  const outcomes: Record<string, { outcome: string; seconds: number }> = {};
  for (const [name, part] of chosen) {
    console.log(`\n== ${name}: ${part.about}`);
    const begunMs = performance.now();
    const outcome = await outcomeOf(part);
    const seconds = Math.round((performance.now() - begunMs) / 1000);
    outcomes[name] = { outcome, seconds };
    if (outcome !== 'done') console.log(`${name}: ${outcome}`);
    if (outcome.startsWith('failed')) process.exitCode = 1;
  }
  console.log('\n== summary');
  console.table(outcomes);
  if (chosen.some(([, { reports }]) => reports)) console.log(`reports are in ${out}`);
}

/** `done`, or why not. */
async function outcomeOf(part: Part): Promise<string> {
  try {
    const lacking = await part.missing?.();
    return lacking === undefined ? await run(part) : `left out: ${lacking}`;
  } catch (error) {
    return `failed: ${error instanceof Error ? error.message : 'it did not start'}`;
  }
}

async function run({ script: [file, ...args], reports }: Part): Promise<string> {
  const script = path.join(import.meta.dirname, file);
  const child = spawn(process.execPath, [script, ...args, ...(reports ? ['--out', out] : [])], {
    stdio: 'inherit',
  });
  const giveUp = setTimeout(() => child.kill('SIGKILL'), longestMs);
  try {
    const [code, signal] = await once(child, 'exit');
    return code === 0 ? 'done' : `failed: it ended with ${code ?? signal}`;
  } finally {
    clearTimeout(giveUp);
  }
}
