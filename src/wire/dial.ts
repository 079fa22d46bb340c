import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import { type Clock, systemClock } from '../time/index.ts';
import type { FrameSocket } from './frame-socket.ts';
import { type ProxySettings, proxyFor, Tunnel } from './proxy.ts';
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
  /** Longest wait for the upgrade to be answered, the way through a proxy included, ms. */
  readonly handshakeMs: number;
  /** Largest message accepted, bytes; a larger one closes the connection with 1009. */
  readonly maxFrameBytes: number;
  readonly proxies?: ProxySettings | undefined;
  readonly clock?: Clock;
}

/** Bytes of a refusal's body that are kept for the error. */
const maxBodyBytes = 512;

/**
 * Opens a WebSocket; a refusal is told as `onError` with an {@link UpgradeRefused} or a {@link ProxyFailed} before any
 * other error, then `onClose(1006)`.
 */
export function dialWebSocket(
  url: string,
  { headers, handshakeMs, maxFrameBytes, proxies, clock = systemClock }: DialOptions,
): FrameSocket {
  const proxy = proxies && proxyFor(url, proxies);
  const tunnel = proxy && new Tunnel(proxy);
  const ws = new WebSocket(url, {
    headers: { ...headers },
    maxPayload: maxFrameBytes,
    perMessageDeflate: false,
    ...(tunnel ? { agent: tunnel } : {}),
  });
  const fail = (error: Error): void => {
    ws.emit('error', error);
    // ending an attempt is an error of its own to ws, which would hide the reason
    ws.removeAllListeners('error').on('error', () => undefined);
    ws.terminate();
  };
  // the deadline of ws itself starts anew with each byte, and does not run while a proxy is waited for
  let refuse: (() => void) | undefined;
  const deadline = clock.setTimeout(() => {
    if (refuse) return refuse();
    const isProxy = tunnel && !tunnel.isOpen;
    const late = new Error(`expected the upgrade to be answered within ${handshakeMs} ms, found no answer`);
    fail(isProxy ? tunnel.unanswered(handshakeMs) : late);
  }, handshakeMs);
  ws.once('open', () => clock.clearTimeout(deadline));
  ws.once('close', () => {
    clock.clearTimeout(deadline);
    tunnel?.abandon();
  });
  ws.on('unexpected-response', (request, response) => {
    refuse = refusalOf(response, clock, (refusal) => {
      request.destroy();
      fail(refusal);
    });
  });
  return wsFrameSocket(ws);
}

/** Reads a refusal, its body as far as it is kept, and tells it once; what is returned tells it at once. */
function refusalOf(
  response: IncomingMessage,
  clock: Clock,
  tell: (refusal: UpgradeRefused) => void,
): () => void {
  let body = '';
  let isTold = false;
  const refuse = (): void => {
    if (isTold) return;
    isTold = true;
    const retryAfterMs = readRetryAfter(response.headers['retry-after'], clock.wallMs());
    tell(new UpgradeRefused(response.statusCode ?? 0, retryAfterMs, body.slice(0, maxBodyBytes)));
  };
  response.setEncoding('utf8');
  response.on('data', (text: string) => {
    body += text;
    if (body.length > maxBodyBytes) refuse();
  });
  response.once('end', refuse);
  response.once('error', refuse);
  return refuse;
}

/** RFC 9110: a number of seconds, or a date. */
function readRetryAfter(value: string | undefined, nowMs: number): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d+(\.\d+)?$/.test(value)) return Number(value) * 1000;
  const untilMs = Date.parse(value);
  return Number.isNaN(untilMs) ? undefined : Math.max(0, untilMs - nowMs);
}
