import type { Chance, Clock, Timer } from '../time/index.ts';
import type { KeptMessage, OutboxDatabase, OutboxState, Receiver } from './outbox-database.ts';
import { pauseMs } from './pause.ts';
import type { PostOutcome } from './post.ts';

/** Looks for what other processes have put, and keeps its right to deliver, so often, ms. */
const lookEveryMs = 1000;
/** Another process may deliver when this one has not looked for so long, ms. */
const leaseMs = 15_000;
/** Posts at once to a receiver that answers; one that does not is asked by one at a time. */
const atOnce = 4;
/** So many failures in a row are a receiver that is down, and not a message that it does not like. */
const downAfter = 3;
const pruneEveryMs = 3_600_000;

/** What is known of a receiver when something is to be posted to it. */
export interface ReceiverAccess {
  readonly secret: string;
  /** Whether it may be on a private network. */
  readonly isPrivate: boolean;
  /** Messages are given up after so long, ms. */
  readonly giveUpMs: number;
}

/** Something that the log and the metrics are told. */
export type DeliveryNews =
  | { readonly what: 'delivered'; readonly message: KeptMessage }
  | {
      readonly what: 'failed';
      readonly message: KeptMessage;
      readonly reason: string;
      readonly againMs: number;
    }
  | { readonly what: 'givenUp'; readonly message: KeptMessage; readonly reason: string }
  | { readonly what: 'receiverGone'; readonly receiver: Receiver; readonly buried: number };

/** What a deliverer is built from. */
export interface DelivererOptions {
  readonly database: OutboxDatabase;
  readonly clock: Clock;
  readonly chance: Chance;
  /** What names this deliverer among those that share the outbox. */
  readonly mark: string;
  /** Whether the deliverer of this mark is known to be gone. */
  readonly isGone: (mark: string) => boolean;
  /** How to reach a receiver now; a reason when it is not to be reached as things are. */
  readonly accessOf: (receiver: Receiver) => Promise<ReceiverAccess | { readonly fault: string }>;
  readonly post: (message: KeptMessage, access: ReceiverAccess) => Promise<PostOutcome>;
  readonly tell: (news: DeliveryNews) => void;
  /** Told how much waits, when that has changed. */
  readonly state: (state: OutboxState) => void;
  /** The disk failed: looked again a moment later. */
  readonly onError: (error: Error) => void;
}

interface Lane {
  readonly busy: Set<number>;
  failures: number;
  /** Nothing is posted before, ms of the clock. */
  restUntilMs: number;
}

/**
 * Posts what lies in the outbox: the messages of one call to one receiver in order, receivers independent of each other.
 *
 * Invariant: a message leaves the outbox only by an answer of its receiver, or visibly into the dead letters.
 */
export class Deliverer {
  readonly #o: DelivererOptions;
  readonly #lanes = new Map<string, Lane>();
  readonly #attempts = new Set<Promise<void>>();
  #timer: Timer | undefined;
  #prunedMs = Number.NEGATIVE_INFINITY;
  #isStopped = false;
  #hasFailed = false;
  #told = '';

  constructor(options: DelivererOptions) {
    this.#o = options;
  }

