import type { RecordPage, RecordQuery, StoredCall } from './record-store.ts';

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
  | { readonly type: 'remove'; readonly callIds: readonly string[] };

/** What it answers, by the number of the question. */
export interface IndexAnswer {
  readonly id: number;
  readonly page?: RecordPage;
  readonly callIds?: readonly string[];
  readonly failure?: string;
}
