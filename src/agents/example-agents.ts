import { existsSync } from 'node:fs';
import path from 'node:path';

/** The folder of the agents that come with Baari. */
export const exampleAgentsFolder: string = findExamples(import.meta.dirname);

/** The files are not compiled: a build finds them in the source tree of its package, further up. */
function findExamples(folder: string): string {
  const candidates = [path.join(folder, 'examples')];
  for (let up = folder; up !== path.dirname(up); up = path.dirname(up)) {
    candidates.push(path.join(up, 'src', 'agents', 'examples'));
  }
  const [beside = ''] = candidates;
  return candidates.find((candidate) => existsSync(candidate)) ?? beside;
}
