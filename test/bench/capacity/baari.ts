import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { BridgeCommand } from './bridge.ts';
import { pinned } from './pinned.ts';
import type { Rig } from './rig.ts';

/** How Baari is run. */
interface Variant {
  readonly about: string;
  readonly records: boolean;
  /** More of its agent file. */
  readonly agent?: string;
  readonly isTls?: boolean;
  /** What looks on while it runs. */
  readonly onlooker?: 'viewer' | 'metrics';
}

/** As it ships, and with more or less of it. */
export const variants = {
  shipped: { about: 'as it ships: detector, recording, metrics', records: true },
  'no-records': { about: 'nothing is recorded', records: false },
  relay: {
    about: 'relay, resampling and paced playout: nothing recorded, turns left to Gemini, no model for speech',
    records: false,
    agent: 'detector: { kind: energy }\nturns: { owner: gemini }\n',
  },
  viewer: { about: 'as it ships, and somebody watches a call', records: true, onlooker: 'viewer' },
  metrics: { about: 'as it ships, metrics read every second', records: true, onlooker: 'metrics' },
  tls: { about: 'as it ships, TLS on Exotel’s side', records: true, isTls: true },
} satisfies Readonly<Record<string, Variant>>;
export type VariantName = keyof typeof variants;

const launcher = path.resolve(import.meta.dirname, '../../../src/cli/baari.mjs');
/** What Node is told besides, such as `--cpu-prof`. */
const nodeOptions = process.env.BENCH_NODE_OPTIONS?.split(' ') ?? [];

/** @param folder where its agents, records and certificate are */
export function baari(name: VariantName, folder: string): BridgeCommand {
  const { records, agent = '', isTls = false }: Variant = variants[name];
  const agents = path.join(folder, 'agents');
  mkdirSync(agents, { recursive: true });
  const file = `prompt: "You take calls. caller={{caller.number}}"\nlimits: { longest_call_min: 59 }\n${agent}`;
  writeFileSync(path.join(agents, 'bakery.yaml'), file);
  const kept = records ? ['--records', path.join(folder, 'records')] : [];
  return {
    command: [
      ...[process.execPath, ...nodeOptions, launcher, 'serve', '--gemini', 'google'],
      ...['--agents', agents, ...kept],
    ],
    env: { BAARI_MAX_CALLS: '5000', BAARI_MAX_LAG_MS: '10000', ...(isTls && certificateIn(folder)) },
    isTls,
  };
}

/** Has somebody look on, where the variant says so, until the returned function is called. */
export function lookOn(name: VariantName, rig: Rig): () => void {
  const { onlooker }: Variant = variants[name];
  const url = `http://127.0.0.1:${rig.bridge.port}`;
  if (onlooker === 'metrics') {
    const reading = setInterval(() => {
      fetch(`${url}/metrics`).then(
        (answer) => answer.text(),
        () => '',
      );
    }, 1000);
    return () => clearInterval(reading);
  }
  if (onlooker !== 'viewer') return () => undefined;
  // the first caller's call, by Exotel's name of it
  const watched = `c${rig.load.callers.pid}09000000000`;
  const [command = '', ...args] = pinned('load', [
    process.execPath,
    launcher,
    'watch',
    watched,
    '--url',
    url,
  ]);
  const viewer = spawn(command, args, { stdio: 'ignore' });
  return () => viewer.kill();
}

function certificateIn(folder: string): Record<string, string> {
  const [cert, key] = [path.join(folder, 'cert.pem'), path.join(folder, 'key.pem')];
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
      ...['-subj', '/CN=localhost', '-keyout', key, '-out', cert],
    ],
    { stdio: 'ignore' },
  );
  return { BAARI_TLS_CERT: cert, BAARI_TLS_KEY: key };
}
