import type { FastifyInstance } from 'fastify';
import type { Agent } from '../agents/index.ts';
import type { CallObserver, CallRegistry } from '../call/index.ts';
import {
  bridgePage,
  bridgePath,
  bridgePolicy,
  bridgeProtocol,
  bridgeSocketPath,
  type OtherProcesses,
  SocketViewer,
  StatelyRelay,
  WatchHub,
  watchPath,
  watchProtocol,
} from '../inspection/index.ts';
import type { Log } from '../observe/index.ts';
import type { Clock } from '../time/index.ts';
import { isFromHere } from './from-here.ts';
import type { SideDoor } from './upgrade.ts';
import { type MayWatch, WatchDoor } from './watch-door.ts';

/** What live calls are looked at with. */
export interface ViewingOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly calls: CallRegistry;
  readonly isStopping: () => boolean;
  /** The other processes of the service. */
  readonly others: OtherProcesses | undefined;
  readonly mayWatch: MayWatch;
  /** Whether there is a token by which whoever may watch is known; without one only this machine may. */
  readonly hasTokens: () => boolean;
  /** Whether there is a page with Stately's inspector. */
  readonly withStately: boolean;
}

/** The ways in which live calls can be looked at. */
export class Viewing {
  readonly hub: WatchHub;
  readonly #relay: StatelyRelay | undefined;
  readonly #doors: ReadonlyMap<string, WatchDoor>;
  readonly #hasTokens: () => boolean;

  constructor({ clock, log, calls, others, isStopping, mayWatch, hasTokens, withStately }: ViewingOptions) {
    const callOf = (callId: string) => calls.get(callId);
    const hub = new WatchHub({ clock, callOf, others });
    const relay = withStately ? new StatelyRelay({ clock, log, callOf }) : undefined;
    const watching = new WatchDoor({
      protocol: watchProtocol,
      mayWatch,
      isStopping,
      open: (socket, grant, _, onGone) => new SocketViewer(socket, { hub, clock, log, grant, onGone }),
    });
    const inspecting =
      relay &&
      new WatchDoor({
        protocol: bridgeProtocol,
        mayWatch,
        isStopping,
        open: (socket, grant, { url }, onGone) => relay.join(socket, grant, callOfAddress(url), onGone),
      });
    this.hub = hub;
    this.#hasTokens = hasTokens;
    this.#relay = relay;
    this.#doors = new Map([
      [watchPath, watching] as const,
      ...(inspecting ? [[bridgeSocketPath, inspecting] as const] : []),
    ]);
  }

  /** The ways in for WebSockets, by their paths. */
  get doors(): ReadonlyMap<string, SideDoor> {
    return this.#doors;
  }

  /** What keeps a call in view; to be among its observers from the beginning. */
  follow(callId: string, agent: Agent): CallObserver[] {
    const { hub } = this;
    return [hub.follow(callId, agent), ...(this.#relay ? [this.#relay.follow(callId, agent.name)] : [])];
  }

  /** A call that could not be built. */
  forget(callId: string): void {
    this.hub.forget(callId);
    this.#relay?.forget(callId);
  }

  /** Opens the page around Stately's inspector, where it is wanted. */
  serve(http: FastifyInstance): void {
    if (!this.#relay) return;
    http.get(bridgePath, async (request, reply) => {
      if (!this.#hasTokens() && !isFromHere(request)) {
        reply.code(403).type('text/plain; charset=utf-8');
        return 'without a token of the API calls are inspected from this machine only\n';
      }
      reply.header('content-security-policy', bridgePolicy);
      reply.header('referrer-policy', 'no-referrer');
      reply.header('x-content-type-options', 'nosniff');
      reply.type('text/html; charset=utf-8');
      return bridgePage;
    });
  }

  /** The server stops: nobody watches any more. */
  close(): void {
    for (const door of this.#doors.values()) door.close();
  }
}

function callOfAddress(url: string | undefined): string | undefined {
  return new URL(url ?? '', 'http://here').searchParams.get('call') || undefined;
}
