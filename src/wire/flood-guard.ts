import type { Clock } from '../time/index.ts';
import type { FrameSocket } from './frame-socket.ts';

/** How much a peer may send: tokens, of which each message costs one, and one more for each further KiB begun. */
export interface FloodLimits {
  /** Tokens that come back each second. */
  readonly perSecond: number;
  /** Tokens that may be spent at once, after silence. */
  readonly burst: number;
}

/** The peer sent more than it may; the connection is being closed with 1008. */
export class PeerFlood extends Error {
  constructor({ perSecond, burst }: FloodLimits) {
    super(`expected at most ${perSecond} messages (or KiB) a second, ${burst} at once, found more`);
    this.name = 'PeerFlood';
  }
}

/**
 * A socket that closes with 1008 when its peer sends too much: its owner is told by `onError(PeerFlood)`, once, and
 * hears nothing of what comes after it but the close.
 */
export function floodGuarded(socket: FrameSocket, clock: Clock, limits: FloodLimits): FrameSocket {
  let tokens = limits.burst;
  let sinceMs = clock.nowMs();
  let isFlooded = false;
  const spend = (bytes: number): boolean => {
    const nowMs = clock.nowMs();
    tokens = Math.min(limits.burst, tokens + ((nowMs - sinceMs) * limits.perSecond) / 1000);
    sinceMs = nowMs;
    tokens -= Math.max(1, Math.ceil(bytes / 1024));
    return tokens >= 0;
  };
  return {
    get isOpen() {
      return socket.isOpen;
    },
    get bufferedBytes() {
      return socket.bufferedBytes;
    },
    listen(to) {
      socket.listen({
        onOpen: () => to.onOpen?.(),
        onFrame(data, isBinary) {
          if (isFlooded) return;
          if (spend(data.length)) return to.onFrame(data, isBinary);
          isFlooded = true;
          socket.close(1008, 'too many messages');
          to.onError?.(new PeerFlood(limits));
        },
        onError: (error) => to.onError?.(error),
        onClose: (code, reason) => to.onClose(code, reason),
      });
    },
    send: (frame) => socket.send(frame),
    close: (code, reason) => socket.close(code, reason),
    terminate: () => socket.terminate(),
  };
}
