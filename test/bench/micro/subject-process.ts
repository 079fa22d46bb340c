// The operations of one subject in a process of its own; a round whenever it is asked for one.
import type { Operation } from './subject.ts';
import { subjects } from './subjects/index.ts';

/** What the process tells first. */
export interface Told {
  readonly operations: readonly Omit<Operation, 'run'>[];
}

/** One round: µs of CPU that each operation took, in the order in which they were told. */
export interface Round {
  readonly us: readonly number[];
}

/** A round of an operation takes about so long, ms of CPU; or of waiting, whichever is reached first. */
const roundCpuMs = 60;
const roundMs = 1000;
/** Before the first round, ms of CPU of each operation: its code is compiled meanwhile. */
const warmUpCpuMs = 300;
const mostTimes = 2 ** 24;

const name = process.argv[2] ?? '';
const open = subjects[name];
if (!open) throw new Error(`expected one of ${Object.keys(subjects).join(', ')}, found "${name}"`);
const subject = await open();
const { operations } = subject;
const times: number[] = [];
for (const operation of operations) times.push(await warmUp(operation));
process.on('message', () => {
  round().then(
    (us) => process.send?.({ us } satisfies Round),
    (error: unknown) => {
      process.stderr.write(`${name}: ${error instanceof Error ? error.message : String(error)}\n`);
      process.exit(1);
    },
  );
});
process.on('disconnect', () => {
  const ended = subject.close?.() ?? Promise.resolve();
  ended.finally(() => process.exit(0));
});
process.send?.({ operations: operations.map(({ run: _, ...told }) => told) } satisfies Told);

async function round(): Promise<number[]> {
  const us: number[] = [];
  for (const [at, operation] of operations.entries()) {
    const count = times[at] ?? 1;
    us.push((await cpuMs(operation, count)) * (1000 / count));
  }
  return us;
}

/** Finds how many times make a round. */
async function warmUp(operation: Operation): Promise<number> {
  let spentMs = 0;
  for (let count = 1; ; count *= 2) {
    const begunMs = performance.now();
    const ms = await cpuMs(operation, count);
    spentMs += ms;
    const isLong = ms >= roundCpuMs || performance.now() - begunMs >= roundMs || count >= mostTimes;
    if (!isLong) continue;
    for (; spentMs < warmUpCpuMs && ms >= roundCpuMs / 4; spentMs += ms) await cpuMs(operation, count);
    return count;
  }
}

/** CPU of the whole process: its threads and the collecting of garbage are part of it. */
async function cpuMs({ run }: Operation, count: number): Promise<number> {
  const before = process.cpuUsage();
  await run(count);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
