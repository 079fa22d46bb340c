import type { Clock } from '../time/index.ts';
import type { Viewer } from './feed.ts';
import { goneAfterMs, type OtherProcesses, type PeerQuestion } from './other-processes.ts';

/** What another process may do with the calls of this one. */
interface Watchable {
  watchCalls(viewer: Viewer): void;
  unwatchCalls(viewer: Viewer): void;
  watchHere(viewer: Viewer, callId: string): void;
  unwatchCall(viewer: Viewer, callId: string): void;
  leave(viewer: Viewer): void;
}

interface Peer {
  readonly viewer: Viewer;
  heardMs: number;
}

/** The other processes as viewers of the calls of this one: they see all of it, and leave out what their viewers may not. */
export class PeerViewers {
  readonly #clock: Clock;
  readonly #others: OtherProcesses;
  readonly #hub: Watchable;
  readonly #peers = new Map<number, Peer>();

  constructor(clock: Clock, others: OtherProcesses, hub: Watchable) {
    this.#clock = clock;
    this.#others = others;
    this.#hub = hub;
  }

  /** A process asks. */
  asked(id: number, question: PeerQuestion): void {
    const peer = this.#peers.get(id) ?? this.#meet(id);
    peer.heardMs = this.#clock.nowMs();
    if ('here' in question) return this.#others.tell(id, '');
    if ('watch' in question) {
      if (question.watch === 'calls') this.#hub.watchCalls(peer.viewer);
      else this.#hub.watchHere(peer.viewer, question.callId);
    } else if (question.unwatch === 'calls') this.#hub.unwatchCalls(peer.viewer);
    else this.#hub.unwatchCall(peer.viewer, question.callId);
  }

  /** Lets go of processes that are gone. */
  sweep(): void {
    for (const [id, { viewer, heardMs }] of this.#peers) {
      if (this.#clock.nowMs() - heardMs < goneAfterMs) continue;
      this.#peers.delete(id);
      this.#hub.leave(viewer);
    }
  }

  #meet(id: number): Peer {
    const viewer: Viewer = {
      grant: { personal: true },
      isPeer: true,
      send: (message) => this.#others.tell(id, message),
    };
    const peer = { viewer, heardMs: this.#clock.nowMs() };
    this.#peers.set(id, peer);
    return peer;
  }
}
