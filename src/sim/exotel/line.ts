import type { Chance, Clock, Timer } from '../../time/index.ts';
import type { FrameSocket } from '../../wire/index.ts';

/** How one connection of a call ended. */
export interface CloseReport {
  readonly code: number;
  readonly reason: string;
  /** `caller`: hung up or lost the line; `exotel`: by a rule or limit; `bridge`: the far side, 1006 if by a drop. */
  readonly by: 'caller' | 'exotel' | 'bridge';
  /** While `dialling`, no connection was ever opened. */
  readonly phase: 'dialling' | 'streaming';
  /** Call time; since dialling when the stream never started. */
  readonly atMs: number;
}

/** What the owner of a {@link Line} is told. */
interface LineListener {
  onOpen(): void;
  onText(text: string): void;
  onBinary(bytes: number): void;
  /** One attempt to connect has failed and another follows. */
  onRetry(why: string): void;
  onError(message: string): void;
  onEnd(end: { code: number; reason: string; wasOpen: boolean }): void;
}

export interface LineOptions {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly dial: () => FrameSocket;
  readonly handshakeLimitMs: number;
  readonly handshakeRetries: number;
  readonly uplinkJitterMs: number;
  readonly downlinkJitterMs: number;
  readonly listener: LineListener;
}

/** One connection to the bridge: handshake limit and retry, and late but ordered delivery both ways. */
export class Line {
  readonly #options: LineOptions;
  readonly #uplink: (deliver: () => void) => void;
  readonly #downlink: (deliver: () => void) => void;
  #socket: FrameSocket | undefined;
  #limit: Timer | undefined;
  #attempts = 0;
  #wasOpen = false;
  #isOver = false;

  constructor(options: LineOptions) {
    this.#options = options;
    this.#uplink = inOrder(options.clock, options.chance, options.uplinkJitterMs);
    this.#downlink = inOrder(options.clock, options.chance, options.downlinkJitterMs);
  }

  /** Dials; a failed handshake is repeated as often as the options allow. */
  open(): void {
    const { clock, dial, handshakeLimitMs, listener } = this.#options;
    const socket = dial();
    let isCurrent = true;
    this.#socket = socket;
    this.#attempts += 1;
    const fail = (why: string, code: number): void => {
      isCurrent = false;
      clock.clearTimeout(this.#limit);
      if (this.#isOver) return;
      if (this.#attempts <= this.#options.handshakeRetries) {
        listener.onRetry(why);
        this.open();
      } else this.#end(code, why);
    };
    const opened = (): void => {
      if (!isCurrent || this.#wasOpen) return;
      clock.clearTimeout(this.#limit);
      this.#wasOpen = true;
      listener.onOpen();
    };
    this.#limit = clock.setTimeout(() => {
      if (this.#wasOpen || !isCurrent) return;
      isCurrent = false;
      socket.terminate();
      fail(`no handshake within ${handshakeLimitMs} ms`, 1006);
    }, handshakeLimitMs);
    let fault = '';
    socket.listen({
      onOpen: opened,
      onFrame: (data, isBinary) => {
        if (!isCurrent) return;
        const text = isBinary ? '' : data.toString('utf8');
        const bytes = data.length;
        this.#downlink(() => {
          if (this.#isOver) return;
          if (isBinary) listener.onBinary(bytes);
          else listener.onText(text);
        });
      },
      onError: (error) => {
        if (!isCurrent) return;
        fault = error.message;
        listener.onError(error.message);
      },
      onClose: (code, reason) => {
        if (!isCurrent) return;
        if (this.#wasOpen) this.#downlink(() => this.#end(code, reason));
        else fail(fault || reason || 'connection refused', code);
      },
    });
    if (socket.isOpen) opened();
  }

  /** Sends a text frame, late by the jitter. */
  send(text: string): void {
    this.#uplink(() => this.#socket?.send(text));
  }

  /** Drops the connection behind everything that was sent. */
  dropAfterSent(): void {
    this.#uplink(() => this.drop());
  }

  /** Drops the connection at once. */
  drop(): void {
    this.#options.clock.clearTimeout(this.#limit);
    this.#socket?.terminate();
    if (!this.#wasOpen) this.#end(1006, '');
  }

  close(code: number, reason: string): void {
    this.#uplink(() => this.#socket?.close(code, reason));
  }

  #end(code: number, reason: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#options.listener.onEnd({ code, reason, wasOpen: this.#wasOpen });
  }
}

/** Delivers each piece 0 to `jitterMs` late, never before one that came earlier. */
function inOrder(clock: Clock, chance: Chance, jitterMs: number): (deliver: () => void) => void {
  if (jitterMs === 0) return (deliver) => deliver();
  const waiting: (() => void)[] = [];
  let lastDueMs = 0;
  return (deliver) => {
    const nowMs = clock.nowMs();
    lastDueMs = Math.max(lastDueMs, nowMs + chance.next() * jitterMs);
    waiting.push(deliver);
    clock.setTimeout(() => waiting.shift()?.(), lastDueMs - nowMs);
  };
}
