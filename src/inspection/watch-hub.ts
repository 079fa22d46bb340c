import type { Agent } from '../agents/index.ts';
import type { CallObserver, CallSummary } from '../call/index.ts';
import { redactor } from '../records/index.ts';
import type { Clock, Timer } from '../time/index.ts';
import { CallNotes } from './call-notes.ts';
import { CallSource, type WatchableCall } from './call-source.ts';
import { Elsewhere } from './elsewhere.ts';
import { Feed, maySee, type Viewer } from './feed.ts';
import { type CallRow, noSuchCall } from './format.ts';
import { type Listed, ListFeed } from './list-feed.ts';
import type { OtherProcesses } from './other-processes.ts';
import { PeerViewers } from './peer-viewers.ts';

/** How long happenings are gathered before they are told, ms; the list is told every second time. */
const batchMs = 100;

/** What a hub is built from. */
export interface WatchHubOptions {
  readonly clock: Clock;
  /** A live call of this process. */
  readonly callOf: (callId: string) => WatchableCall | undefined;
  /** The other processes of the service, whose calls are shown too; none without it. */
  readonly others?: OtherProcesses | undefined;
}

interface Known {
  readonly agent: Agent;
  readonly notes: CallNotes;
  watched: { readonly source: CallSource; readonly feed: Feed } | undefined;
}

/** The live calls of this process, and everybody who looks at them. Without viewers it does nothing but keep notes. */
export class WatchHub {
  readonly #o: WatchHubOptions;
  readonly #calls = new Map<string, Known>();
  readonly #list: ListFeed;
  readonly #elsewhere: Elsewhere | undefined;
  readonly #peers: PeerViewers | undefined;
  #timer: Timer | undefined;
  #ticks = 0;

  constructor(options: WatchHubOptions) {
    this.#o = options;
    const { clock, others } = options;
    const elsewhere = others && new Elsewhere(clock, others);
    const peers = others && new PeerViewers(clock, others, this);
    this.#elsewhere = elsewhere;
    this.#peers = peers;
    this.#list = new ListFeed(
      () =>
        new Map<string, Listed>([
          ...[...this.#calls].map(([id, { notes }]) => [id, notes] as const),
          ...(elsewhere?.rows ?? []),
        ]),
    );
    others?.listen({
      asked: (peer, question) => peers?.asked(peer, question),
      told: (peer, message) => elsewhere?.told(peer, message),
    });
  }

  /** The ids of the live calls, in the order in which they came. */
  get live(): Iterable<string> {
    return this.#calls.keys();
  }

  /** Calls to which something is attached because somebody watches them. */
  get watched(): number {
    return [...this.#calls.values()].filter(({ watched }) => watched).length;
  }

  /** The live calls in a line each, with whole numbers, in the order in which they came. */
  get rows(): CallRow[] {
    return [...this.#calls.values()].map(({ notes }) => notes.row);
  }

  /** What keeps the notes of a call; to be among its observers from the beginning. */
  follow(callId: string, agent: Agent): CallObserver {
    const over = (summary: CallSummary): void => this.#over(callId, summary.outcome);
    const notes = new CallNotes(callId, agent.name, this.#o.clock.wallMs(), over);
    this.#calls.set(callId, { agent, notes, watched: undefined });
    return notes;
  }

  /** A call that could not be built. */
  forget(callId: string): void {
    this.#over(callId, undefined);
  }

  /** `viewer` is sent the list of calls, and what changes in it. */
  watchCalls(viewer: Viewer): void {
    this.#list.join(viewer);
    this.#elsewhere?.wantList(this.#list.hasViewers);
    this.#run();
  }

  unwatchCalls(viewer: Viewer): void {
    this.#list.leave(viewer);
    this.#elsewhere?.wantList(this.#list.hasViewers);
  }

  /** `viewer` is sent the whole of a call, and what changes in it; or is told why not. */
  watchCall(viewer: Viewer, callId: string): void {
    if (this.#elsewhere && !this.#calls.has(callId)) this.#elsewhere.watchCall(viewer, callId);
    else this.watchHere(viewer, callId);
  }

  /** {@link watchCall}, for a call of this process. */
  watchHere(viewer: Viewer, callId: string): void {
    const known = this.#calls.get(callId);
    const call = known && this.#o.callOf(callId);
    if (!known || !call || !maySee(viewer.grant, known.agent.name)) {
      return viewer.send(JSON.stringify(noSuchCall(callId)));
    }
    known.watched ??= this.#attach(callId, known, call);
    const { feed } = known.watched;
    const refusal = feed.refusal(viewer);
    if (refusal) return viewer.send(JSON.stringify(refusal));
    feed.join(viewer);
    this.#run();
  }

  unwatchCall(viewer: Viewer, callId: string): void {
    this.#elsewhere?.unwatchCall(viewer, callId);
    const known = this.#calls.get(callId);
    if (known?.watched?.feed.leave(viewer) && known.watched.feed.size === 0) this.#detach(known);
  }

  /** How many calls `viewer` watches. */
  watchedBy(viewer: Viewer): number {
    const here = [...this.#calls.values()].filter(({ watched }) => watched?.feed.has(viewer)).length;
    return here + (this.#elsewhere?.watchedBy(viewer) ?? 0);
  }

  /** A viewer is gone. */
  leave(viewer: Viewer): void {
    this.unwatchCalls(viewer);
    this.#elsewhere?.leave(viewer);
    for (const callId of [...this.#calls.keys()]) this.unwatchCall(viewer, callId);
  }

  #attach(callId: string, { agent, notes }: Known, call: WatchableCall): NonNullable<Known['watched']> {
    const { redactNumbers, redact: patterns, transcript } = agent.records;
    const redact = redactor({ numbers: redactNumbers, patterns });
    const source = new CallSource({ call, notes, redact, hasTranscript: transcript });
    return { source, feed: new Feed(source.whole(callId, 0)) };
  }

  #detach(known: Known): void {
    known.watched?.source.end();
    known.watched = undefined;
  }

  #over(callId: string, outcome: string | undefined): void {
    const known = this.#calls.get(callId);
    if (!known) return;
    this.#calls.delete(callId);
    const { watched } = known;
    if (!watched) return;
    const last = watched.source.batch();
    if (last) watched.feed.push(last);
    watched.feed.over(outcome);
    this.#detach(known);
  }

  /** Ticks as long as anybody looks. */
  #run(): void {
    this.#timer ??= this.#o.clock.setTimeout(() => this.#tick(), batchMs);
  }

  #tick(): void {
    this.#timer = undefined;
    this.#ticks += 1;
    this.#peers?.sweep();
    let isLookedAt = this.#list.size > 0;
    if (isLookedAt && this.#ticks % 2 === 0) this.#list.tick();
    for (const { watched } of [...this.#calls.values()]) {
      if (!watched) continue;
      isLookedAt = true;
      const batch = watched.source.batch();
      if (batch) watched.feed.push(batch);
    }
    if (isLookedAt) this.#run();
  }
}
