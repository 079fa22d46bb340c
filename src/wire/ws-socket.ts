import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import type { FrameSocket, FrameSocketListener } from './frame-socket.ts';
import { textFrame } from './text-frame.ts';

/**
 * A {@link FrameSocket} over a `ws` WebSocket, accepted or still connecting.
 *
 * @param accepted the stream that `ws` was accepted on. Texts are then written to it as whole frames, each at once: `ws`
 * writes what it does not mask in two pieces.
 */
export function wsFrameSocket(ws: WebSocket, accepted?: Duplex): FrameSocket {
  // a compressed message may wait in `ws`, and would be overtaken
  const stream = ws.extensions === '' ? accepted : undefined;
  let listener: FrameSocketListener | undefined;
  let early: ((to: FrameSocketListener) => void)[] = [];
  const tell = (report: (to: FrameSocketListener) => void): void => {
    if (listener) report(listener);
    else early.push(report);
  };
  ws.on('open', () => tell((to) => to.onOpen?.()));
  ws.on('message', (data, isBinary) => {
    const frame = Buffer.isBuffer(data)
      ? data
      : Array.isArray(data)
        ? Buffer.concat(data)
        : Buffer.from(data);
    tell((to) => to.onFrame(frame, isBinary));
  });
  ws.on('error', (error) => tell((to) => to.onError?.(error)));
  ws.on('close', (code, reason) => tell((to) => to.onClose(code, reason.toString())));
  return {
    get isOpen() {
      return ws.readyState === WebSocket.OPEN;
    },
    get bufferedBytes() {
      return ws.bufferedAmount;
    },
    listen(to) {
      listener = to;
      const waiting = early;
      early = [];
      for (const report of waiting) report(to);
    },
    send(frame) {
      if (ws.readyState !== WebSocket.OPEN) return false;
      if (stream && typeof frame === 'string') {
        stream.write(textFrame(frame));
        return true;
      }
      // ws joins its header to bytes that it has to mask, and writes once; a text it writes apart from its header
      const isText = typeof frame === 'string';
      ws.send(isText ? Buffer.from(frame) : frame, { binary: !isText });
      return true;
    },
    close(code, reason) {
      ws.close(code, reason);
    },
    terminate() {
      ws.terminate();
    },
  };
}
