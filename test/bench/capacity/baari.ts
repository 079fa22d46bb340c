import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { BridgeCommand } from './bridge.ts';

/** How Baari is run: as it ships, or with more or less of it. */
export const variants = {
  shipped: { records: true },
  'no records': { records: false },
  energy: { records: false, agent: 'detector: { kind: energy }\n' },
  relay: { records: false, agent: 'detector: { kind: energy }\nturns: { owner: gemini }\n' },
} satisfies Record<string, { readonly records: boolean; readonly agent?: string }>;
export type Variant = keyof typeof variants;

const launcher = path.resolve(import.meta.dirname, '../../../src/cli/baari.mjs');

/** What Node is told besides, such as `--cpu-prof`. */
const nodeOptions = process.env.BENCH_NODE_OPTIONS?.split(' ') ?? [];

/** @param folder where its agents and records are */
export function baari(variant: Variant, folder: string): BridgeCommand {
  const { records, agent = '' }: { records: boolean; agent?: string } = variants[variant];
  const agents = path.join(folder, 'agents');
  mkdirSync(agents, { recursive: true });
  writeFileSync(
    path.join(agents, 'bakery.yaml'),
    'prompt: "You take calls. caller={{caller.number}}"\nlimits: { longest_call_min: 59 }\n' + agent,
  );
  const kept = records ? ['--records', path.join(folder, 'records')] : [];
  return {
    command: [
      process.execPath,
      ...nodeOptions,
      launcher,
      'serve',
      '--gemini',
      'google',
      '--agents',
      agents,
      ...kept,
    ],
    env: { BAARI_MAX_CALLS: '5000', BAARI_MAX_LAG_MS: '10000' },
  };
}
