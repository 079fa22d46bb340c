import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { isGone, openText, readSealKeys, sealText } from '../records/index.ts';
import { systemChance, systemClock } from '../time/index.ts';
import { GuardedFetch } from '../wire/index.ts';
import { Deliverer, type DeliveryNews, type ReceiverAccess } from './deliverer.ts';
import { type KeptMessage, OutboxDatabase, type PutOutcome, type Receiver } from './outbox-database.ts';
import type { FromOutbox, OutboxSetup, ToOutbox } from './outbox-messages.ts';
import { post } from './post.ts';
import type { OutboxMessage } from './webhook-message.ts';

const { path, mark, sealKey }: OutboxSetup = workerData;
const keys = readSealKeys(sealKey);
const asks = new Map<number, (access: ReceiverAccess | { readonly fault: string }) => void>();
const fetches = new Map<string, GuardedFetch>();
let asked = 0;
let database: OutboxDatabase | undefined;
let deliverer: Deliverer | undefined;

parentPort?.on('message', (message: ToOutbox) => {
  if (message.type === 'access') return answered(message);
  if (message.type === 'deliver') return begin();
  act(message).then(
    (outcome) => send({ type: 'done', id: message.id, ...(outcome && { outcome }) }),
    (error: unknown) => send({ type: 'done', id: message.id, failure: wordsOf(error) }),
  );
});

function send(message: FromOutbox): void {
  parentPort?.postMessage(message);
}

async function act(message: Extract<ToOutbox, { id: number }>): Promise<PutOutcome | undefined> {
  if (message.type === 'stop') {
    await deliverer?.stop();
    return undefined;
  }
  const outbox = open();
  if (message.type === 'forget') {
    outbox.forget(message.callIds);
    return undefined;
  }
  const outcome = outbox.put(message.messages.map(sealed), systemClock.wallMs());
  deliverer?.look();
  return outcome;
}

/** What a call holds is sealed at rest as its record is. */
function sealed(message: OutboxMessage): OutboxMessage {
  return keys ? { ...message, body: sealText(message.body, message.id, keys, systemChance) } : message;
}

function opened(message: KeptMessage): KeptMessage {
  return { ...message, body: openText(message.body, message.id, keys) };
}

/** Opened by the first who needs it, and again by the next when that failed: a disk may come back. */
function open(): OutboxDatabase {
  mkdirSync(dirname(path), { recursive: true });
  database ??= new OutboxDatabase(path);
  return database;
}

function begin(): void {
  try {
    deliverer ??= new Deliverer({
      database: open(),
      clock: systemClock,
      chance: systemChance,
      mark,
      isGone,
      accessOf,
      post: (message, access) =>
        post(opened(message), {
          clock: systemClock,
          secret: access.secret,
          fetch: fetchFor(message, access),
        }),
      tell: (news) => send({ type: 'news', news: withoutBody(news) }),
      state: (state) => send({ type: 'state', state }),
      onError: ({ message }) => send({ type: 'failed', message }),
    });
    deliverer.look();
  } catch (error) {
    send({ type: 'failed', message: wordsOf(error) });
    systemClock.setTimeout(begin, againMs);
  }
}

/** Each receiver has connections of its own, to its own host and no other. */
function fetchFor({ agent, url }: Receiver, { isPrivate }: ReceiverAccess): GuardedFetch {
  const key = `${agent}\n${url}\n${isPrivate}`;
  const known = fetches.get(key);
  if (known) return known;
  const { hostname } = new URL(url);
  const made = new GuardedFetch({
    clock: systemClock,
    hosts: [hostname],
    privateHosts: isPrivate ? [hostname] : [],
  });
  fetches.set(key, made);
  return made;
}

/** A disk that does not let the outbox be opened is tried again after so long, ms. */
const againMs = 5000;

function accessOf(receiver: Receiver): Promise<ReceiverAccess | { readonly fault: string }> {
  asked += 1;
  const ask = asked;
  return new Promise((resolve) => {
    asks.set(ask, resolve);
    send({ type: 'ask', ask, receiver });
  });
}

function answered({ ask, access }: Extract<ToOutbox, { type: 'access' }>): void {
  asks.get(ask)?.(access);
  asks.delete(ask);
}

/** The news goes to the log and the metrics: what was said in a call is none of their business. */
function withoutBody(news: DeliveryNews): DeliveryNews {
  return 'message' in news ? { ...news, message: { ...news.message, body: '' } } : news;
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown';
}
