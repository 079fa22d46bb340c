import { isDeepStrictEqual } from 'node:util';
import type { LiveServerMessage } from '@google/genai';
import type { Log } from '../observe/index.ts';
import type { Clock, Timer } from '../time/index.ts';
import type { Loss } from './failure.ts';
import type { GeminiDial } from './sdk-seam.ts';
import { GeminiSession, type SessionListener } from './session.ts';
import type { GeminiAccess, GeminiSettings } from './settings.ts';

/** A session of this age is replaced, ms, so that a call begins with at least half of its connection's life. */
const freshMs = 5 * 60_000;
/** A session of this age is dropped though there is no other, ms (Google: a connection lasts about ten minutes). */
const longestMs = 8 * 60_000;
/** A session that lasts this long was no failure, ms. */
const stableMs = 10_000;
/** The pause after a set-up that failed, ms: doubled with each, up to the longest. */
const backoffMs = 1000;
const longestBackoffMs = 5 * 60_000;
/** Longest closing handshake, ms. */
const closeMs = 500;
/** Messages kept of a session that nobody has taken yet; the oldest are dropped, only the newest handle matters. */
const maxMessages = 20;

/** What sessions are kept ready for, and how many. */
export interface WarmSessionsOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly access: GeminiAccess;
  readonly dial: GeminiDial;
  readonly settings: GeminiSettings;
  /** Sessions that are ready at the same time. */
  readonly size: number;
  /** Longest set-up, ms. */
  readonly setupMs: number;
}

/** What a call asks for a session that is set up already. */
export interface SessionSource {
  /** A session for these settings that now belongs to `listener`, who is told of its set-up at its `open`. */
  take(settings: GeminiSettings, listener: SessionListener): GeminiSession | undefined;
}

interface Warm {
  readonly session: GeminiSession;
  readonly messages: LiveServerMessage[];
  readonly readyMs: number;
  timer: Timer | undefined;
  isStale: boolean;
}

/**
 * Sessions of one agent that are set up ahead of the calls they are for; nothing is said on them.
 *
 * Invariant: one set-up at a time is under way, none during the pause that follows a failure.
 */
export class WarmSessions implements SessionSource {
  readonly #o: WarmSessionsOptions;
  /** Oldest first. */
  #ready: Warm[] = [];
  #beginning: { readonly session: GeminiSession; readonly deadline: Timer } | undefined;
  #pause: Timer | undefined;
  #failures = 0;
  #isOver = false;
  #isUnfitTold = false;

  constructor(options: WarmSessionsOptions) {
    this.#o = options;
  }

  /** Sessions that a call could have now. */
  get size(): number {
    return this.#ready.filter(({ session }) => session.isReady).length;
  }

  /** Begins to set sessions up. */
  start(): void {
    this.#fill();
  }

