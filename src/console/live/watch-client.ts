import {
  type WatchMessage,
  type WatchQuestion,
  watchCloseCodes,
  watchVersion,
} from '../../inspection/format.ts';
import { learn, nothingKnown, type WatchKnowledge, withoutWatched, withWatched } from './watch-state.ts';

/** A connection as the client needs it; it says nothing more after `onClose`. */
export interface WatchLine {
  send(text: string): void;
  close(): void;
}

/** What a connection tells. */
export interface LineListener {
  onOpen(): void;
  onText(text: string): void;
  /** It is closed, or could not be opened: `code` as in the WebSocket protocol. */
  onClose(code: number): void;
}

/** What the client lives in. */
export interface WatchSurroundings {
  open(listener: LineListener): WatchLine;
  /** Calls `then` once, `ms` from now; the answer takes it back. */
  after(ms: number, then: () => void): () => void;
  /** Evenly from 0 to below 1. */
  chance(): number;
  /** The page's wall clock, ms since 1970. */
  nowMs(): number;
}

/** How the connection is. */
export interface WatchConnection {
  readonly status: 'closed' | 'connecting' | 'open' | 'lost' | 'given up';
  /** What is wrong, in a sentence; `''` when nothing is. */
  readonly trouble: string;
  /** What is to be added to the page's clock to have the service's, ms. */
  readonly wallOffsetMs: number;
}

/** All that the client tells; the same object until something is different. */
export interface WatchSnapshot extends WatchKnowledge {
  readonly connection: WatchConnection;
}

/** The first and the longest wait before another attempt, ms. */
const backOff = { firstMs: 500, longestMs: 15_000 } as const;
/** How long the service may take to greet, ms. */
const helloMs = 10_000;
/** A connection that nobody needs is kept for so long, ms: pages change. */
const idleMs = 5000;

const troubles = new Map<number, string>([
  [watchCloseCodes.tooSlow, 'This page read more slowly than the calls go on, and was dropped.'],
  [watchCloseCodes.stopping, 'The service stops or starts again.'],
  [1000, 'The service closed the connection.'],
  [1001, 'The service went away.'],
  [1008, 'The service does not let this page watch calls.'],
  [1011, 'The service has failed.'],
]);

/**
 * The one connection of a page through which it watches calls. It is there while somebody watches, comes back by itself, asks
 * again for what was missed, and tells every change to its listeners.
 */
