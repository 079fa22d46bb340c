// Builds the console after an installation from the sources; one without what builds it, as in production, has it built already.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

if (existsSync('node_modules/vite')) {
  execFileSync(
    'node',
    ['node_modules/vite/bin/vite.js', 'build', '-c', 'src/console/vite.config.ts', '--logLevel', 'warn'],
    {
      stdio: 'inherit',
    },
  );
}
