import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { theseVersions, thisMachine } from './machine.ts';
import { type Column, printTable, type Row } from './table.ts';

export { type Noise, noiseOf } from './noise.ts';
export type { Cell, Column, Row } from './table.ts';

/** What a benchmark has found. */
export interface Report {
  /** Also the name of its file. */
  readonly name: string;
  /** One line. */
  readonly about: string;
  readonly settings: Readonly<Record<string, string | number | boolean>>;
  /** Of other libraries, or of peers. */
  readonly versions?: Readonly<Record<string, string>>;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  /** Sentences below the table. */
  readonly notes?: readonly string[];
}

/** Where the files are unless `--out` names a folder; git ignores it. */
const usualFolder = 'bench-results';

/** Prints what was found as a table, and writes it with the machine and the versions to `<name>.json`; judges nothing. */
export function publish(report: Report, args: readonly string[] = process.argv.slice(2)): void {
  const { name, about, settings, versions = {}, columns, rows, notes = [] } = report;
  console.log(`${name}: ${about}`);
  printTable(columns, rows);
  for (const note of notes) console.log(note);
  const folder = outFolder(args);
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `${name}.json`);
  const document = {
    name,
    about,
    date: new Date().toISOString(),
    machine: thisMachine(),
    versions: { ...theseVersions(), ...versions },
    settings,
    columns,
    rows,
    notes,
  };
  writeFileSync(file, `${JSON.stringify(document, null, 2)}\n`);
  console.log(`written to ${file}`);
}

/** The folder that `--out` names, other arguments are passed over. */
export function outFolder(args: readonly string[]): string {
  const { values } = parseArgs({ args: [...args], strict: false, options: { out: { type: 'string' } } });
  return path.resolve(typeof values.out === 'string' ? values.out : usualFolder);
}
