import { parentPort, workerData } from 'node:worker_threads';
import { IndexDatabase } from './index-database.ts';
import type { IndexAnswer, IndexAsk, IndexSetup } from './index-messages.ts';

const { path, key }: IndexSetup = workerData;
let database: IndexDatabase | undefined;

parentPort?.on('message', ({ id, ask }: { id: number; ask: IndexAsk }) => {
  parentPort?.postMessage({ id, ...answer(ask) } satisfies IndexAnswer);
});

function answer(ask: IndexAsk): Omit<IndexAnswer, 'id'> {
  try {
    // opened by the first question, and again by the next when that failed: a disk may come back
    database ??= new IndexDatabase(path, key);
    return act(database, ask);
  } catch (error) {
    return { failure: error instanceof Error ? error.message : 'unknown' };
  }
}

function act(index: IndexDatabase, ask: IndexAsk): Omit<IndexAnswer, 'id'> {
  switch (ask.type) {
    case 'put':
      index.put(ask.calls);
      return {};
    case 'search':
      return { page: index.search(ask.query) };
    case 'ofNumber':
      return { callIds: index.ofNumber(ask.number) };
    case 'expired':
      return { callIds: index.expired(ask.wallMs) };
    case 'remove':
      index.remove(ask.callIds);
      return {};
    case 'known':
      return { callIds: index.known(ask.callIds) };
    case 'remember':
      index.remember(ask.agent, ask.number, ask.fact);
      return {};
    case 'memoryOf':
      return { facts: index.memoryOf(ask.agent, ask.number, ask.wallMs) };
    case 'forgetMemory':
      index.forgetMemory(ask.number);
      return {};
  }
}
