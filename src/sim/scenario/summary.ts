import type { CallFigures } from './measures.ts';
import type { Scenario } from './schema.ts';

/** One figure over all calls of a scenario. */
export interface FigureSummary {
  readonly n: number;
  readonly mean: number;
  readonly median: number;
  readonly p95: number;
  readonly max: number;
}

/** A bar of a scenario and whether it was met. */
export interface BarResult {
  /** Figure and statistic, such as `yielded.mean`. */
  readonly bar: string;
  readonly least: number | undefined;
  readonly most: number | undefined;
  /** NaN when nothing was measured. */
  readonly found: number;
  readonly isMet: boolean;
}

/** A scenario's result. */
export interface ScenarioSummary {
  readonly scenario: string;
  readonly about: string;
  readonly calls: number;
  readonly figures: Readonly<Record<string, FigureSummary>>;
  readonly bars: readonly BarResult[];
}

/** Sums the calls of a scenario up and holds them against its bars. */
export function summarise(scenario: Scenario, calls: readonly CallFigures[]): ScenarioSummary {
  const names = new Set(calls.flatMap((figures) => Object.keys(figures)));
  const figures: Record<string, FigureSummary> = {};
  for (const name of names) {
    const values = calls.flatMap((call) => call[name] ?? []);
    if (values.length > 0) figures[name] = summaryOf(values);
  }
  const bars = Object.entries(scenario.bars).map(([bar, { least, most }]) => {
    const [figure = '', statistic = 'mean'] = bar.split('.');
    const found = statisticOf(figures[figure], statistic);
    const isMet = (least === undefined || found >= least) && (most === undefined || found <= most);
    return { bar, least, most, found, isMet };
  });
  return { scenario: scenario.name, about: scenario.about, calls: calls.length, figures, bars };
}

function statisticOf(summary: FigureSummary | undefined, statistic: string): number {
  if (!summary) return Number.NaN;
  switch (statistic) {
    case 'median':
      return summary.median;
    case 'p95':
      return summary.p95;
    case 'max':
      return summary.max;
    default:
      return summary.mean;
  }
}

function summaryOf(values: readonly number[]): FigureSummary {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0;
  const round = (value: number): number => Math.round(value * 1000) / 1000;
  return {
    n: sorted.length,
    mean: round(sorted.reduce((sum, value) => sum + value, 0) / sorted.length),
    median: round(at(0.5)),
    p95: round(at(0.95)),
    max: round(sorted.at(-1) ?? 0),
  };
}
