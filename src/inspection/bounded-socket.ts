import type { Log } from '../observe/index.ts';
import type { Clock } from '../time/index.ts';
import { type FrameSocket, floodGuarded } from '../wire/index.ts';
import { watchCloseCodes } from './format.ts';

/** What may wait to be sent to one viewer, bytes: a minute of one call or more; then it is dropped. */
const mostWaiting = 1024 * 1024;
/** How long a dropped viewer may take to close, ms. */
const closeMs = 1000;
/** What a viewer may say, messages. */
const questionFlood = { perSecond: 20, burst: 100 };

/** What a viewer's connection is served with. */
export interface BoundedSocketOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly onFrame: (data: Buffer) => void;
  /** Told once, when it is gone. */
  readonly onGone: () => void;
}

/** The connection of a viewer: one that reads too slowly is dropped, and nothing else waits for it. */
export class BoundedSocket {
  readonly #o: BoundedSocketOptions;
  readonly #socket: FrameSocket;
  #isGone = false;

  constructor(socket: FrameSocket, options: BoundedSocketOptions) {
    this.#o = options;
    this.#socket = floodGuarded(socket, options.clock, questionFlood);
  }

  /** Begins to take what the viewer says. */
  open(): void {
    this.#socket.listen({
      onFrame: (data) => {
        if (!this.#isGone) this.#o.onFrame(data);
      },
      onClose: () => this.#gone(),
    });
  }

  send(message: string): void {
    if (this.#isGone) return;
    if (this.#socket.bufferedBytes > mostWaiting) {
      this.#o.log.warn({ bytes: this.#socket.bufferedBytes }, 'watch.tooSlow');
      this.close(watchCloseCodes.tooSlow, `more than ${mostWaiting} bytes waited to be read`);
      return;
    }
    this.#socket.send(message);
  }

  /** Ends the connection; one that does not answer is dropped. */
  close(code: number, reason: string): void {
    this.#gone();
    this.#socket.close(code, reason);
    this.#o.clock.setTimeout(() => this.#socket.terminate(), closeMs);
  }

  #gone(): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#o.onGone();
  }
}
