import path from 'node:path';
import type { Peer } from '../peer.ts';
import { pythonWith } from '../python.ts';

export const peer: Peer = {
  name: 'pipecat',
  about:
    'pipecat-ai 1.14.0: its Exotel serialiser, FastAPI transport and Gemini Live service; no VAD of its own, as in its examples',
  ready: async () => {
    const python = await pythonWith(import.meta.dirname, 'pipecat');
    if ('missing' in python) return python;
    return { ...python, command: [python.python, path.join(import.meta.dirname, 'bridge.py')] };
  },
};
