import path from 'node:path';
import type { Peer } from '../peer.ts';
import { pythonWith } from '../python.ts';

export const peer: Peer = {
  name: 'livekit',
  about:
    "LiveKit Agents 1.8.9 with its Google plugin: an AgentSession for each call, without LiveKit's room server; paced 400 ms ahead of the phone",
  ready: async () => {
    const python = await pythonWith(import.meta.dirname, 'livekit');
    if ('missing' in python) return python;
    return { ...python, command: [python.python, '-B', path.join(import.meta.dirname, 'bridge.py')] };
  },
};
