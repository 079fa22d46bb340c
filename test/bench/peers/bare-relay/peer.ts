import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Peer } from '../peer.ts';

export const peer: Peer = {
  name: 'bare-relay',
  about: 'the floor: Node and ws, short FIR resamplers, audio passed on at once, no detector, no pacing',
  ready: async () => {
    const { version } = JSON.parse(
      readFileSync(fileURLToPath(import.meta.resolve('ws/package.json')), 'utf8'),
    );
    return {
      command: [process.execPath, fileURLToPath(import.meta.resolve('./relay.ts'))],
      versions: { node: process.version, ws: version },
    };
  },
};
