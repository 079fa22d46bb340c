import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as machines from '../../machines/index.ts';
import { type MachineFormat, machineFile } from '../observe/index.ts';
import { type Terminal, UserError } from './output.ts';

const formats: readonly MachineFormat[] = ['json', 'mermaid', 'stately'];

/** What `baari machines` was asked for. */
export interface MachinesOptions {
  readonly out: string;
  readonly format?: string;
}

/** `baari machines`: writes every statechart of a call as files, one form of each or all. Resolves with the exit code. */
export async function runMachines({ out, format }: MachinesOptions, { stdout }: Terminal): Promise<number> {
  const wanted = formats.filter((known) => format === undefined || format === known);
  if (wanted.length === 0) {
    throw new UserError(`--format: expected one of ${formats.join(', ')}, found "${format}"`, 2);
  }
  const files = Object.values(machines).flatMap((machine) => wanted.map((as) => machineFile(machine, as)));
  try {
    await mkdir(out, { recursive: true });
    for (const { name, text } of files) await writeFile(path.join(out, name), text);
  } catch (error) {
    throw new UserError(`cannot write to ${out}: ${error instanceof Error ? error.message : 'unknown'}`);
  }
  for (const { name } of files) stdout.write(`${path.join(out, name)}\n`);
  return 0;
}
