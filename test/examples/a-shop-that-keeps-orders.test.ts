import { appendFileSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { OrderBook, ShopServer } from '../../src/examples/shop/index.ts';
import { SimulatedClock } from '../../src/time/index.ts';
import { folderWith } from '../agents/temporary-folder.ts';

const token = 'the-token-of-the-shop';

async function openShop(file = path.join(folderWith({}), 'orders.jsonl')) {
  const clock = new SimulatedClock();
  const book = await OrderBook.open(file);
  const server = new ShopServer({ host: '127.0.0.1', port: 0, clock, book, token });
  const base = await server.listen();
  const close = async (): Promise<void> => {
    await server.close();
    await book.close();
  };
  let isOpen = true;
  const closeOnce = async (): Promise<void> => {
    if (isOpen) await close();
    isOpen = false;
  };
  onTestFinished(closeOnce);
  const ask = async (way: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(base + way, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  return { file, book, ask, close: closeOnce };
}

const cake = {
  items: [{ item: 'chocolate-truffle-kilo', quantity: 1 }],
  day: 'tomorrow',
  time: '17:00',
  name: 'Asha',
  note: 'Happy birthday',
};

it('an order is taken, priced, on the disk when it is answered, and there after the next start', async () => {
  const shop = await openShop();
  const items = [...cake.items, { item: 'pav', quantity: 3 }];
  const taken = await shop.ask('/orders', { ...cake, items });
  expect(taken).toMatchObject({ status: 201, body: { id: '1', total: 970, name: 'Asha' } });
  expect(readFileSync(shop.file, 'utf8')).toContain('"total":970');
  await shop.close();
  // as a killed process leaves it
  appendFileSync(shop.file, '{"id":"2","na');
  const again = await openShop(shop.file);
  expect(await again.ask('/orders/1')).toEqual({ status: 200, body: taken.body });
  expect((await again.ask('/orders', { ...cake, time: '18:00' })).body).toMatchObject({
    id: '2',
  });
  expect(readFileSync(shop.file, 'utf8').trim().split('\n')).toHaveLength(2);
});

it('the same key is the same order, also at once and after a start, and never another', async () => {
  const shop = await openShop();
  const order = cake;
  const key = { 'idempotency-key': 'call-1' };
  const answers = await Promise.all([1, 2, 3].map(() => shop.ask('/orders', order, key)));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 201]);
  expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
  expect((await shop.ask('/orders', { ...order, name: 'Ravi' }, key)).status).toBe(409);
  await shop.close();
  const again = await openShop(shop.file);
  expect((await again.ask('/orders', order, key)).status).toBe(200);
  expect(again.book.all).toHaveLength(1);
});

it.each([
  {
    what: 'an unknown cake',
    change: { items: [{ item: 'mango', quantity: 1 }] },
    says: 'expected one of pav, ',
  },
  { what: 'none of it', change: { items: [{ item: 'pav', quantity: 0 }] }, says: 'items.0.quantity' },
  { what: 'nothing', change: { items: [] }, says: 'items' },
  { what: 'no name', change: { name: ' ' }, says: 'name' },
  { what: 'a field there is not', change: { discount: 50 }, says: 'discount' },
  {
    what: 'a day in numbers',
    change: { day: '2026-01-31' },
    says: 'expected one of today, tomorrow, thursday',
  },
  { what: 'a time there is not', change: { time: '25:00' }, says: 'such as 17:00' },
  { what: 'a time at night', change: { time: '23:00' }, says: 'from 08:00 to 21:00' },
  { what: 'a cake too early', change: { time: '09:00' }, says: 'tomorrow from 11:00' },
  { what: 'a cake today', change: { day: 'today' }, says: 'tomorrow from 11:00' },
])('$what is refused in words, and nothing is kept', async ({ change, says }) => {
  const shop = await openShop();
  const { status, body } = await shop.ask('/orders', { ...cake, ...change });
  expect({ status, isTold: String(body.error).includes(says), body }).toMatchObject({
    status: 422,
    isTold: true,
  });
  expect(shop.book.all).toEqual([]);
});

it.each([
  // the simulated clock begins with Thursday, 2026-01-01, in Greenwich: half past five in the morning in Pune
  { day: 'today', time: '08:00', at: '2026-01-01T08:00' },
  { day: 'tomorrow', time: '11:00', at: '2026-01-02T11:00' },
  { day: 'saturday', time: '20:00', at: '2026-01-03T20:00' },
  { day: 'thursday', time: '20:00', at: '2026-01-08T20:00' },
])('$day at $time is $at', async ({ day, time, at }) => {
  const shop = await openShop();
  const bread = { ...cake, items: [{ item: 'pav', quantity: 1 }] };
  expect((await shop.ask('/orders', { ...bread, day, time })).body.pick_up).toBe(at);
});

it('prices are found by words, and nothing without the token', async () => {
  const shop = await openShop();
  const { body } = await shop.ask('/menu?about=truffle%20cakes');
  expect(body.items).toMatchObject([{ price: 450 }, { price: 850 }]);
  for (const way of ['/menu', '/orders', '/orders/1']) {
    expect((await shop.ask(way, undefined, { authorization: 'Bearer other' })).status).toBe(401);
  }
  expect((await shop.ask('/orders', 'x'.repeat(20_000))).status).toBe(413);
  expect((await shop.ask('/orders', '{"items":')).status).toBe(400);
  expect((await shop.ask('/orders/7')).status).toBe(404);
});
