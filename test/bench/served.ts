// A server in a process of its own, so that its memory is nobody else's: started by the other scripts of this folder.
import { exampleAgentsFolder, loadAgents } from '../../src/agents/index.ts';
import { loadApology } from '../../src/call/index.ts';
import { createLog } from '../../src/observe/index.ts';
import { BaariServer } from '../../src/server/index.ts';
import { createScorers } from '../../src/speech/index.ts';
import { systemChance, systemClock } from '../../src/time/index.ts';
import { dialWebSocket } from '../../src/wire/index.ts';
import type { Answer, Question } from './server-process.ts';

const baseUrl = process.argv[2] ?? '';
const { agents } = await loadAgents(exampleAgentsFolder);
const bakery = agents.get('bakery');
if (!bakery) throw new Error('the examples have no bakery');
const security = { ...bakery.security, basicUser: 'exotel', basicPasswordEnv: 'ANY' };
const log = createLog({ level: 'silent' });
const counted = { ended: 0 };
const server = new BaariServer({
  host: '127.0.0.1',
  port: 0,
  clock: systemClock,
  chance: systemChance,
  log,
  agents: new Map([
    ['bakery', bakery],
    ['guarded', { ...bakery, name: 'guarded', security }],
  ]),
  access: { apiKey: 'any', baseUrl },
  dial: (url, headers) => dialWebSocket(url, { headers, handshakeMs: 10_000, maxFrameBytes: 1_000_000 }),
  scorers: await createScorers({ kind: 'energy', clock: systemClock, log }),
  doors: { passwordOf: () => 'the-password-of-this-bench', trustedProxies: ['127.0.0.1'] },
  apologyFor: () => loadApology(),
  observersFor: () => [
    {
      ended: () => {
        counted.ended += 1;
      },
    },
  ],
});
const base = await server.listen();

function answer(question: Question): Answer {
  if (question === 'settle') globalThis.gc?.();
  const { heapUsed, rss, external } = process.memoryUsage();
  return { base, heap: heapUsed + external, rss, calls: server.calls.size, ended: counted.ended };
}

process.on('message', (question: Question) => process.send?.(answer(question)));
process.on('disconnect', () => process.exit(0));
