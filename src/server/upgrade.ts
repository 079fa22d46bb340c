import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { maxInboundFrameBytes } from '../exotel/index.ts';
import type { Log } from '../observe/index.ts';
import { type FrameSocket, wsFrameSocket } from '../wire/index.ts';
import { readStreamPath, type StreamPath } from './addresses.ts';
import type { RequestFacts } from './proxies.ts';
import { type Refusal, statusText } from './refusal.ts';
import { requestIdHeader } from './request-ids.ts';

/** What is needed to accept streams. */
export interface UpgradeOptions {
  readonly log: Log;
  /** A name for a request, by which it is found in the log. */
  readonly nameRequest: () => string;
  /** Told of each stream that is refused. */
  readonly refused: (status: number) => void;
  /** Whether a stream may come in, and then what takes it; called before the upgrade. */
  readonly decide: (
    path: StreamPath,
    facts: RequestFacts,
    requestId: string,
  ) => Promise<Refusal | ((socket: FrameSocket) => void)>;
  /** Doors for WebSockets that are no calls, by their paths. */
  readonly sideDoors?: ReadonlyMap<string, SideDoor> | undefined;
}

/** A way in for WebSockets that are no calls. */
export interface SideDoor {
  /** The subprotocol that is agreed on, where the client offers it. */
  readonly protocol: string;
  decide(request: IncomingMessage): Promise<Refusal | ((socket: FrameSocket) => void)>;
}

/** Upgrades that are being decided on; more at once are refused with 503. */
const mostUndecided = 1000;

/** Largest message of who is no call, bytes. */
const maxQuestionBytes = 4096;

/** Accepts Exotel's streams on an HTTP server; what it refuses is refused before the upgrade. */
export function acceptStreams(
  server: Server,
  { log, nameRequest, refused, decide, sideDoors }: UpgradeOptions,
): void {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: maxInboundFrameBytes,
    perMessageDeflate: false,
  });
  const sideSockets = new WebSocketServer({
    noServer: true,
    maxPayload: maxQuestionBytes,
    perMessageDeflate: false,
    handleProtocols: (offered, request) => {
      const wanted = sideDoors?.get(pathOf(request))?.protocol;
      return wanted !== undefined && offered.has(wanted) ? wanted : false;
    },
  });
  let undecided = 0;
  const verdictOn = async (request: IncomingMessage, requestId: string) => {
    const side = sideDoors?.get(pathOf(request));
    if (side) return side.decide(request);
    const path = readStreamPath(request.url ?? '');
    if (!path) {
      return { status: 404, reason: 'expected a stream at /exotel/<agent>, found another path' } as const;
    }
    if (undecided >= mostUndecided) return { status: 503, reason: 'too many streams at once' } as const;
    undecided += 1;
    try {
      return await decide(path, factsOf(request), requestId);
    } finally {
      undecided -= 1;
    }
  };
  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    const requestId = nameRequest();
    // a peer that vanishes during the handshake is no fault of ours
    stream.on('error', (error) => log.debug({ requestId, message: error.message }, 'upgrade.socketError'));
    verdictOn(request, requestId).then(
      (verdict) => {
        if (typeof verdict === 'function') {
          const taking = sideDoors?.has(pathOf(request)) ? sideSockets : sockets;
          taking.handleUpgrade(request, stream, head, (ws) => verdict(wsFrameSocket(ws, stream)));
          return;
        }
        log.warn({ requestId, status: verdict.status, reason: verdict.reason }, 'upgrade.refused');
        refused(verdict.status);
        refuse(stream, requestId, verdict);
      },
      (error: unknown) => {
        const message = error instanceof Error ? error.message : 'unknown';
        log.error({ requestId, code: 'upgrade.defect', message }, 'upgrade.failed');
        refuse(stream, requestId, { status: 503, reason: 'the stream could not be taken' });
      },
    );
  });
}

function pathOf({ url }: IncomingMessage): string {
  return url?.split('?')[0] ?? '';
}

/** What a request says of itself. */
export function factsOf({ socket, headers }: Pick<IncomingMessage, 'socket' | 'headers'>): RequestFacts {
  const isTls = 'encrypted' in socket && socket.encrypted === true;
  return { peer: socket.remoteAddress ?? '', isTls, headers };
}

function refuse(stream: Duplex, requestId: string, { status, reason, headers = {} }: Refusal): void {
  // a peer that keeps its own side open must not keep the server from stopping
  stream.once('finish', () => stream.destroy());
  const extra = Object.entries({ ...headers, [requestIdHeader]: requestId })
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');
  stream.end(
    `HTTP/1.1 ${status} ${statusText[status]}\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n${extra}` +
      `Content-Length: ${Buffer.byteLength(reason)}\r\n\r\n${reason}`,
  );
}
