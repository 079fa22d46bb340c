import { OrderBook, ShopServer } from '../examples/shop/index.ts';
import { systemChance, systemClock } from '../time/index.ts';
import { type Terminal, UserError } from './output.ts';
import { stopSignals } from './service/stop-signals.ts';
import { readPort } from './settings.ts';

/** What `baari shop` was asked for. */
export interface ShopCommand {
  readonly port?: string;
  readonly orders: string;
}

/** Where the shop listens unless told otherwise; the bakery example looks for it there. */
const usualPort = 8090;
/** Shortest token, characters. */
const shortestToken = 16;

/** `baari shop`: the example bakery's own system, until SIGTERM or SIGINT. Resolves with the exit code. */
export async function runShop({ port, orders }: ShopCommand, { env, stdout }: Terminal): Promise<number> {
  const signals = stopSignals(systemClock);
  const given = env.BAARI_SHOP_TOKEN || undefined;
  if (given !== undefined && given.length < shortestToken) {
    throw new UserError(
      `BAARI_SHOP_TOKEN: expected at least ${shortestToken} characters, found ${given.length}`,
      2,
    );
  }
  const token = given ?? systemChance.hexId(32);
  const wanted = readPort(port, usualPort);
  const book = await openBook(orders);
  const server = new ShopServer({ host: '127.0.0.1', port: wanted, clock: systemClock, book, token });
  try {
    const base = await server.listen().catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : 'unknown';
      throw new UserError(`cannot listen on 127.0.0.1:${wanted}: ${reason}`);
    });
    stdout.write(`The shop is open at ${base}\nOrders are kept in ${orders}; there are ${book.all.length}\n`);
    // made up for this run, and nobody else knows it
    if (given === undefined) stdout.write(`Its token, for BAARI_SHOP_TOKEN of baari serve: ${token}\n`);
    await signals.stopped;
    return 0;
  } finally {
    await server.close();
    await book.close();
  }
}

async function openBook(path: string): Promise<OrderBook> {
  try {
    return await OrderBook.open(path);
  } catch (error) {
    throw new UserError(`--orders: ${error instanceof Error ? error.message : 'the file cannot be opened'}`);
  }
}
