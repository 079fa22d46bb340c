import type { Agent } from '../agents/index.ts';
import type { CallStatus } from '../exotel/index.ts';
import type { Log } from '../observe/index.ts';
import type { Clock } from '../time/index.ts';
import { idName } from './call-request.ts';
import type { Dialler, Order, PlacedCall, StatusNews } from './dialler.ts';
import { OutboundError } from './outbound-error.ts';

/** Requests that are remembered by their key; one more is refused, since a forgotten key could dial twice. */
const mostKeys = 10_000;
/** How long a key and a call are remembered, ms. */
const keptMs = 24 * 3_600_000;
/** Calls that are remembered; the oldest is forgotten first. */
const mostCalls = 10_000;

/** What is known of a call that was placed. */
export interface OutboundCall {
  readonly id: string;
  readonly agent: string;
  readonly callSid: string;
  readonly status: CallStatus;
  readonly durationS: number | undefined;
}

interface Kept {
  readonly request: string;
  readonly atMs: number;
  readonly placed: Promise<OutboundCall>;
}

/**
 * The calls that a service has placed.
 *
 * Invariant: a key is dialled for once in 24 hours, whatever came of it.
 */
export class OutboundBook {
  readonly #dialler: Dialler;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #byKey = new Map<string, Kept>();
  readonly #calls = new Map<string, OutboundCall>();
  readonly #over = new AbortController();

  readonly #onPlaced: (callSid: string, agent: string) => void;

  /** @param onPlaced told of each call that Exotel has accepted, before anything can be heard of it */
  constructor(
    dialler: Dialler,
    clock: Clock,
    log: Log,
    onPlaced: (callSid: string, agent: string) => void = () => undefined,
  ) {
    this.#onPlaced = onPlaced;
    this.#dialler = dialler;
    this.#clock = clock;
    this.#log = log;
  }

  /** Places a call, or says what came of the same request before. @throws OutboundError */
  place(agent: Agent, order: Order, key: string | undefined): Promise<OutboundCall> {
    if (key === undefined) return this.#place(agent, order);
    this.#forgetOld();
    const request = JSON.stringify([agent.name, order.number, order.fields ?? {}]);
    const known = this.#byKey.get(key);
    if (known?.request === request) return known.placed;
    if (known) {
      const message = 'expected a new Idempotency-Key for another call, found one that was used before';
      return Promise.reject(new OutboundError('outbound.key-reused', message));
    }
    if (this.#byKey.size >= mostKeys) {
      const message = `expected at most ${mostKeys} keys in 24 hours, found one more`;
      return Promise.reject(new OutboundError('outbound.too-many', message));
    }
    const placed = this.#place(agent, order);
    this.#byKey.set(key, { request, atMs: this.#clock.nowMs(), placed });
    placed.catch((error: unknown) => {
      // nothing has come of it, so that the same request may be tried again
      const isUnknown = error instanceof OutboundError && error.code === 'outbound.outcome-unknown';
      if (error instanceof OutboundError && !isUnknown) this.#byKey.delete(key);
    });
    return placed;
  }

  find(id: string): OutboundCall | undefined {
    return this.#calls.get(id);
  }

  /** A stream has begun with these parameters: it may be that of a call whose request was lost. */
  streamBegan(parameters: Readonly<Record<string, string>>, callSid: string): void {
    const id = parameters[idName];
    if (id !== undefined) this.#dialler.streamBegan(id, callSid);
  }

  /** Exotel tells by itself how a call stands. */
  statusTold(news: StatusNews): void {
    this.#dialler.statusTold(news);
  }

  /** Stops following calls; they go on at Exotel. */
  close(): void {
    this.#over.abort();
  }

  async #place(agent: Agent, order: Order): Promise<OutboundCall> {
    const placed = await this.#dialler.place(agent, order);
    const call = this.#keep(agent, placed);
    this.#onPlaced(placed.call.sid, agent.name);
    this.#follow(agent, placed);
    return call;
  }

  #follow(agent: Agent, placed: PlacedCall): void {
    this.#dialler
      .follow(agent, placed, (call) => this.#keep(agent, { ...placed, call }), this.#over.signal)
      .then((call) => this.#keep(agent, { ...placed, call }))
      .catch(() => this.#log.warn({ outboundId: placed.id, callSid: placed.call.sid }, 'outbound.lostSight'));
  }

  #keep(agent: Agent, { id, call }: PlacedCall): OutboundCall {
    const known = {
      id,
      agent: agent.name,
      callSid: call.sid,
      status: call.status,
      durationS: call.durationS,
    };
    this.#calls.set(id, known);
    if (this.#calls.size > mostCalls) {
      const [oldest] = this.#calls.keys();
      if (oldest !== undefined) this.#calls.delete(oldest);
    }
    return known;
  }

  #forgetOld(): void {
    const nowMs = this.#clock.nowMs();
    for (const [key, { atMs }] of this.#byKey) {
      if (nowMs - atMs <= keptMs) return;
      this.#byKey.delete(key);
    }
  }
}
