import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Agent } from '../../agents/index.ts';
import { loadScenarios, type Scenario } from '../../sim/index.ts';

/** The folder of the scenarios of an agent's own: `scenarios/<agent>` beside its file. */
export function scenariosFolder(folder: string, agent: string): string {
  return path.join(folder, 'scenarios', agent);
}

/** The scenarios of an agent's own, by name. @throws ScenarioError */
export async function scenariosOf({ name, source }: Agent): Promise<Scenario[]> {
  const folder = scenariosFolder(path.dirname(source.file), name);
  return existsSync(folder) ? loadScenarios(folder) : [];
}