export class WatchClient {
  readonly #o: WatchSurroundings;
  readonly #listeners = new Set<() => void>();
  /** How many watch the list, and each call. */
  #listWatchers = 0;
  readonly #callWatchers = new Map<string, number>();
  #line: WatchLine | undefined;
  #isGreeted = false;
  #attempts = 0;
  #cancelTimer: () => void = () => {};
  #snapshot: WatchSnapshot = {
    ...nothingKnown,
    connection: { status: 'closed', trouble: '', wallOffsetMs: 0 },
  };

  constructor(surroundings: WatchSurroundings) {
    this.#o = surroundings;
  }

  readonly snapshot = (): WatchSnapshot => this.#snapshot;

  /** Tells each change to `listener` until the answer is called. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Watches the list of calls until the answer is called. */
  watchCalls(): () => void {
    this.#listWatchers += 1;
    if (this.#listWatchers === 1) this.#ask({ watch: 'calls' });
    this.#needLine();
    return once(() => {
      this.#listWatchers -= 1;
      if (this.#listWatchers === 0) this.#ask({ unwatch: 'calls' });
      this.#letGo();
    });
  }

  /** Watches one call until the answer is called. */
  watchCall(callId: string): () => void {
    const watchers = (this.#callWatchers.get(callId) ?? 0) + 1;
    this.#callWatchers.set(callId, watchers);
    if (watchers === 1) {
      this.#become(withWatched(this.#snapshot, callId));
      this.#ask({ watch: 'call', callId });
    }
    this.#needLine();
    return once(() => {
      const left = (this.#callWatchers.get(callId) ?? 1) - 1;
      if (left > 0) this.#callWatchers.set(callId, left);
      else {
        this.#callWatchers.delete(callId);
        this.#become(withoutWatched(this.#snapshot, callId));
        this.#ask({ unwatch: 'call', callId });
      }
      this.#letGo();
    });
  }

  get #isNeeded(): boolean {
    return this.#listWatchers > 0 || this.#callWatchers.size > 0;
  }

  #needLine(): void {
    const { status } = this.#snapshot.connection;
    if (status === 'closed') this.#connect();
    else if (this.#isGreeted) this.#cancelTimer();
  }

  #letGo(): void {
    if (this.#isNeeded || !this.#isGreeted) return;
    this.#cancelTimer();
    this.#cancelTimer = this.#o.after(idleMs, () => this.#hangUp());
  }

  #hangUp(): void {
    if (this.#isNeeded) return;
    const line = this.#line;
    this.#line = undefined;
    this.#isGreeted = false;
    this.#cancelTimer();
    line?.close();
    this.#become(nothingKnown, { status: 'closed', trouble: '' });
  }

  #connect(): void {
    this.#become(this.#snapshot, { status: this.#attempts === 0 ? 'connecting' : 'lost' });
    let line: WatchLine | undefined;
    const isOther = (): boolean => line !== undefined && this.#line !== line;
    line = this.#o.open({
      onOpen: () => {},
      onText: (text) => {
        if (!isOther()) this.#take(text);
      },
      onClose: (code) => {
        if (!isOther()) this.#lost(code);
      },
    });
    this.#line = line;
    this.#cancelTimer();
    this.#cancelTimer = this.#o.after(helloMs, () => {
      line?.close();
      this.#lost(0);
    });
  }

  #lost(code: number): void {
    const wasGreeted = this.#isGreeted;
    this.#line = undefined;
    this.#isGreeted = false;
    this.#cancelTimer();
    if (this.#snapshot.connection.status === 'given up') return;
    if (!this.#isNeeded) return this.#hangUp();
    const unknown = wasGreeted
      ? 'The connection to the service was lost.'
      : 'The service cannot be reached, or does not let this page watch calls.';
    const longest = Math.min(backOff.longestMs, backOff.firstMs * 2 ** this.#attempts);
    // so that not all pages come back at once
    const waitMs = longest * (0.5 + this.#o.chance() / 2);
    this.#attempts += 1;
    this.#become(this.#snapshot, { status: 'lost', trouble: troubles.get(code) ?? unknown });
    this.#cancelTimer = this.#o.after(waitMs, () => {
      if (this.#isNeeded) this.#connect();
      else this.#hangUp();
    });
  }

  #take(text: string): void {
    const message = readMessage(text);
    if (!message) return;
    if (message.type === 'hello') return this.#greeted(message.version, message.wallMs, message);
    const { knowledge, ask } = learn(this.#snapshot, message);
    if (ask) this.#ask(ask);
    if (knowledge !== this.#snapshot) this.#become(knowledge);
  }

  #greeted(version: number, wallMs: number, hello: WatchMessage): void {
    this.#cancelTimer();
    if (version !== watchVersion) {
      const trouble = `This page speaks version ${watchVersion} of the live view, the service ${version}: load the page again.`;
      this.#become(this.#snapshot, { status: 'given up', trouble });
      this.#line?.close();
      return;
    }
    this.#isGreeted = true;
    this.#attempts = 0;
    const wallOffsetMs = wallMs - this.#o.nowMs();
    this.#become(learn(this.#snapshot, hello).knowledge, { status: 'open', trouble: '', wallOffsetMs });
    if (this.#listWatchers > 0) this.#ask({ watch: 'calls' });
    for (const callId of this.#callWatchers.keys()) {
      if (!this.#snapshot.calls.get(callId)?.over) this.#ask({ watch: 'call', callId });
    }
    if (!this.#isNeeded) this.#letGo();
  }

  #ask(question: WatchQuestion): void {
    if (this.#isGreeted) this.#line?.send(JSON.stringify(question));
  }

  #become(knowledge: WatchKnowledge, connection: Partial<WatchConnection> = {}): void {
    const { hello, list, isListStale, calls } = knowledge;
    const isSame = Object.keys(connection).length === 0;
    const last = this.#snapshot.connection;
    this.#snapshot = {
      hello,
      list,
      isListStale,
      calls,
      connection: isSame ? last : { ...last, ...connection },
    };
    for (const listener of [...this.#listeners]) listener();
  }
}

/** A message of the service; undefined for what is none. */
function readMessage(text: string): WatchMessage | undefined {
  try {
    const message: unknown = JSON.parse(text);
    return isMessage(message) ? message : undefined;
  } catch {
    return undefined;
  }
}

/** The service is of the same version, and says nothing but messages. */
function isMessage(value: unknown): value is WatchMessage {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

function once(then: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) then();
    isDone = true;
  };
}
