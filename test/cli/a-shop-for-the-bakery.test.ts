import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { folderWith } from '../agents/temporary-folder.ts';
import { BaariProcess } from '../helpers/baari-process.ts';

const token = 'a-token-of-the-shop';

test('baari shop takes an order into its file, and stops at SIGTERM', async () => {
  const orders = path.join(folderWith({}), 'orders.jsonl');
  await using shop = new BaariProcess(['shop', '--port', '0', '--orders', orders], {
    env: { BAARI_SHOP_TOKEN: token },
  });
  const base = await shop.listening();
  const body = { items: [{ item: 'pav', quantity: 2 }], day: 'tomorrow', time: '10:00', name: 'Ravi' };
  const response = await fetch(`${base}/orders`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(201);
  expect(JSON.parse(readFileSync(orders, 'utf8'))).toMatchObject({ name: 'Ravi', total: 80 });
  shop.kill('SIGTERM');
  expect(await shop.ended()).toBe(0);
  expect(shop.stdout + shop.stderr).not.toContain(token);
});

test.concurrent.each([
  {
    what: 'a short token',
    args: [],
    token: 'short',
    says: 'BAARI_SHOP_TOKEN: expected at least 16 characters, found 5',
  },
  {
    what: 'a file that holds something else',
    args: ['--orders', import.meta.filename],
    token,
    says: ':1: expected an order as JSON',
  },
])('$what is refused', async ({ args, token: given, says }) => {
  await using shop = new BaariProcess(['shop', '--port', '0', ...args], { env: { BAARI_SHOP_TOKEN: given } });
  expect(await shop.ended()).toBeGreaterThan(0);
  expect(shop.stderr).toContain(says);
});
