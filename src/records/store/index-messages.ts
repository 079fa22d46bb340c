import type { Fact, RecordPage, RecordQuery, StoredCall } from './record-store.ts';

/** What the thread of the index is started with. */
export interface IndexSetup {
  readonly path: string;
  readonly key: string | undefined;
}

/** What the thread is asked. */
export type IndexAsk =
  | { readonly type: 'put'; readonly calls: readonly StoredCall[] }
  | { readonly type: 'search'; readonly query: RecordQuery }
  | { readonly type: 'ofNumber'; readonly number: string }
  | { readonly type: 'expired'; readonly wallMs: number }
  | { readonly type: 'remove'; readonly callIds: readonly string[] }
  | { readonly type: 'known'; readonly callIds: readonly string[] }
  | { readonly type: 'remember'; readonly agent: string; readonly number: string; readonly fact: Fact }
  | { readonly type: 'memoryOf'; readonly agent: string; readonly number: string; readonly wallMs: number }
  | { readonly type: 'forgetMemory'; readonly number: string };

/** What it answers, by the number of the question. */
export interface IndexAnswer {
  readonly id: number;
  readonly page?: RecordPage;
  readonly callIds?: readonly string[];
  readonly facts?: readonly Fact[];
  readonly failure?: string;
}
