import { WebSocket } from 'ws';
import { type FrameSocket, wsFrameSocket } from '../../wire/index.ts';

/** Larger than any message a bridge may send. */
const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

export interface DialOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether the other side's pings are answered; by default they are. */
  readonly answersPings?: boolean;
}

/** Opens a connection for a simulated call; the socket may still be connecting. */
export type Dial = (url: string, options: DialOptions) => FrameSocket;

/** Dials `url` (ws:// or wss://) over the network. */
export function dialWebSocket(url: string, options: DialOptions = {}): FrameSocket {
  const ws = new WebSocket(url, {
    headers: { ...options.headers },
    autoPong: options.answersPings ?? true,
    perMessageDeflate: false,
    maxPayload: MAX_MESSAGE_BYTES,
  });
  return wsFrameSocket(ws);
}
