import { readFileSync } from 'node:fs';

/** The root of the repository, which is the context of the image. */
export const root = new URL('../../', import.meta.url);

/** One instruction of the Dockerfile; what continues on further lines is one. */
export interface Instruction {
  readonly name: string;
  /** Options such as `--from=build`, by their names. */
  readonly options: ReadonlyMap<string, string>;
  readonly rest: string;
}

/** A stage: what it begins from, its name where it has one, and its instructions in order. */
export interface Stage {
  readonly from: string;
  readonly as: string | undefined;
  readonly instructions: readonly Instruction[];
}

/** Reads the Dockerfile, as far as this one goes: no variables, no heredocs. @throws Error for an instruction before any stage */
export function readDockerfile(): readonly Stage[] {
  const text = readFileSync(new URL('Dockerfile', root), 'utf8');
  const lines = text
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '');
  const stages: { from: string; as: string | undefined; instructions: Instruction[] }[] = [];
  for (const line of lines) {
    const [, name = '', all = ''] = /^([A-Z]+) +(.*)$/.exec(line) ?? [];
    if (name === 'FROM') {
      const [from = '', , as] = all.split(' ');
      stages.push({ from, as, instructions: [] });
      continue;
    }
    const [, given = '', rest = ''] = /^((?:--\S+ +)*)(.*)$/.exec(all) ?? [];
    const options = given.split(' ').flatMap((option) => {
      const [, key, value] = /^--([\w-]+)=(.*)$/.exec(option) ?? [];
      return key === undefined ? [] : [[key, value ?? ''] as const];
    });
    const stage = stages.at(-1);
    if (!stage) throw new Error(`Dockerfile: expected FROM first, found ${name}`);
    stage.instructions.push({ name, options: new Map(options), rest });
  }
  return stages;
}

/** What the context holds: `.dockerignore` leaves out all but what it names with `!`. */
export function inContext(): readonly string[] {
  const lines = readFileSync(new URL('.dockerignore', root), 'utf8').split('\n').filter(Boolean);
  if (lines[0] !== '*') throw new Error(`.dockerignore: expected * first, found ${lines[0]}`);
  return lines.slice(1).map((line) => line.replace(/^!/, ''));
}

/** Sources and target of a COPY. */
export function copied({ rest }: Instruction): {
  readonly sources: readonly string[];
  readonly target: string;
} {
  const parts = rest.split(' ').filter(Boolean);
  return { sources: parts.slice(0, -1), target: parts.at(-1) ?? '' };
}