  /** Looks now, and again from time to time until it is stopped. */
  look(): void {
    const { clock, onError } = this.#o;
    if (this.#isStopped) return;
    clock.clearTimeout(this.#timer);
    try {
      this.#lookOnce();
      this.#hasFailed = false;
    } catch (error) {
      if (!this.#hasFailed) onError(error instanceof Error ? error : new Error('unknown'));
      this.#hasFailed = true;
    }
    this.#timer = clock.setTimeout(() => this.look(), lookEveryMs);
  }

  /** Posts nothing more; resolves once what is under way has ended. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#o.clock.clearTimeout(this.#timer);
    await Promise.all(this.#attempts);
    try {
      this.#o.database.release(this.#o.mark);
    } catch {
      // it ends by itself
    }
  }

  #lookOnce(): void {
    const { database, clock, mark, isGone } = this.#o;
    const wallMs = clock.wallMs();
    if (!database.lease(mark, wallMs, wallMs + leaseMs, isGone)) return this.#tellState(undefined);
    if (clock.nowMs() - this.#prunedMs >= pruneEveryMs) {
      database.prune(wallMs);
      this.#prunedMs = clock.nowMs();
    }
    for (const receiver of database.receivers()) this.#fill(receiver);
    this.#tellState(database.state());
  }

  #fill(receiver: Receiver): void {
    const { database, clock } = this.#o;
    const lane = this.#laneOf(receiver);
    const room = (lane.failures > 0 ? 1 : atOnce) - lane.busy.size;
    if (room <= 0 || clock.nowMs() < lane.restUntilMs) return;
    for (const message of database.due(receiver, clock.wallMs(), room, lane.busy)) {
      lane.busy.add(message.seq);
      const attempt = this.#attempt(message, receiver, lane)
        .catch((error: unknown) => this.#broken(lane, error))
        .finally(() => {
          this.#attempts.delete(attempt);
          lane.busy.delete(message.seq);
          this.look();
        });
      this.#attempts.add(attempt);
    }
  }

  async #attempt(message: KeptMessage, receiver: Receiver, lane: Lane): Promise<void> {
    const { accessOf, post, database, clock, tell } = this.#o;
    const access = await accessOf(receiver);
    const outcome: PostOutcome =
      'fault' in access ? { kind: 'failed', reason: access.fault } : await post(message, access);
    const wallMs = clock.wallMs();
    if (outcome.kind === 'delivered') {
      database.delivered(message.seq, wallMs);
      if (lane.failures >= downAfter) database.hasten(receiver, wallMs);
      lane.failures = 0;
      lane.restUntilMs = 0;
      return tell({ what: 'delivered', message });
    }
    if (outcome.kind === 'gone') {
      const buried = database.gone(receiver, wallMs);
      return tell({ what: 'receiverGone', receiver, buried });
    }
    const giveUpMs = 'fault' in access ? faultGiveUpMs : access.giveUpMs;
    this.#failed(message, lane, outcome, wallMs - message.putMs >= giveUpMs);
  }

  /** The outbox itself failed, such as by a full disk: without a pause the message would be posted again at once. */
  #broken(lane: Lane, error: unknown): void {
    const { clock, chance, onError } = this.#o;
    lane.failures += 1;
    lane.restUntilMs = clock.nowMs() + pauseMs('receiver', lane.failures, chance);
    onError(error instanceof Error ? error : new Error('unknown'));
  }

  #failed(
    message: KeptMessage,
    lane: Lane,
    { reason, retryAfterMs = 0 }: Extract<PostOutcome, { kind: 'failed' }>,
    isOver: boolean,
  ): void {
    const { database, clock, chance, tell } = this.#o;
    lane.failures += 1;
    lane.restUntilMs = clock.nowMs() + Math.max(pauseMs('receiver', lane.failures, chance), retryAfterMs);
    if (isOver) {
      database.bury(message.seq, reason, clock.wallMs());
      return tell({ what: 'givenUp', message, reason });
    }
    const againMs = Math.max(pauseMs('message', message.attempts + 1, chance), retryAfterMs);
    database.failed(message.seq, reason, clock.wallMs() + againMs);
    tell({ what: 'failed', message, reason, againMs });
  }

  #laneOf({ agent, url }: Receiver): Lane {
    const key = `${agent}\n${url}`;
    const known = this.#lanes.get(key);
    if (known) return known;
    const lane: Lane = { busy: new Set(), failures: 0, restUntilMs: 0 };
    this.#lanes.set(key, lane);
    return lane;
  }

  /** Nothing is told of what another delivers. */
  #tellState(state: OutboxState = { waiting: 0, dead: 0, oldestMs: undefined }): void {
    const text = JSON.stringify(state);
    if (text === this.#told) return;
    this.#told = text;
    this.#o.state(state);
  }
}

/** What is not to be reached as things are, such as for want of a secret, is given up after so long, ms. */
const faultGiveUpMs = 72 * 3_600_000;
