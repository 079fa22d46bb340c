import type { Clock } from '../time/index.ts';
import type { FrameSocket, FrameSocketListener } from './frame-socket.ts';

class MemorySocket implements FrameSocket {
  peer: MemorySocket | undefined;
  readonly #clock: Clock;
  readonly #latencyMs: number;
  #listener: FrameSocketListener | undefined;
  #early: ((to: FrameSocketListener) => void)[] = [];
  #isOpen = false;
  #isClosing = false;
  #isOver = false;

  constructor(clock: Clock, latencyMs: number) {
    this.#clock = clock;
    this.#latencyMs = latencyMs;
  }

  readonly bufferedBytes = 0;

  get isOpen(): boolean {
    return this.#isOpen;
  }

  listen(listener: FrameSocketListener): void {
    this.#listener = listener;
    const waiting = this.#early;
    this.#early = [];
    for (const report of waiting) report(listener);
  }

  send(frame: string | Uint8Array): boolean {
    if (!this.#isOpen) return false;
    const isBinary = typeof frame !== 'string';
    const data = typeof frame === 'string' ? Buffer.from(frame) : Buffer.from(frame);
    this.#later(() => this.peer?.deliver(data, isBinary));
    return true;
  }

  close(code = 1005, reason = ''): void {
    if (this.#isClosing) return;
    this.#isClosing = true;
    this.#isOpen = false;
    this.#later(() => {
      this.peer?.finish(code, reason);
      this.#later(() => this.finish(code, reason));
    });
  }

  terminate(): void {
    this.#isClosing = true;
    this.#isOpen = false;
    this.#later(() => {
      this.peer?.finish(1006, '');
      this.finish(1006, '');
    });
  }

  open(): void {
    if (this.#isClosing) return;
    this.#isOpen = true;
    this.#tell((to) => to.onOpen?.());
  }

  deliver(data: Buffer, isBinary: boolean): void {
    if (!this.#isOver) this.#tell((to) => to.onFrame(data, isBinary));
  }

  finish(code: number, reason: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#isClosing = true;
    this.#isOpen = false;
    this.#tell((to) => to.onClose(code, reason));
  }

  #tell(report: (to: FrameSocketListener) => void): void {
    if (this.#listener) report(this.#listener);
    else this.#early.push(report);
  }

  #later(fn: () => void): void {
    this.#clock.setTimeout(fn, this.#latencyMs);
  }
}

/** Two connected sockets in memory; each frame arrives `latencyMs` of `clock` after it was sent, in order. */
export function memorySocketPair(clock: Clock, latencyMs = 0): [FrameSocket, FrameSocket] {
  const a = new MemorySocket(clock, latencyMs);
  const b = new MemorySocket(clock, latencyMs);
  a.peer = b;
  b.peer = a;
  clock.setTimeout(() => {
    a.open();
    b.open();
  }, latencyMs);
  return [a, b];
}
