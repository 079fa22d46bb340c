// Writes the tables of the capacity page anew from the figures that stand in it, and into the chart what a process is given:
// `npm run docs`.
import { readFileSync, writeFileSync } from 'node:fs';
import { realFlows } from './frames.ts';
import { readInputs } from './inputs.ts';
import { callsPerProcess, tablesOf } from './tables.ts';

/** Where the page is. */
export const capacityPage = new URL('../../../src/deploy/CAPACITY.md', import.meta.url);

/**
 * The text of the page with the tables between `<!-- table: … -->` and `<!-- /table -->` computed anew.
 *
 * @throws Error when a table has no place in it, or a place no table
 */
export async function computePage(page: string): Promise<string> {
  const inputs = readInputs(page);
  const tables = tablesOf(inputs, await realFlows(inputs.chunkMs));
  const placed = new Set<string>();
  const text = page.replace(
    /(<!-- table: ([\w-]+) -->\n)[\s\S]*?(\n<!-- \/table -->)/g,
    (_, start: string, name: string, end: string) => {
      const table = tables.get(name);
      if (!table)
        throw new Error(`capacity page: expected one of ${[...tables.keys()].join(', ')}, found ${name}`);
      placed.add(name);
      return `${start}\n${table}\n${end}`;
    },
  );
  for (const name of tables.keys()) {
    if (!placed.has(name))
      throw new Error(`capacity page: expected a place for the table ${name}, found none`);
  }
  return text;
}

/** The chart's values with what a process is given and needs, as the page has it. */
function valuesFrom(page: string, values: string): string {
  const inputs = readInputs(page);
  const { processMb, callMb } = inputs;
  const figures = { callsPerProcess: callsPerProcess(inputs), processMb, callMb };
  return Object.entries(figures).reduce(
    (text, [name, figure]) => text.replace(new RegExp(`^( +${name}: ).*$`, 'm'), `$1${figure}`),
    values,
  );
}

if (import.meta.main) {
  const page = await computePage(readFileSync(capacityPage, 'utf8'));
  writeFileSync(capacityPage, page);
  const values = new URL('helm/baari/values.yaml', capacityPage);
  writeFileSync(values, valuesFrom(page, readFileSync(values, 'utf8')));
}
