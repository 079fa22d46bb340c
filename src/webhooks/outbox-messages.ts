import type { DeliveryNews, ReceiverAccess } from './deliverer.ts';
import type { OutboxState, PutOutcome, Receiver } from './outbox-database.ts';
import type { OutboxMessage } from './webhook-message.ts';

/** What the thread of the outbox is started with. */
export interface OutboxSetup {
  readonly path: string;
  /** BAARI_RECORDS_KEY: what messages are sealed with while they lie there; as they are without. */
  readonly sealKey: string | undefined;
  /** Names this process. */
  readonly mark: string;
}

/** What the thread is told. */
export type ToOutbox =
  | { readonly type: 'put'; readonly id: number; readonly messages: readonly OutboxMessage[] }
  | { readonly type: 'forget'; readonly id: number; readonly callIds: readonly string[] }
  | { readonly type: 'stop'; readonly id: number }
  | { readonly type: 'deliver' }
  | {
      readonly type: 'access';
      readonly ask: number;
      readonly access: ReceiverAccess | { readonly fault: string };
    };

/** What it tells. */
export type FromOutbox =
  | {
      readonly type: 'done';
      readonly id: number;
      readonly outcome?: PutOutcome;
      readonly failure?: string;
    }
  | { readonly type: 'ask'; readonly ask: number; readonly receiver: Receiver }
  | { readonly type: 'news'; readonly news: DeliveryNews }
  | { readonly type: 'state'; readonly state: OutboxState }
  | { readonly type: 'failed'; readonly message: string };
