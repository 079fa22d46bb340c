import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { exampleAgentsFolder, loadAgents } from '../../src/agents/index.ts';
import { DemoShop } from '../../src/cli/demo/demo-shop.ts';
import { ToolBook } from '../../src/cli/tools.ts';
import { systemChance, systemClock } from '../../src/time/index.ts';
import { noPowers } from '../../src/tools/index.ts';
import { folderWith } from '../agents/temporary-folder.ts';
import { MemoryLog } from '../helpers/memory-log.ts';

/** The tools of the bakery example, at a shop of its own. */
async function bakery() {
  const shop = await DemoShop.open(path.join(folderWith({}), 'demo'));
  let isOpen = true;
  const close = async (): Promise<void> => {
    if (isOpen) await shop.close();
    isOpen = false;
  };
  const example = (await loadAgents(exampleAgentsFolder)).agents.get('bakery');
  if (!example) throw new Error('the examples have no bakery');
  const agent = shop.serve(example);
  const book = new ToolBook({
    clock: systemClock,
    chance: systemChance,
    log: new MemoryLog().log,
    env: { BAARI_SHOP_TOKEN: shop.token },
  });
  onTestFinished(async () => {
    await book.close();
    await close();
  });
  const facts = { from: undefined, to: undefined, parameters: {}, wallMs: systemClock.wallMs(), memory: '' };
  const run = (name: string, args: Record<string, unknown>): Promise<unknown> => {
    const found = book.toolsFor(agent).find(name);
    if (!found) throw new Error(`there is no tool named ${name}`);
    expect(found.faultOf(args)).toBeUndefined();
    const { signal } = new AbortController();
    return found.tool.run(args, { callId: 'call-1', call: noPowers, clock: systemClock, signal, facts });
  };
  return { shop, close, run };
}

const cake = {
  items: [{ item: 'pineapple-cake-half', quantity: 2 }],
  day: 'tomorrow',
  time: '17:00',
  name: 'Asha',
};

it('prices are looked up, and an order reaches the shop', async () => {
  const { shop, run } = await bakery();
  expect(await run('find_prices', { about: 'pineapple' })).toEqual({
    items: [
      { item: 'pineapple-cake-half', name: 'Pineapple cake', unit: 'half a kilo', rupees: 420 },
      { item: 'pineapple-cake-kilo', name: 'Pineapple cake', unit: 'one kilo', rupees: 800 },
    ],
  });
  expect(await run('place_order', cake)).toMatchObject({ id: '1', total: 840 });
  expect(await shop.order('1')).toMatchObject({ name: 'Asha', total: 840 });
  expect(readFileSync(shop.file, 'utf8').trim().split('\n')).toHaveLength(1);
});

it('what the shop does not sell is told in words that the model can act on', async () => {
  const { run } = await bakery();
  const items = [{ item: 'mango-cake', quantity: 1 }];
  await expect(run('place_order', { ...cake, items })).rejects.toThrow(
    /expected one of pav, .*pineapple-cake-half/,
  );
});

it('without a shop the tools fail in words, and soon', async () => {
  const { close, run } = await bakery();
  await close();
  await expect(run('find_prices', { about: 'cakes' })).rejects.toThrow(/\w+ \w+/);
});
