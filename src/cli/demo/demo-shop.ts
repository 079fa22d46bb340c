import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Agent } from '../../agents/index.ts';
import { OrderBook, ShopServer } from '../../examples/shop/index.ts';
import { systemChance, systemClock } from '../../time/index.ts';

/** Where the bakery's file looks for its shop. */
const usualAddress = 'http://127.0.0.1:8090';
/** Longest wait for an answer of the shop, ms. */
const answerMs = 5000;

/** The shop of the demo: a real one, on a free port, with orders that stay in the folder of the demo. */
export class DemoShop {
  /** The secret that the bakery's file speaks of. */
  readonly token = systemChance.hexId(32);
  /** Where the orders are. */
  readonly file: string;
  readonly #book: OrderBook;
  readonly #server: ShopServer;
  #base = '';

  static async open(folder: string): Promise<DemoShop> {
    await mkdir(folder, { recursive: true });
    const file = path.join(folder, 'orders.jsonl');
    const shop = new DemoShop(file, await OrderBook.open(file));
    shop.#base = await shop.#server.listen();
    return shop;
  }

  private constructor(file: string, book: OrderBook) {
    this.file = file;
    this.#book = book;
    const { token } = this;
    this.#server = new ShopServer({ host: '127.0.0.1', port: 0, clock: systemClock, book, token });
  }

  /** How many orders it has. */
  get orders(): number {
    return this.#book.all.length;
  }

  /** `agent`, with its tools at this shop. */
  serve(agent: Agent): Agent {
    const http = agent.tools.http.map((tool) => ({
      ...tool,
      url: tool.url.replace(usualAddress, this.#base),
    }));
    return { ...agent, tools: { ...agent.tools, http } };
  }

  /** Asks the shop for an order, over HTTP; undefined when it has none of that id. */
  async order(id: string): Promise<Readonly<Record<string, unknown>> | undefined> {
    const response = await fetch(`${this.#base}/orders/${encodeURIComponent(id)}`, {
      headers: { authorization: `Bearer ${this.token}` },
      signal: AbortSignal.timeout(answerMs),
    });
    return response.ok ? Object.fromEntries(Object.entries((await response.json()) ?? {})) : undefined;
  }

  async close(): Promise<void> {
    await this.#server.close();
    await this.#book.close();
  }
}
