import { type Cell, type Column, noiseOf, type Row } from '../report/index.ts';
import { lookOn } from './baari.ts';
import type { Measured } from './measure.ts';
import { pause, Rig } from './rig.ts';
import type { UnderTest } from './under-test.ts';

/** How a bridge is put under load, step by step. */
export interface RampOptions {
  /** Calls of each step. */
  readonly steps: readonly number[];
  /** Each step is measured so often, for so long. */
  readonly rounds: number;
  readonly seconds: number;
  /** Before a step is measured: calls have begun together, s. */
  readonly settle: number;
  /** Before the first step, with half of its calls: code that has not run long is slow, s. */
  readonly warm: number;
  /** Goes on after a step at which the bridge did not keep up. */
  readonly all: boolean;
}

/** From the first step that breaks these on, there are no more. */
const latestMs = 20;
const mostShort = 0.02;

export const columns: readonly Column[] = [
  { name: 'calls', digits: 0 },
  { name: 'CPU a call', unit: '% of a core', digits: 3 },
  { name: 'CPU', unit: '% of a core', digits: 0 },
  { name: 'late p99', unit: 'ms', digits: 1 },
  { name: 'loop p99', unit: 'ms', digits: 1 },
  { name: 'gaps', digits: 0 },
  { name: 'over 20 ms', digits: 0 },
  { name: 'cut short', digits: 0 },
  { name: 'replies', digits: 0 },
  { name: 'up p50', unit: 'ms', digits: 1 },
  { name: 'up p95', unit: 'ms', digits: 1 },
  { name: 'up p99', unit: 'ms', digits: 1 },
  { name: 'down p50', unit: 'ms', digits: 1 },
  { name: 'down p95', unit: 'ms', digits: 1 },
  { name: 'down p99', unit: 'ms', digits: 1 },
  { name: 'RSS', unit: 'MB', digits: 0 },
  { name: 'others', unit: '% of its core', digits: 0 },
  { name: 'kept up' },
];

/** Ramps a bridge up until it does not keep up. */
export async function ramp(bridge: UnderTest, options: RampOptions): Promise<Row[]> {
  await using rig = await Rig.start(bridge.command);
  const rows: Row[] = [];
  let open = Math.ceil((options.steps[0] ?? 0) / 2);
  await rig.dial(open);
  await pause(options.warm * 1000);
  let stopLooking: (() => void) | undefined;
  for (const calls of options.steps) {
    await rig.dial(calls - open);
    open = calls;
    await pause(options.settle * 1000);
    stopLooking ??= bridge.variant && lookOn(bridge.variant, rig);
    const rounds: Measured[] = [];
    for (let round = 0; round < options.rounds; round += 1) rounds.push(await rig.measure(options.seconds));
    rows.push({ what: `${bridge.name} ${calls}`, cells: cellsOf(rounds, calls) });
    console.error(JSON.stringify(rows.at(-1)));
    if (!options.all && !rounds.some((round) => keptUp(round, calls))) break;
  }
  stopLooking?.();
  return rows;
}

/** Whether all calls were there, their replies whole, and chunks in time where the bridge tells. */
function keptUp({ late, gaps, short, lost, replies, calls: open, down }: Measured, calls: number): boolean {
  const isLate = late !== undefined && !(late.at(0.99) <= latestMs);
  const isWhole = gaps === 0 && short <= mostShort * replies && down.count > 0;
  return !isLate && isWhole && lost === 0 && open === calls;
}

function cellsOf(rounds: readonly Measured[], calls: number): Record<string, Cell> {
  const median = (pick: (one: Measured) => number): number => noiseOf(rounds.map(pick)).median;
  const sum = (pick: (one: Measured) => number): number =>
    rounds.reduce((total, one) => total + pick(one), 0);
  const kept = rounds.filter((round) => keptUp(round, calls)).length;
  return {
    calls,
    'CPU a call': noiseOf(rounds.map(({ cpuPerCall }) => cpuPerCall)),
    CPU: median(({ cpu }) => cpu),
    ...(rounds[0]?.late && { 'late p99': noiseOf(rounds.map(({ late }) => late?.at(0.99) ?? Number.NaN)) }),
    ...(rounds[0]?.loopMs !== undefined && { 'loop p99': median(({ loopMs }) => loopMs ?? Number.NaN) }),
    gaps: sum(({ gaps }) => gaps),
    'over 20 ms': sum(({ longGaps }) => longGaps),
    'cut short': sum(({ short }) => short),
    replies: sum(({ replies }) => replies),
    'up p50': median(({ up }) => up.p50),
    'up p95': median(({ up }) => up.p95),
    'up p99': median(({ up }) => up.p99),
    'down p50': median(({ down }) => down.p50),
    'down p95': median(({ down }) => down.p95),
    'down p99': median(({ down }) => down.p99),
    RSS: median(({ rssMb }) => rssMb),
    others: median(({ foreign }) => foreign),
    'kept up': kept === rounds.length ? 'yes' : kept > 0 ? `${kept} of ${rounds.length} rounds` : 'no',
  };
}
