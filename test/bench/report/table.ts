import type { Noise } from './noise.ts';

/** A column; its unit stands in its head. */
export interface Column {
  readonly name: string;
  readonly unit?: string;
  /** Digits behind the point; 2 unless told otherwise. */
  readonly digits?: number;
}

/** What a cell may hold; of a noisy figure all three are shown. */
export type Cell = string | number | Noise;

/** What was measured, and a cell for each column that fits it. */
export interface Row {
  readonly what: string;
  readonly cells: Readonly<Record<string, Cell>>;
}

/** Writes rows to the console, a noisy figure as three columns. */
export function printTable(columns: readonly Column[], rows: readonly Row[]): void {
  console.table(Object.fromEntries(rows.map(({ what, cells }) => [what, shown(columns, cells)])));
}

function shown(columns: readonly Column[], cells: Row['cells']): Record<string, string | number> {
  const entries = columns.flatMap(({ name, unit, digits = 2 }): [string, string | number][] => {
    const cell = cells[name];
    const head = unit === undefined ? name : `${name}, ${unit}`;
    const rounded = (value: number): number => Number(value.toFixed(digits));
    if (cell === undefined) return [];
    if (typeof cell === 'string') return [[head, cell]];
    if (typeof cell === 'number') return [[head, rounded(cell)]];
    return [
      [`${head}: min`, rounded(cell.minimum)],
      [`${name}: median`, rounded(cell.median)],
      [`${name}: max`, rounded(cell.maximum)],
    ];
  });
  return Object.fromEntries(entries);
}
