import { type FileHandle, open } from 'node:fs/promises';
import { type Order, orderSchema } from './order.ts';

/** An order as whoever takes it states it; the book gives it its id. */
export type NewOrder = Omit<Order, 'id'>;

/** What became of an order; `other` is the order that used its key already, for something else. */
export type Booked =
  | { readonly what: 'taken' | 'known'; readonly order: Order }
  | { readonly what: 'otherWish'; readonly order: Order };

/**
 * The orders of a shop in a file, one a line.
 *
 * Invariant: an order that was answered is on the disk; a line that a killed process left unfinished is cut off.
 */
export class OrderBook {
  readonly #file: FileHandle;
  readonly #orders = new Map<string, Order>();
  readonly #byKey = new Map<string, Order>();
  /** Bytes of whole lines. */
  #size = 0;
  #last: Promise<unknown> = Promise.resolve();

  /** Opens or begins a book. @throws Error naming the line that is no order */
  static async open(path: string): Promise<OrderBook> {
    const book = new OrderBook(await open(path, 'a+', 0o600));
    try {
      await book.#read(path);
    } catch (error) {
      await book.#file.close();
      throw error;
    }
    return book;
  }

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /** All orders, in the order in which they were taken. */
  get all(): readonly Order[] {
    return [...this.#orders.values()];
  }

  find(id: string): Order | undefined {
    return this.#orders.get(id);
  }

  /** Takes an order, one after the other; with a key that is known, it is the same order. @throws when it cannot be written */
  async take(order: NewOrder): Promise<Booked> {
    const taking = this.#last.then(() => this.#take(order));
    this.#last = taking.catch(() => undefined);
    return taking;
  }

  /** Closes the file once what is under way is written. */
  async close(): Promise<void> {
    await this.#last;
    await this.#file.close();
  }

  async #take(wish: NewOrder): Promise<Booked> {
    const known = wish.key === undefined ? undefined : this.#byKey.get(wish.key);
    if (known) return { what: isSame(known, wish) ? 'known' : 'otherWish', order: known };
    const order: Order = { id: String(this.#orders.size + 1), ...wish };
    const line = Buffer.from(`${JSON.stringify(order)}\n`);
    // what a write that failed has left
    await this.#file.truncate(this.#size);
    await this.#file.appendFile(line);
    await this.#file.datasync();
    this.#size += line.length;
    this.#keep(order);
    return { what: 'taken', order };
  }

  async #read(path: string): Promise<void> {
    const bytes = await this.#file.readFile();
    const whole = bytes.subarray(0, bytes.lastIndexOf('\n') + 1);
    for (const [index, line] of whole.toString('utf8').split('\n').slice(0, -1).entries()) {
      const order = orderSchema.safeParse(jsonOf(line));
      if (!order.success)
        throw new Error(`${path}:${index + 1}: expected an order as JSON, found something else`);
      this.#keep(order.data);
    }
    this.#size = whole.length;
  }

  #keep(order: Order): void {
    this.#orders.set(order.id, order);
    if (order.key !== undefined) this.#byKey.set(order.key, order);
  }
}

/** Whether two orders ask for the same. */
function isSame(one: NewOrder, other: NewOrder): boolean {
  const wish = ({ items, day, time, name, note }: NewOrder): string =>
    JSON.stringify([items, day, time, name, note]);
  return wish(one) === wish(other);
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
