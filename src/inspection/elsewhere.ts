import type { Clock, Timer } from '../time/index.ts';
import { Feed, maySee, type Viewer } from './feed.ts';
import {
  applyListChanges,
  type CallPicture,
  type CallRow,
  type ListPicture,
  noSuchCall,
  type Problem,
  type WatchMessage,
} from './format.ts';
import type { Listed } from './list-feed.ts';
import { goneAfterMs, type OtherProcesses, renewEveryMs } from './other-processes.ts';

/** Longest wait for the process that carries a call to say so, ms. */
const findMs = 2000;

interface Watched {
  readonly peer: number;
  readonly feed: Feed;
}

interface Peer {
  list: ListPicture | undefined;
  heardMs: number;
}

/** Calls of other processes, as far as somebody looks at them from here. Nothing is asked of anybody while nobody does. */
export class Elsewhere {
  readonly #clock: Clock;
  readonly #others: OtherProcesses;
  readonly #peers = new Map<number, Peer>();
  readonly #rows = new Map<string, Listed & { readonly peer: number; readonly text: string }>();
  readonly #watched = new Map<string, Watched>();
  readonly #looking = new Map<string, Set<Viewer>>();
  #wantsList = false;
  #renewing: Timer | undefined;

  constructor(clock: Clock, others: OtherProcesses) {
    this.#clock = clock;
    this.#others = others;
  }

  /** The calls of the others, by their ids. */
  get rows(): ReadonlyMap<string, Listed> {
    return this.#rows;
  }

  /** Whether the list is wanted here. */
  wantList(isWanted: boolean): void {
    if (isWanted === this.#wantsList) return;
    this.#wantsList = isWanted;
    this.#others.ask(isWanted ? { watch: 'calls' } : { unwatch: 'calls' });
    if (isWanted) return this.#renew();
    this.#rows.clear();
    this.#peers.clear();
  }

  /** `viewer` will be told of a call, if another process carries it, or that none does. */
  watchCall(viewer: Viewer, callId: string): void {
    const watched = this.#watched.get(callId);
    if (watched) return this.#join(watched.feed, viewer, callId);
    const looking = this.#looking.get(callId);
    if (looking) {
      looking.add(viewer);
      return;
    }
    const viewers = new Set([viewer]);
    this.#looking.set(callId, viewers);
    this.#others.ask({ watch: 'call', callId });
    this.#renew();
    this.#clock.setTimeout(() => {
      if (this.#looking.get(callId) !== viewers) return;
      this.#looking.delete(callId);
      for (const one of viewers) one.send(JSON.stringify(noSuchCall(callId)));
    }, findMs);
  }

  /** `viewer` does not want a call any more. */
  unwatchCall(viewer: Viewer, callId: string): void {
    this.#looking.get(callId)?.delete(viewer);
    const watched = this.#watched.get(callId);
    if (!watched?.feed.leave(viewer) || watched.feed.size > 0) return;
    this.#watched.delete(callId);
    this.#others.ask({ unwatch: 'call', callId });
  }

  /** How many calls of others `viewer` watches, or wants to. */
  watchedBy(viewer: Viewer): number {
    const watched = [...this.#watched.values()].filter(({ feed }) => feed.has(viewer));
    const looking = [...this.#looking.values()].filter((viewers) => viewers.has(viewer));
    return watched.length + looking.length;
  }

  /** A viewer is gone. */
  leave(viewer: Viewer): void {
    for (const callId of [...this.#looking.keys(), ...this.#watched.keys()]) this.unwatchCall(viewer, callId);
  }

  /** A process answers. */
  told(id: number, text: string): void {
    const peer = this.#peers.get(id) ?? { list: undefined, heardMs: 0 };
    peer.heardMs = this.#clock.nowMs();
    this.#peers.set(id, peer);
    if (text === '') return;
    // it is a process of this very service
    const message: WatchMessage = JSON.parse(text);
    switch (message.type) {
      case 'calls':
        return this.#listed(id, peer, message);
      case 'calls.changes': {
        const list = peer.list && applyListChanges(peer.list, message);
        return list ? this.#listed(id, peer, list) : this.#others.ask({ watch: 'calls' });
      }
      case 'call':
        return this.#found(id, message);
      case 'call.changes': {
        const watched = this.#watched.get(message.callId);
        if (!watched || watched.peer !== id) return;
        if (!watched.feed.follow(message)) this.#others.ask({ watch: 'call', callId: message.callId });
        return;
      }
      case 'call.over':
        return this.#over(message.callId, message.outcome);
      default:
        // that it has no such call is what all but one of them say
        return;
    }
  }

  #join(feed: Feed, viewer: Viewer, callId: string): void {
    const refused: Problem | undefined = maySee(viewer.grant, feed.agent)
      ? feed.refusal(viewer)
      : noSuchCall(callId);
    if (refused) viewer.send(JSON.stringify(refused));
    else feed.join(viewer);
  }

  #found(peer: number, whole: CallPicture & { readonly type: string }): void {
    const { type: _, ...picture } = whole;
    const { callId } = picture;
    const known = this.#watched.get(callId);
    if (known) return known.feed.reset(picture);
    const viewers = this.#looking.get(callId) ?? new Set<Viewer>();
    this.#looking.delete(callId);
    const feed = new Feed(picture);
    this.#watched.set(callId, { peer, feed });
    for (const viewer of viewers) this.#join(feed, viewer, callId);
    if (feed.size > 0) return;
    this.#watched.delete(callId);
    this.#others.ask({ unwatch: 'call', callId });
  }

  #listed(id: number, peer: Peer, list: ListPicture): void {
    if (!this.#wantsList) return;
    peer.list = list;
    const live = new Set(list.calls.map(({ callId }) => callId));
    for (const [callId, row] of this.#rows) {
      if (row.peer === id && !live.has(callId)) this.#rows.delete(callId);
    }
    for (const row of list.calls) this.#keep(id, row);
  }

  #keep(peer: number, row: CallRow): void {
    const known = this.#rows.get(row.callId);
    const text = JSON.stringify(row);
    if (known?.text === text) return;
    this.#rows.set(row.callId, { peer, row, text, revision: (known?.revision ?? 0) + 1 });
  }

  #over(callId: string, outcome: string | undefined): void {
    const watched = this.#watched.get(callId);
    this.#watched.delete(callId);
    watched?.feed.over(outcome);
  }

  /** Says from time to time that somebody still looks, and finds out which processes are gone. */
  #renew(): void {
    this.#renewing ??= this.#clock.setTimeout(() => {
      this.#renewing = undefined;
      if (!this.#wantsList && this.#watched.size === 0 && this.#looking.size === 0) return;
      for (const [id, { heardMs }] of this.#peers) {
        if (this.#clock.nowMs() - heardMs >= goneAfterMs) this.#lost(id);
      }
      this.#others.ask({ here: true });
      this.#renew();
    }, renewEveryMs);
  }

  #lost(id: number): void {
    this.#peers.delete(id);
    for (const [callId, { peer }] of this.#rows) if (peer === id) this.#rows.delete(callId);
    for (const [callId, { peer }] of this.#watched) if (peer === id) this.#over(callId, undefined);
  }
}
