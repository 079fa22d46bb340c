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

const linux = async (): Promise<string | undefined> =>
  existsSync('/proc/self/stat') ? undefined : 'needs /proc, which is Linux’s';
const variants = ['shipped', 'relay', 'no-records', 'viewer', 'metrics', 'tls'];
const peers = ['shipped', 'bare-relay', 'pipecat', 'livekit', 'straight-bridge'];

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
    missing: linux,
  },
  capacity: {
    about: 'calls that one core carries, as it ships and with more or less of it',
    script: ['capacity/run.ts', ...variants],
    reports: true,
    missing: linux,
  },
  peers: {
    about: 'the same of other bridges, each as far as it can be had here',
    script: ['capacity/run.ts', '--name', 'peers', '--calls', '1,5,10,20,30,40,60,80,100,150,200', ...peers],
    reports: true,
    missing: linux,
  },
  turns: { about: 'how bridges take turns, by what their callers hear', script: ['peers/turns.ts'] },
  setup: {
    about: 'calls that begin in a second, and when the greeting is heard',
    script: ['capacity/setup.ts'],
    reports: true,
    missing: linux,
  },
  soak: {
    about: 'half an hour of calls that come and go: memory and lag',
    script: ['capacity/soak.ts', '--calls', '140'],
    reports: true,
    missing: linux,
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
