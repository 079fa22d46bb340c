import { existsSync } from 'node:fs';

/** One benchmark: a script of this folder, run in a process of its own. */
export interface Part {
  /** One line. */
  readonly about: string;
  /** The script in this folder, and its arguments. */
  readonly script: readonly [file: string, ...args: string[]];
  /** Whether it writes its report to the folder that `--out` names. */
  readonly reports?: boolean;
  /** What it needs and does not find here, in a few words. */
  readonly missing?: () => Promise<string | undefined>;
}

/** All benchmarks, in the order in which they run. */
export const parts: Readonly<Record<string, Part>> = {
  micro: {
    about: 'what each thing costs that a call needs, alone, and how often a call needs it',
    script: ['micro/run.ts'],
    reports: true,
  },
  idle: {
    about: 'CPU of a service that nobody calls, with and without a viewer',
    script: ['idle.ts'],
    reports: true,
    missing: async () => (existsSync('/proc/self/stat') ? undefined : 'needs /proc, which is Linux’s'),
  },
  metrics: { about: 'what the metrics cost', script: ['cost-of-metrics.ts'] },
  inspection: { about: 'what it costs that live calls can be watched', script: ['inspection.ts'] },
  floods: { about: 'memory of a server under floods of streams and requests', script: ['floods.ts'] },
  frames: { about: 'memory of a server under broken frames by the ten thousand', script: ['frames.ts'] },
  console: {
    about: 'the page of 200 live calls in a browser, and what a viewer costs the server',
    script: ['console-of-many-calls.ts'],
    missing: async () => {
      const { hasBrowser } = await import('../browser/browser-rig.ts');
      return hasBrowser ? undefined : 'needs Chromium, whose path CHROMIUM tells';
    },
  },
  search: { about: 'searches among 100,000 calls in SQLite', script: ['search.ts'] },
  'search-postgres': {
    about: 'searches among 100,000 calls in PostgreSQL',
    script: ['search.ts', 'postgres'],
    missing: async () => {
      const { hasPostgres } = await import('../records/servers/postgres-server.ts');
      return hasPostgres ? undefined : 'needs the packages of a PostgreSQL server';
    },
  },
};
