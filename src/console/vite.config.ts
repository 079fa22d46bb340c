import path from 'node:path';
import { defineConfig, type Plugin } from 'vite';
import { drawAllCharts } from './charts/draw-all-charts.ts';

const name = 'virtual:charts';

/** Lays the machines out while the console is built: the page gets boxes and lines, and no layout engine. */
function charts(): Plugin {
  return {
    name: 'baari-charts',
    resolveId: (id) => (id === name ? `\0${name}` : undefined),
    load: async (id) =>
      id === `\0${name}` ? `export const charts = ${JSON.stringify(await drawAllCharts())};` : undefined,
  };
}

const here = import.meta.dirname;

export default defineConfig({
  root: here,
  // a proxy may serve the console under a path of its own
  base: './',
  plugins: [charts()],
  build: {
    outDir: path.resolve(here, '../../dist/console'),
    emptyOutDir: true,
    // the first that know light-dark(): to lower it takes the colours of the page's own scheme away
    target: ['chrome123', 'firefox120', 'safari17.5'],
    sourcemap: false,
    // these know light-dark(), which is lost on the way to older ones
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    license: true,
    chunkSizeWarningLimit: 1500,
    rolldownOptions: {
      // Mantine marks its modules for servers that render; there is none here
      onLog: (level, log, tell) => (log.code === 'MODULE_LEVEL_DIRECTIVE' ? undefined : tell(level, log)),
    },
  },
});
