import * as machines from '../../../machines/index.ts';
import type { DrawnChart } from './drawn-chart.ts';
import { layOutChart } from './lay-out-chart.ts';

/** Every machine of Baari, laid out, in the order of their names; a new one is drawn by being exported. */
export function drawAllCharts(): Promise<DrawnChart[]> {
  const all = Object.values(machines).sort((a, b) => (a.id < b.id ? -1 : 1));
  return Promise.all(all.map((machine) => layOutChart(machine)));
}
