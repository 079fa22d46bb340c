import { WebSocket } from 'ws';
import type { FrameSocket } from './frame-socket.ts';
import { wsFrameSocket } from './ws-socket.ts';

/** The server answered the upgrade with an HTTP status instead of a WebSocket. */
export class UpgradeRefused extends Error {
  readonly status: number;
  /** How long the server asked us to wait, ms; undefined when it did not say. */
  readonly retryAfterMs: number | undefined;

  constructor(status: number, retryAfterMs: number | undefined, body: string) {
    super(`the upgrade was refused with HTTP ${status}${body ? `: ${body}` : ''}`);
    this.name = 'UpgradeRefused';
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }
}

/** What a connection is opened with. */
export interface DialOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** Longest wait for the upgrade to be answered, ms. */
  readonly handshakeMs: number;
  /** Largest message accepted, bytes; a larger one closes the connection with 1009. */
  readonly maxFrameBytes: number;
}

/** Bytes of a refusal's body that are kept for the error. */
const maxBodyBytes = 512;

/** Opens a WebSocket; a refusal is told as `onError(UpgradeRefused)` before any other error, then `onClose(1006)`. */
export function dialWebSocket(
  url: string,
  { headers, handshakeMs, maxFrameBytes }: DialOptions,
): FrameSocket {
  const ws = new WebSocket(url, {
    headers: { ...headers },
    handshakeTimeout: handshakeMs,
    maxPayload: maxFrameBytes,
    perMessageDeflate: false,
  });
  ws.on('unexpected-response', (request, response) => {
    let body = '';
    let isRefused = false;
    const refuse = (): void => {
      if (isRefused) return;
      isRefused = true;
      const seconds = Number.parseFloat(response.headers['retry-after'] ?? '');
      const retryAfterMs = Number.isFinite(seconds) ? seconds * 1000 : undefined;
      request.destroy();
      ws.emit(
        'error',
        new UpgradeRefused(response.statusCode ?? 0, retryAfterMs, body.slice(0, maxBodyBytes)),
      );
      // ending an attempt is an error of its own to ws, which would hide the refusal
      ws.removeAllListeners('error').on('error', () => undefined);
      ws.terminate();
    };
    response.setEncoding('utf8');
    response.on('data', (text: string) => {
      body += text;
      if (body.length > maxBodyBytes) refuse();
    });
    response.once('end', refuse);
    response.once('error', refuse);
  });
  return wsFrameSocket(ws);
}
