import path from 'node:path';
import type { Peer } from '../peer.ts';
import { pythonWith } from '../python.ts';

export const peer: Peer = {
  name: 'straight-bridge',
  about:
    'what one writes first: google-genai, websockets, audioop; a reply is sent at once when all of it is there',
  ready: async () => {
    const python = await pythonWith(import.meta.dirname, 'straight-bridge');
    if ('missing' in python) return python;
    return { ...python, command: [python.python, path.join(import.meta.dirname, 'bridge.py')] };
  },
};
