import { afterEach, expect, it } from 'vitest';
import { ToolBook } from '../../src/cli/tools.ts';
import { SimulatedClock, seededChance } from '../../src/time/index.ts';
import { MemoryLog } from '../helpers/memory-log.ts';
import { agentOf } from '../helpers/simulated-call.ts';

const shop = (name: string) =>
  agentOf(`tools: { http: [{ name: ${name}, description: Orders., url: "https://shop.example/" }] }\n`);

const clock = new SimulatedClock();
const book = new ToolBook({
  clock,
  chance: seededChance(1),
  env: { TOKEN: 'here' },
  log: new MemoryLog().log,
});

afterEach(() => book.close());

it('keeps the tools of an agent for all its calls, and of an older version while one may go on', async () => {
  const [before, after] = [shop('order'), shop('buy')];
  book.follow([before]);
  const tools = book.toolsFor(before);
  expect(book.toolsFor({ ...before })).toBe(tools);
  book.follow([after]);
  expect(book.toolsFor(after).names).toEqual(['buy']);
  expect(clock.pendingTimers).toBe(1);
  await clock.run((before.limits.longestCallMin + 1) * 60_000);
  expect(clock.pendingTimers).toBe(0);
});

it('tells which secrets are not there, and where the file names them', () => {
  const tool = (env: string) =>
    `{ name: t_${env}, description: Asks., url: "https://shop.example/", headers: { X-Key: { env: ${env} } } }`;
  const agent = agentOf(`tools: { http: [${tool('TOKEN')}, ${tool('OTHER')}] }\n`);
  expect(book.problemsOf(agent)).toMatchObject([
    {
      path: 'tools.http[1].headers.X-Key',
      expected: 'a secret in the environment variable OTHER',
      found: 'none',
    },
  ]);
});
