import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, YAMLParseError } from 'yaml';
import { type Scenario, scenarioSchema } from './schema.ts';

/** The folder of the scenarios that ship. */
export const shippedScenarios = fileURLToPath(new URL('./library/', import.meta.url));

/** A scenario file that cannot be used; the message names the file, what was expected and what was found. */
export class ScenarioError extends Error {
  constructor(file: string, problems: readonly string[]) {
    super(problems.map((problem) => `${file}: ${problem}`).join('\n'));
    this.name = 'ScenarioError';
  }
}

/** Reads one scenario. @throws ScenarioError */
export async function loadScenario(file: string): Promise<Scenario> {
  let content: unknown;
  try {
    content = parse(await readFile(file, 'utf8'));
  } catch (error) {
    if (error instanceof YAMLParseError) throw new ScenarioError(file, [error.message]);
    throw new ScenarioError(file, [
      `expected a readable YAML file, found ${(error as NodeJS.ErrnoException).code ?? 'an error'}`,
    ]);
  }
  const result = scenarioSchema.safeParse(content);
  if (!result.success) {
    throw new ScenarioError(
      file,
      result.error.issues.map(({ path, message }) => `${path.join('.') || '(top level)'}: ${message}`),
    );
  }
  return { ...result.data, name: basename(file, extname(file)), folder: dirname(file) };
}

/** Reads every scenario of a folder, by name. @throws ScenarioError */
export async function loadScenarios(folder: string): Promise<Scenario[]> {
  const files = (await readdir(folder)).filter((file) => /\.ya?ml$/.test(file)).sort();
  return Promise.all(files.map((file) => loadScenario(join(folder, file))));
}
