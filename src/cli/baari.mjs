#!/usr/bin/env node
// Starts Baari on Node 24 or later: this one, or the one that is installed beside it. Runs the TypeScript source in a
// clone, the build elsewhere. Plain JavaScript that old versions of Node can read.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const needed = 24;

if (Number.parseInt(process.versions.node, 10) >= needed) {
  // halves the time a start takes from the second one on
  nodeModule.enableCompileCache?.();
  const source = join(here, 'main.ts');
  const isInstalled = here.split(/[\\/]/).includes('node_modules');
  const built = join(here, '../../dist/src/cli/main.js');
  const entry =
    existsSync(source) && !isInstalled ? source : existsSync(built) ? built : join(here, 'main.js');
  const { main } = await import(entry);
  process.exitCode = await main(process.argv.slice(2));
} else {
  const node = join(here, '../../node_modules/node/bin/node');
  if (existsSync(node)) {
    const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
      stdio: 'inherit',
    });
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
    child.on('exit', (code, signal) => {
      process.exitCode = signal ? 1 : (code ?? 1);
    });
  } else {
    process.stderr.write(`baari: expected Node ${needed} or later, found ${process.versions.node}\n`);
    process.exitCode = 1;
  }
}
