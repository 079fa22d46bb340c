import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { maxInboundFrameBytes } from '../exotel/index.ts';
import type { Log } from '../observe/index.ts';
import { type FrameSocket, wsFrameSocket } from '../wire/index.ts';
import { agentOfPath } from './addresses.ts';

/** Why a stream is not accepted, as an HTTP status and a sentence. */
export interface Refusal {
  readonly status: 404 | 503;
  readonly reason: string;
}

/** What is needed to accept streams. */
export interface UpgradeOptions {
  readonly log: Log;
  /** Why a stream for `agent` is refused, or undefined to accept it. */
  readonly refuse: (agent: string) => Refusal | undefined;
  readonly accept: (agent: string, socket: FrameSocket) => void;
}

const statusText = { 404: 'Not Found', 503: 'Service Unavailable' } as const;

/** Accepts Exotel's streams on an HTTP server; what it refuses is refused before the upgrade. */
export function acceptStreams(server: Server, { log, refuse, accept }: UpgradeOptions): void {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: maxInboundFrameBytes,
    perMessageDeflate: false,
  });
  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    // a peer that vanishes during the handshake is no fault of ours
    stream.on('error', (error) => log.debug({ message: error.message }, 'upgrade.socketError'));
    const agent = agentOfPath(request.url ?? '');
    const refusal = agent
      ? refuse(agent)
      : { status: 404 as const, reason: 'expected a stream at /exotel/<agent>, found another path' };
    if (refusal || !agent) {
      const { status, reason } = refusal ?? { status: 404, reason: '' };
      log.warn({ status, reason }, 'upgrade.refused');
      // a peer that keeps its own side open must not keep the server from stopping
      stream.once('finish', () => stream.destroy());
      stream.end(
        `HTTP/1.1 ${status} ${statusText[status]}\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n` +
          `Content-Length: ${Buffer.byteLength(reason)}\r\n\r\n${reason}`,
      );
      return;
    }
    sockets.handleUpgrade(request, stream, head, (ws) => accept(agent, wsFrameSocket(ws)));
  });
}
