import type { IncomingMessage } from 'node:http';
import {
  SocketViewer,
  type WatchGrant,
  type WatchHub,
  watchCloseCodes,
  watchProtocol,
} from '../inspection/index.ts';
import type { Log } from '../observe/index.ts';
import type { Clock } from '../time/index.ts';
import type { FrameSocket } from '../wire/index.ts';
import type { Refusal } from './refusal.ts';
import type { SideDoor } from './upgrade.ts';

/** Viewers of one process at most. */
const mostViewers = 100;

/** What somebody who wants to watch shows: the request, and the token it bears in whatever way. */
export interface WatchRequest {
  readonly request: IncomingMessage;
  readonly token: string | undefined;
}

/** Decides who may watch calls, and what they see. */
export type MayWatch = (who: WatchRequest) => Promise<WatchGrant | Refusal>;

/** What the door for viewers is built from. */
export interface WatchDoorOptions {
  readonly hub: WatchHub;
  readonly clock: Clock;
  readonly log: Log;
  readonly mayWatch: MayWatch;
  readonly isStopping: () => boolean;
}

/** Lets viewers of live calls in. */
export class WatchDoor implements SideDoor {
  readonly protocol = watchProtocol;
  readonly #o: WatchDoorOptions;
  readonly #viewers = new Set<SocketViewer>();

  constructor(options: WatchDoorOptions) {
    this.#o = options;
  }

  async decide(request: IncomingMessage): Promise<Refusal | ((socket: FrameSocket) => void)> {
    const { hub, clock, log, mayWatch, isStopping } = this.#o;
    if (isStopping()) return { status: 503, reason: 'the server is stopping' };
    if (!isOwnOrigin(request)) {
      return { status: 403, reason: 'expected a page of this server, found one of another origin' };
    }
    const verdict = await mayWatch({ request, token: tokenOf(request) });
    if ('status' in verdict) return verdict;
    if (this.#viewers.size >= mostViewers) {
      return { status: 503, reason: `expected at most ${mostViewers} viewers, found so many` };
    }
    return (socket) => {
      const viewer = new SocketViewer(socket, {
        hub,
        clock,
        log,
        grant: verdict,
        onGone: () => this.#viewers.delete(viewer),
      });
      this.#viewers.add(viewer);
    };
  }

  /** The server stops. */
  close(): void {
    for (const viewer of [...this.#viewers]) viewer.close(watchCloseCodes.stopping, 'the server is stopping');
  }
}

/** A page of another site must not watch with what its reader may see. */
function isOwnOrigin({ headers }: IncomingMessage): boolean {
  const { origin, host } = headers;
  if (origin === undefined) return true;
  const claimed = headers['x-forwarded-host'];
  const hosts = [host, typeof claimed === 'string' ? claimed.split(',')[0]?.trim() : undefined];
  return URL.canParse(origin) && hosts.includes(new URL(origin).host);
}

/** The token of a viewer: in the header, or for browsers as a second subprotocol. */
function tokenOf({ headers }: IncomingMessage): string | undefined {
  const inHeader = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  const offered = headers['sec-websocket-protocol']?.split(',').map((one) => one.trim()) ?? [];
  return inHeader ?? offered.find((one) => one.startsWith('bearer.'))?.slice('bearer.'.length);
}