  /** The newest session; undefined when there is none, or when the call's set-up is not the one they are for. */
  take(settings: GeminiSettings, listener: SessionListener): GeminiSession | undefined {
    if (!isDeepStrictEqual(setUpOf(settings), setUpOf(this.#o.settings))) return this.#unfit();
    const warm = this.#ready.findLast(({ session }) => session.isReady);
    if (!warm) return undefined;
    this.#forget(warm);
    warm.session.handOver(listener, warm.messages);
    this.#failures = 0;
    this.#fill();
    return warm.session;
  }

  /** Closes all sessions; none is set up any more. */
  close(): void {
    this.#isOver = true;
    const { clock } = this.#o;
    clock.clearTimeout(this.#pause);
    const { session, deadline } = this.#beginning ?? {};
    clock.clearTimeout(deadline);
    this.#beginning = undefined;
    if (session) this.#end(session);
    for (const warm of [...this.#ready]) this.#retire(warm);
  }

  #fill(): void {
    if (this.#isOver || this.#beginning || this.#pause) return;
    if (this.#ready.filter(({ isStale }) => !isStale).length >= this.#o.size) return;
    const { access, dial, settings, clock, setupMs } = this.#o;
    const messages: LiveServerMessage[] = [];
    let warm: Warm | undefined;
    const listener: SessionListener = {
      hasHandle: () => false,
      onSetUp: () => {
        warm = this.#setUp(session, messages);
      },
      onMessage: (message) => {
        messages.push(message);
        if (messages.length > maxMessages) messages.shift();
        if (message.goAway && warm) this.#retire(warm);
        this.#fill();
      },
      onBadFrame: (problem) => this.#o.log.warn({ problem }, 'gemini.badFrame'),
      onLost: (loss) => (warm ? this.#lost(warm, loss) : this.#failed(loss)),
      onGone: () => undefined,
    };
    const session = new GeminiSession({ access, settings, continuation: {}, dial }, listener);
    const deadline = clock.setTimeout(() => {
      const message = `expected the session to be set up within ${setupMs} ms, it was not`;
      this.#end(session);
      this.#failed({ failure: { code: 'gemini.setup-timeout', message }, remedy: 'resume' });
    }, setupMs);
    this.#beginning = { session, deadline };
    session.open();
  }

  #setUp(session: GeminiSession, messages: LiveServerMessage[]): Warm {
    const { clock, log, size } = this.#o;
    clock.clearTimeout(this.#beginning?.deadline);
    this.#beginning = undefined;
    const warm: Warm = { session, messages, readyMs: clock.nowMs(), timer: undefined, isStale: false };
    warm.timer = clock.setTimeout(() => this.#grownOld(warm), freshMs);
    this.#ready.push(warm);
    const stale = this.#ready.find(({ isStale }) => isStale);
    if (stale && this.#ready.length > size) this.#retire(stale);
    log.debug({ ready: this.size }, 'gemini.warm');
    this.#fill();
    return warm;
  }

  #grownOld(warm: Warm): void {
    warm.isStale = true;
    this.#failures = 0;
    warm.timer = this.#o.clock.setTimeout(() => this.#retire(warm), longestMs - freshMs);
    this.#fill();
  }

  #lost(warm: Warm, loss: Loss): void {
    this.#forget(warm);
    if (this.#o.clock.nowMs() - warm.readyMs < stableMs) this.#pauseAfter(loss);
    else this.#fill();
  }

  #failed(loss: Loss): void {
    this.#o.clock.clearTimeout(this.#beginning?.deadline);
    this.#beginning = undefined;
    this.#pauseAfter(loss);
  }

  /** What only a change of the configuration can mend is tried again no sooner than after the longest pause. */
  #pauseAfter({ failure, remedy, retryAfterMs = 0 }: Loss): void {
    if (this.#isOver || this.#pause) return;
    const growing = Math.min(backoffMs * 2 ** this.#failures, longestBackoffMs);
    const wished = Math.min(retryAfterMs, longestBackoffMs);
    const pauseMs = remedy === 'none' ? longestBackoffMs : Math.max(growing, wished);
    this.#failures += 1;
    this.#o.log.warn({ ...failure, pauseMs }, 'gemini.warmFailed');
    this.#pause = this.#o.clock.setTimeout(() => {
      this.#pause = undefined;
      this.#fill();
    }, pauseMs);
  }

  #retire(warm: Warm): void {
    this.#forget(warm);
    this.#end(warm.session);
  }

  #forget(warm: Warm): void {
    this.#o.clock.clearTimeout(warm.timer);
    this.#ready = this.#ready.filter((other) => other !== warm);
  }

  #end(session: GeminiSession): void {
    session.close();
    // a peer that does not answer the closing handshake is not waited for
    this.#o.clock.setTimeout(() => session.terminate(), closeMs);
  }

  #unfit(): undefined {
    if (this.#isUnfitTold) return;
    this.#isUnfitTold = true;
    this.#o.log.warn('gemini.warmUnfit');
  }
}

/** What a session is set up with: how a call opens is told later. */
function setUpOf({ greeting, greetingClip, words, ...setUp }: GeminiSettings): Partial<GeminiSettings> {
  return setUp;
}
