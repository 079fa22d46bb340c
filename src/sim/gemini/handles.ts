import type { Chance, Clock } from '../../time/index.ts';
import type { Conversation } from './conversation.ts';

/** Handles kept at most; beyond it the oldest is forgotten, as if it had expired. */
const handlesLimit = 10_000;

interface Connection {
  /** When the conversation's last connection ended; undefined while one is open. */
  readonly endedAtMs: number | undefined;
}

/** What a handle leads to. */
export type Resumption =
  | { readonly kind: 'resumed'; readonly conversation: Conversation }
  | { readonly kind: 'stillOpen' }
  | { readonly kind: 'unknown' };

/** Session resumption handles, in memory: tied to a model, and expiring some time after the last connection's end. */
export class Handles {
  readonly #clock: Clock;
  readonly #chance: Chance;
  readonly #lifeMs: number;
  readonly #byHandle = new Map<string, Conversation>();
  readonly #connections = new WeakMap<Conversation, Connection>();

  constructor(clock: Clock, chance: Chance, lifeMs: number) {
    this.#clock = clock;
    this.#chance = chance;
    this.#lifeMs = lifeMs;
  }

  issue(conversation: Conversation): string {
    const handle = this.#chance.hexId(24);
    this.#byHandle.set(handle, conversation);
    const oldest = this.#byHandle.keys().next().value;
    if (this.#byHandle.size > handlesLimit && oldest !== undefined) this.#byHandle.delete(oldest);
    return handle;
  }

  resume(handle: string, model: string): Resumption {
    const conversation = this.#byHandle.get(handle);
    if (!conversation || conversation.model !== model) return { kind: 'unknown' };
    const endedAtMs = this.#connections.get(conversation)?.endedAtMs;
    if (endedAtMs === undefined) return { kind: 'stillOpen' };
    if (this.#clock.nowMs() - endedAtMs <= this.#lifeMs) return { kind: 'resumed', conversation };
    this.#byHandle.delete(handle);
    return { kind: 'unknown' };
  }

  opened(conversation: Conversation): void {
    this.#connections.set(conversation, { endedAtMs: undefined });
  }

  closed(conversation: Conversation): void {
    this.#connections.set(conversation, { endedAtMs: this.#clock.nowMs() });
  }
}
