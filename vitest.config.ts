import { defineConfig } from 'vitest/config';

/** Tests that replace a module: they need a worker with modules of its own. */
const replaceModules = ['test/gemini/an-sdk-without-its-seam.test.ts'];

/** Tests in a real browser, which takes both cores of a small machine: one file at a time, once all others are done. */
const inBrowser = ['test/browser/**/*.test.ts'];

/** Tests that hear real audio in real time from another process or over sockets: a machine that stands still for 200 ms tears it. */
const inRealTime = [
  'test/service/**/*.test.ts',
  'test/cli/**/*.test.ts',
  'test/rehearse/as-in-real-time.test.ts',
  'test/**/*over-real-sockets.test.ts',
];

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'threads',
    // many tests wait for audio in real time: both cores of a small machine, and several of a file at once
    maxWorkers: 3,
    maxConcurrency: 12,
    projects: [
      {
        extends: true,
        // files share the modules of a worker: half of the time went into loading them again for each
        test: {
          name: 'shared',
          include: ['test/**/*.test.ts'],
          exclude: [...replaceModules, ...inRealTime, ...inBrowser],
          isolate: false,
        },
      },
      { extends: true, test: { name: 'real time', include: inRealTime, isolate: false, retry: 2 } },
      { extends: true, test: { name: 'alone', include: replaceModules } },
      {
        extends: true,
        test: {
          name: 'browser',
          include: inBrowser,
          isolate: false,
          retry: 2,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
