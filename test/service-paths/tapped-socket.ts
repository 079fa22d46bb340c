import type { FrameSocket, FrameSocketListener } from '../../src/wire/index.ts';

/** What sees the frames of a {@link TappedSocket}. */
export interface Tap {
  /** A frame on its way out; false loses it. */
  readonly out?: (frame: string | Uint8Array) => boolean;
  /** A frame, or the end of the connection, on its way in. */
  readonly in?: (what: { readonly data: Buffer } | 'closed') => void;
}

/** A socket whose frames are seen, may be lost, and may be joined by others. */
export class TappedSocket implements FrameSocket {
  readonly #socket: FrameSocket;
  readonly #tap: Tap;
  #listener: FrameSocketListener | undefined;
  #isOver = false;

  constructor(socket: FrameSocket, tap: Tap = {}) {
    this.#socket = socket;
    this.#tap = tap;
  }

  get isOpen(): boolean {
    return this.#socket.isOpen;
  }

  get bufferedBytes(): number {
    return this.#socket.bufferedBytes;
  }

  listen(listener: FrameSocketListener): void {
    this.#listener = listener;
    this.#socket.listen({
      onOpen: () => listener.onOpen?.(),
      onFrame: (data, isBinary) => {
        this.#tap.in?.({ data });
        listener.onFrame(data, isBinary);
      },
      onError: (error) => listener.onError?.(error),
      onClose: (code, reason) => {
        this.#isOver = true;
        this.#tap.in?.('closed');
        listener.onClose(code, reason);
      },
    });
  }

  send(frame: string | Uint8Array): boolean {
    const isKept = this.#tap.out?.(frame) ?? true;
    return isKept ? this.#socket.send(frame) : this.isOpen;
  }

  close(code?: number, reason?: string): void {
    this.#socket.close(code, reason);
  }

  terminate(): void {
    this.#socket.terminate();
  }

  /** Hands the listener a frame that the peer never sent; also while the connection is being closed. */
  inject(message: object): void {
    if (this.#isOver) return;
    const data = Buffer.from(JSON.stringify(message));
    this.#tap.in?.({ data });
    this.#listener?.onFrame(data, false);
  }
}
