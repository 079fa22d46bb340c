/** What a socket's owner is told; every callback is synchronous and must not throw. */
export interface FrameSocketListener {
  /** The connection is established; not called when it already was at `listen`. */
  onOpen?(): void;
  /** One whole message; `data` is valid only during the call unless copied. */
  onFrame(data: Buffer, isBinary: boolean): void;
  /** A fault before the close, for the log: its message carries no URL and no header. */
  onError?(error: Error): void;
  /** The connection is over, exactly once; 1006 when it was not closed by a handshake. */
  onClose(code: number, reason: string): void;
}

/** A WebSocket as Baari sees it: whole frames both ways, over the network or in memory. */
export interface FrameSocket {
  readonly isOpen: boolean;
  /** Bytes accepted by `send` that have not left this process yet. */
  readonly bufferedBytes: number;
  /** Sets the one listener; frames that came earlier are delivered in order. */
  listen(listener: FrameSocketListener): void;
  /** Sends a text frame (string) or a binary frame; returns false, and sends nothing, when not open. */
  send(frame: string | Uint8Array): boolean;
  /** Starts the closing handshake; repeated calls are ignored. */
  close(code?: number, reason?: string): void;
  /** Drops the connection at once; the other side sees 1006. */
  terminate(): void;
}
