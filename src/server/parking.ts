import type { Agent } from '../agents/index.ts';
import type { Clock, Timer } from '../time/index.ts';
import type { FrameSocket } from '../wire/index.ts';
import type { ParkedStream } from './parked-stream.ts';

/** How often waiting callers are offered the room that a faster event loop may have made, ms. */
const lookEveryMs = 500;

/** A caller who waits, and what becomes of the stream when there is room. */
interface Waiting {
  readonly agent: Agent;
  readonly stream: ParkedStream;
  readonly answer: (socket: FrameSocket) => void;
}

/** The callers who wait for room, first come, first served. */
export class Parking {
  readonly #clock: Clock;
  readonly #most: number;
  readonly #hasRoom: (agent: Agent) => boolean;
  readonly #waiting = new Set<Waiting>();
  #timer: Timer | undefined;

  constructor(clock: Clock, most: number, hasRoom: (agent: Agent) => boolean) {
    this.#clock = clock;
    this.#most = most;
    this.#hasRoom = hasRoom;
  }

  get size(): number {
    return this.#waiting.size;
  }

  get isFull(): boolean {
    return this.#waiting.size >= this.#most;
  }

  /** Takes a stream in; the returned function takes it out again. */
  add(waiting: Waiting): () => void {
    this.#waiting.add(waiting);
    this.#timer ??= this.#clock.setTimeout(() => this.#lookAgain(), lookEveryMs);
    return () => this.#waiting.delete(waiting);
  }

  /** Answers as many of those who wait as there is room for. */
  offerRoom(): void {
    for (const waiting of this.#waiting) {
      if (!waiting.stream.isHolding || !this.#hasRoom(waiting.agent)) continue;
      this.#waiting.delete(waiting);
      const socket = waiting.stream.release();
      if (socket) waiting.answer(socket);
    }
  }

  /** Ends every wait; with the apology, or at once. */
  clear(how: 'apologise' | 'at once'): void {
    for (const { stream } of this.#waiting) {
      if (how === 'apologise') stream.refuse();
      else stream.stop();
    }
  }

  #lookAgain(): void {
    this.#timer = undefined;
    this.offerRoom();
    if (this.#waiting.size > 0) this.#timer = this.#clock.setTimeout(() => this.#lookAgain(), lookEveryMs);
  }
}
