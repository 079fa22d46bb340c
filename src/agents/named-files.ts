import { realpathSync } from 'node:fs';
import path from 'node:path';

/** A file or folder that an agent file names. */
export interface NamedFile {
  /** Its absolute path. */
  readonly place: string;
  /** Why the agent may not have it, as an agent file's problem says it. */
  readonly fault: { readonly expected: string; readonly found: string; readonly hint: string } | undefined;
}

/**
 * The files and folders that one agent file names, relative to its own folder.
 *
 * What an agent is told, and what its callers hear, must be of its own tenant: a path that leads out of the folder of the
 * agent files, by itself or by a symbolic link, is refused.
 */
export class NamedFiles {
  /** Absolute paths, as named; also of those that are missing, which may come yet. */
  readonly all: string[] = [];
  readonly #folder: string;
  readonly #roots: readonly string[];

  /** @param alsoFrom further folders that agent files may name files in */
  constructor(file: string, alsoFrom: readonly string[]) {
    this.#folder = path.resolve(path.dirname(file));
    this.#roots = [this.#folder, ...alsoFrom.map((folder) => path.resolve(folder))];
  }

  /** Looks at a path of the agent file. */
  find(named: string): NamedFile {
    const place = path.resolve(this.#folder, named);
    this.all.push(place);
    const inside = (one: string): boolean =>
      this.#roots.some((root) => isInside(one, root) || isInside(one, realOf(root)));
    if (inside(place) && inside(realOf(place))) return { place, fault: undefined };
    const real = realOf(place);
    return {
      place,
      fault: {
        expected: `a path inside ${this.#folder}`,
        found: real === place ? place : `${place}, which leads to ${real}`,
        hint: 'BAARI_AGENT_FILES names further folders that are allowed',
      },
    };
  }
}

function isInside(place: string, root: string): boolean {
  const way = path.relative(root, place);
  return way === '' || (!path.isAbsolute(way) && way.split(path.sep)[0] !== '..');
}

/** The path behind all symbolic links; of what is missing, as far as there is something. */
function realOf(place: string): string {
  try {
    return realpathSync(place);
  } catch {
    const above = path.dirname(place);
    return above === place ? place : path.join(realOf(above), path.basename(place));
  }
}
