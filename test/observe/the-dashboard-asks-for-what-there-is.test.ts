import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { workerMetrics } from '../../src/cli/service/worker-metrics.ts';
import { Metrics } from '../../src/observe/index.ts';

const file = new URL('../../src/observe/grafana-dashboard.json', import.meta.url);
const { panels } = z
  .object({
    panels: z.array(
      z.object({ id: z.number(), title: z.string(), targets: z.array(z.object({ expr: z.string() })) }),
    ),
  })
  .parse(JSON.parse(readFileSync(file, 'utf8')));

const metrics = new Metrics({ withProcess: true });
const known = new Map(
  [...metrics.registry.getMetricsAsArray(), ...workerMetrics(() => 1).registry.getMetricsAsArray()].map(
    (metric) => [metric.name, metric],
  ),
);
const labelsOf = (name: string): readonly string[] => {
  const metric = known.get(name);
  return metric && 'labelNames' in metric && Array.isArray(metric.labelNames) ? metric.labelNames : [];
};

/** The metrics a query names, without the endings that histograms add. */
function namesIn(expr: string): string[] {
  const found = expr.match(/\b(?:baari|nodejs|process)_\w+/g) ?? [];
  return found.map((name) => (known.has(name) ? name : name.replace(/_(bucket|sum|count)$/, '')));
}

describe.each(panels)('$title', ({ targets }) => {
  it.each(targets)('asks for metrics and labels that exist: $expr', ({ expr }) => {
    const names = namesIn(expr);
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) expect(known.has(name), name).toBe(true);
    const labels = [...names.flatMap(labelsOf), 'le', 'instance'];
    for (const [, list = ''] of expr.matchAll(/by \(([^)]*)\)/g)) {
      for (const label of list.split(', ')) expect(labels).toContain(label);
    }
    for (const [, label] of expr.matchAll(/[{,]\s*(\w+)=~?"/g)) expect(labels).toContain(label);
  });
});

it('every metric of Baari’s own is on a panel', () => {
  const shown = new Set(panels.flatMap(({ targets }) => targets.flatMap(({ expr }) => namesIn(expr))));
  const own = [...known.keys()].filter((name) => name.startsWith('baari_'));
  expect(own.filter((name) => !shown.has(name))).toEqual([]);
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
});
