import { createServer, type IncomingMessage, STATUS_CODES } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { type FrameSocket, wsFrameSocket } from '../../wire/index.ts';
import type { Admission, GeminiRequest } from './admission.ts';
import { withoutCloseHandshake } from './deaf-to-close.ts';
import type { TextAnswers } from './text-answers.ts';

/** A frame larger than this closes the connection with 1009. */
const frameBytesLimit = 16 * 1024 * 1024;

/** Where to listen. */
export interface ListenOptions {
  /** 0, the default, takes a free port. */
  readonly port?: number;
  readonly host?: string;
}

/** What a listener hands its connections to. */
export interface Connections {
  /** Answers requests for texts; there are none where it is left out. */
  readonly texts?: TextAnswers;
  admit(request: GeminiRequest): Admission;
  open(socket: FrameSocket, admission: Extract<Admission, { kind: 'accept' }>): unknown;
}

/** A simulated server that listens. */
export interface Listening<Server extends Connections> {
  /** For `GOOGLE_GEMINI_BASE_URL` or the SDK's `httpOptions.baseUrl`. */
  readonly url: string;
  readonly port: number;
  readonly gemini: Server;
  /** Drops all connections and stops listening. */
  close(): Promise<void>;
}

/** Serves `gemini` over HTTP; rejects when it cannot listen. */
export async function listenHttp<Server extends Connections>(
  gemini: Server,
  { port = 0, host = '127.0.0.1' }: ListenOptions,
): Promise<Listening<Server>> {
  const sockets = new Set<Duplex>();
  const webSockets = new WebSocketServer({ noServer: true, maxPayload: frameBytesLimit });
  const server = createServer((request, response) => {
    if (gemini.texts?.serve(request, response)) return;
    response.writeHead(404, { 'content-type': 'application/json' }).end(errorBody(404));
  });
  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // Without a listener a reset by the client would end the process.
    socket.on('error', () => {});
    const admission = gemini.admit({ path: request.url ?? '/', headers: request.headers });
    if (admission.kind === 'hang') return;
    if (admission.kind === 'reset') return void socket.destroy();
    if (admission.kind === 'refuse') {
      refuse(socket, admission);
      return;
    }
    const isDeaf = admission.faults.some((fault) => fault.kind === 'noCloseHandshake');
    webSockets.handleUpgrade(request, isDeaf ? withoutCloseHandshake(socket) : socket, head, (ws) => {
      gemini.open(wsFrameSocket(ws), admission);
    });
  };
  server.on('upgrade', upgrade);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve());
  });
  const address: AddressInfo | string | null = server.address();
  const boundPort = typeof address === 'object' && address ? address.port : port;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${boundPort}`,
    port: boundPort,
    gemini,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      server.closeAllConnections();
      webSockets.close();
      await closed;
    },
  };
}

function refuse(socket: Duplex, { status, retryAfterSec }: Extract<Admission, { kind: 'refuse' }>): void {
  const body = errorBody(status);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Refused'}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...(retryAfterSec === undefined ? [] : [`Retry-After: ${retryAfterSec}`]),
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

function errorBody(status: number): string {
  return JSON.stringify({
    error: { code: status, message: `Simulated ${STATUS_CODES[status] ?? 'refusal'}` },
  });
}
