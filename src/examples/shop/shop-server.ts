import { createHash, timingSafeEqual } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { z } from 'zod';
import type { Clock } from '../../time/index.ts';
import { menuAbout } from './menu.ts';
import { pickUpOf, totalOf, wishSchema } from './order.ts';
import type { OrderBook } from './order-book.ts';

/** Largest order that is read, bytes. */
const maxBodyBytes = 16 * 1024;
const longestKey = 200;
/** Orders that are listed: the latest. */
const mostListed = 100;

/** What a shop is built from. */
export interface ShopOptions {
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  readonly clock: Clock;
  readonly book: OrderBook;
  /** What `Authorization: Bearer` must carry. */
  readonly token: string;
}

const aboutSchema = z.object({ about: z.string().max(200).default('') });
const idSchema = z.object({ id: z.string() });

/** A small bakery's own system, as an example of what an agent's tools talk to: a menu, and orders that are kept. */
export class ShopServer {
  readonly #o: ShopOptions;
  readonly #http: FastifyInstance;

  constructor(options: ShopOptions) {
    this.#o = options;
    this.#http = fastify({ logger: false, forceCloseConnections: true, bodyLimit: maxBodyBytes });
    const wanted = digest(options.token);
    this.#http.addHook('onRequest', async (request, reply) => {
      const [, token = ''] = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '') ?? [];
      if (timingSafeEqual(digest(token), wanted)) return;
      return reply
        .code(401)
        .header('www-authenticate', 'Bearer')
        .send({ error: 'expected the token of the shop' });
    });
    this.#http.setErrorHandler((error: { statusCode?: number; message: string }, _, reply) => {
      const status = error.statusCode ?? 500;
      return refuse(reply, status, status < 500 ? error.message : 'the shop cannot do that now');
    });
    this.#routes();
  }

  /** Starts to listen; resolves to the base address. */
  async listen(): Promise<string> {
    const { host, port } = this.#o;
    await this.#http.listen({ host, port });
    const { address, port: taken, family } = this.#http.server.address() as AddressInfo;
    return `http://${family === 'IPv6' ? `[${address}]` : address}:${taken}`;
  }

  /** Stops listening; the book stays open. */
  async close(): Promise<void> {
    await this.#http.close();
  }

  #routes(): void {
    const { book, clock } = this.#o;
    this.#http.get('/menu', async ({ query }, reply) => {
      const asked = aboutSchema.safeParse(query);
      if (!asked.success) return refuse(reply, 400, faultsOf(asked.error));
      return { currency: 'INR', items: menuAbout(asked.data.about) };
    });
    this.#http.get('/orders', async () => ({ orders: book.all.slice(-mostListed) }));
    this.#http.get('/orders/:id', async ({ params }, reply) => {
      const id = idSchema.safeParse(params).data?.id ?? '';
      return book.find(id) ?? refuse(reply, 404, `there is no order ${id.slice(0, 40)}`);
    });
    this.#http.post('/orders', async ({ body, headers }, reply) => {
      const wish = wishSchema.safeParse(body);
      if (!wish.success) return refuse(reply, 422, faultsOf(wish.error));
      const key = headers['idempotency-key'];
      if (Array.isArray(key) || (key !== undefined && (key === '' || key.length > longestKey))) {
        return refuse(reply, 400, `Idempotency-Key: expected one of 1 to ${longestKey} characters`);
      }
      const nowMs = clock.wallMs();
      const pickUp = pickUpOf(wish.data, nowMs);
      // an order that was taken before stays taken, though its time may be past by now
      if ('fault' in pickUp && !isKnown(book, key)) return refuse(reply, 422, pickUp.fault);
      const order = {
        ...wish.data,
        pick_up: 'at' in pickUp ? pickUp.at : '',
        total: totalOf(wish.data),
        taken_at: new Date(nowMs).toISOString(),
      };
      const { what, order: kept } = await book.take({ ...order, ...(key === undefined ? {} : { key }) });
      if (what === 'otherWish') {
        return refuse(
          reply,
          409,
          'Idempotency-Key: expected a new one for another order, found that of an earlier one',
        );
      }
      const { key: _, ...told } = kept;
      return reply.code(what === 'taken' ? 201 : 200).send(told);
    });
  }
}

function isKnown(book: OrderBook, key: string | undefined): boolean {
  return key !== undefined && book.all.some((order) => order.key === key);
}

function refuse(reply: FastifyReply, status: number, error: string): FastifyReply {
  return reply.code(status).send({ error });
}

/** What is wrong with a request, in words that a model can act on. */
function faultsOf(error: z.ZodError): string {
  return error.issues.map(({ path, message }) => `${path.join('.') || 'the order'}: ${message}`).join('; ');
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
