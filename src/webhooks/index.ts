export { messagesOfRecord } from './call-messages.ts';
export type { DeliveryNews, ReceiverAccess } from './deliverer.ts';
export { followCall, type WebhookFollower } from './follow-call.ts';
export { Outbox, outboxPath } from './outbox.ts';
export { type KeptMessage, OutboxDatabase, type OutboxState, type Receiver } from './outbox-database.ts';
export {
  type OutboxMessage,
  outboxMessages,
  type WebhookEvent,
  type WebhookMessage,
  type WebhookReceiver,
} from './webhook-message.ts';
