import fc from 'fast-check';
import { expect, it } from 'vitest';
import { faults, withFault } from './seeded-faults.ts';
import { pairs } from './turn-checks.ts';
import { promisesBroken, scenarios } from './turn-promises.ts';
import type { TurnChart } from './turn-rig.ts';

/** The same scenarios for every fault. */
const sampled = fc.sample(scenarios, { numRuns: 80, seed: 1 });

function firstMismatch(chart: TurnChart): string | undefined {
  for (const agentGreets of [true, false]) {
    for (const { mismatches } of pairs(chart, agentGreets)) if (mismatches[0]) return mismatches[0];
  }
  return undefined;
}

function firstBrokenPromise(chart: TurnChart): string | undefined {
  for (const [index, scenario] of sampled.entries()) {
    const [broken] = promisesBroken(chart, scenario);
    if (broken) return `${broken} (run ${index + 1})`;
  }
  return undefined;
}

it('catches every fault that is seeded into the turn chart', () => {
  const results = faults.map((fault) => {
    const chart = withFault(fault);
    return { fault: fault.name, table: firstMismatch(chart), promise: firstBrokenPromise(chart) };
  });
  const count = (what: 'table' | 'promise'): number => results.filter((result) => result[what]).length;
  const lines = results.flatMap(({ fault, table, promise }) => [
    `- ${fault}`,
    `    table:    ${table ?? 'not caught'}`,
    `    promises: ${promise ?? 'not caught'}`,
  ]);
  const sum = `${faults.length} faults: ${count('table')} caught by the table, ${count('promise')} by the promises`;
  console.log([...lines, sum].join('\n'));
  expect(results.filter(({ table }) => !table).map(({ fault }) => fault)).toEqual([]);
});
