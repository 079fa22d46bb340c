import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';

const chart = new URL('../../src/deploy/helm/baari/', import.meta.url);
const cases = new URL('./values/', import.meta.url);

/** The text of a file of the chart. */
export function chartFile(name: string): string {
  return readFileSync(new URL(name, chart), 'utf8');
}

/** The text of all templates. */
export const templates = readdirSync(new URL('templates/', chart))
  .map((name) => chartFile(`templates/${name}`))
  .join('\n');

/** Files with values that go together; `values.yaml` alone is one of them. */
export const valuesFiles: readonly string[] = readdirSync(cases);

/** The text of one of them. */
export function valuesFile(name: string): string {
  return readFileSync(new URL(name, cases), 'utf8');
}

/** Where helm may be: as named, where it is kept for tests, where `go install` puts it, on the PATH. */
const places = [
  process.env.BAARI_TEST_HELM,
  join(homedir(), '.cache/baari/helm-v3.18.4'),
  join(homedir(), 'go/bin/helm'),
];
const helm = places.find((path) => path && existsSync(path)) ?? 'helm';

/** Whether helm is there. */
export const hasHelm = spawnSync(helm, ['version']).status === 0;

/** A document of Kubernetes, as far as every one is alike. */
const manifest = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string() }),
});
export type Manifest = z.infer<typeof manifest>;

/** Runs helm on the chart. */
export function runHelm(...args: string[]): {
  readonly isGood: boolean;
  readonly said: string;
  readonly out: string;
} {
  const { status, stdout, stderr } = spawnSync(helm, args, { cwd: fileURLToPath(chart), encoding: 'utf8' });
  return { isGood: status === 0, said: `${stdout}${stderr}`, out: stdout };
}

/** Renders the chart for Kubernetes 1.30 with the values of a file, or with those that it brings, and with single ones. */
export function render(file?: string, ...set: string[]): ReturnType<typeof runHelm> {
  const values = file === undefined ? [] : ['--values', fileURLToPath(new URL(file, cases))];
  const more = set.flatMap((one) => ['--set', one]);
  return runHelm(
    'template',
    'voice',
    '.',
    '--namespace',
    'calls',
    '--kube-version',
    '1.30.0',
    ...values,
    ...more,
  );
}

/** What was rendered. @throws Error with what helm says where it refuses */
export function manifestsOf(file?: string, ...set: string[]): readonly Manifest[] {
  const { isGood, said, out } = render(file, ...set);
  if (!isGood) throw new Error(said);
  return parseAllDocuments(out)
    .map((document) => document.toJS())
    .filter((content) => content !== null)
    .map((content) => manifest.parse(content));
}
