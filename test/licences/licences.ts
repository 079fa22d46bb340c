import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** Licences that ask for no more than their text and the names of the authors. */
const allowed: ReadonlySet<string> = new Set([
  'MIT',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'Unlicense',
]);

/** What is read of a `package-lock.json`. */
export interface Lockfile {
  readonly packages: Readonly<
    Record<string, { readonly version?: string; readonly license?: string; readonly dev?: boolean }>
  >;
}

const lockfileSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({
      version: z.string().exactOptional(),
      license: z.string().exactOptional(),
      dev: z.boolean().exactOptional(),
    }),
  ),
});

/** Whether an SPDX expression (names, `AND`, `OR`, parentheses) can be met by permissive licences alone. */
export function isPermissive(expression: string): boolean {
  const inner = /\(([^()]*)\)/.exec(expression);
  if (inner)
    return isPermissive(expression.replace(inner[0], isPermissive(inner[1] ?? '') ? 'MIT' : 'refused'));
  return expression
    .split(/\s+OR\s+/)
    .some((way) => way.split(/\s+AND\s+/).every((name) => allowed.has(name.trim())));
}

/** Each package that runs in production under a licence that is not permissive, or that names none. */
export function refusedLicences({ packages }: Lockfile): string[] {
  return productionPackages({ packages })
    .filter(([, { license }]) => !isPermissive(license ?? ''))
    .map(
      ([path, { version = '', license }]) =>
        `${path.replace(/^.*node_modules\//, '')}@${version}: expected one of ${[...allowed].join(', ')}, found ${license ?? 'no licence'}`,
    );
}

function productionPackages({ packages }: Lockfile) {
  return Object.entries(packages).filter(([path, { dev }]) => path !== '' && !dev);
}

if (import.meta.main) {
  const file = new URL('../../package-lock.json', import.meta.url);
  const lockfile = lockfileSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  const refused = refusedLicences(lockfile);
  const count = productionPackages(lockfile).length;
  process.stdout.write(
    refused.length === 0
      ? `${count} production packages, all under permissive licences\n`
      : `${refused.join('\n')}\n`,
  );
  process.exitCode = refused.length === 0 ? 0 : 1;
}
