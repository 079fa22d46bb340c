import type { IncomingMessage } from 'node:http';
import { type WatchGrant, watchCloseCodes } from '../inspection/index.ts';
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

/** A viewer's connection, as its door needs it. */
interface OpenViewer {
  close(code: number, reason: string): void;
}

/** What a door for viewers is built from. */
export interface WatchDoorOptions {
  /** The subprotocol. */
  readonly protocol: string;
  readonly mayWatch: MayWatch;
  readonly isStopping: () => boolean;
  /** Serves a viewer; `onGone` is to be told once, when it is gone. */
  readonly open: (
    socket: FrameSocket,
    grant: WatchGrant,
    request: IncomingMessage,
    onGone: () => void,
  ) => OpenViewer;
}

/** Lets viewers of live calls in. */
export class WatchDoor implements SideDoor {
  readonly #o: WatchDoorOptions;
  readonly #viewers = new Set<OpenViewer>();

  constructor(options: WatchDoorOptions) {
    this.#o = options;
  }

  get protocol(): string {
    return this.#o.protocol;
  }

  async decide(request: IncomingMessage): Promise<Refusal | ((socket: FrameSocket) => void)> {
    const { mayWatch, isStopping, open } = this.#o;
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
      const viewer = open(socket, verdict, request, () => this.#viewers.delete(viewer));
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
