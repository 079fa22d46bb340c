import { maySee, rowFor, type Viewer } from './feed.ts';
import type { CallRow, ListChanges, ListPicture } from './format.ts';

/** A call that stands in the list; its row is asked for only when `revision` has grown. */
export interface Listed {
  readonly revision: number;
  readonly row: CallRow;
  /** The process that carries it; undefined for this one. Other processes are told of the calls of this one only. */
  readonly peer?: number | undefined;
}

/** The list of live calls, and who watches it. */
export class ListFeed {
  readonly #calls: () => ReadonlyMap<string, Listed>;
  readonly #viewers = new Set<Viewer>();
  /** What viewers know: the revision of each row, and whose it is. */
  readonly #known = new Map<
    string,
    { readonly revision: number; readonly agent: string; readonly peer: number | undefined }
  >();
  #seq = 0;

  constructor(calls: () => ReadonlyMap<string, Listed>) {
    this.#calls = calls;
  }

  get size(): number {
    return this.#viewers.size;
  }

  /** Whether anybody but other processes looks. */
  get hasViewers(): boolean {
    return [...this.#viewers].some(({ isPeer }) => !isPeer);
  }

  /** A viewer joins, or asks again, and is sent the whole list. */
  join(viewer: Viewer): void {
    // the others learn of what is new too, so that the number means the same list to all
    this.tick();
    this.#viewers.add(viewer);
    const rows = [...this.#calls().values()].filter(({ peer }) => !viewer.isPeer || peer === undefined);
    const calls = rows.map(({ row }) => row).filter(({ agent }) => maySee(viewer.grant, agent));
    const list: ListPicture = {
      type: 'calls',
      seq: this.#seq,
      calls: calls.map((row) => rowFor(viewer.grant, row)),
    };
    viewer.send(JSON.stringify(list));
  }

  /** A viewer leaves; false when it did not watch. */
  leave(viewer: Viewer): boolean {
    return this.#viewers.delete(viewer);
  }

  /** Tells what is new. */
  tick(): void {
    const live = this.#calls();
    const news: Listed[] = [];
    for (const [callId, listed] of live) {
      if (isSame(this.#known.get(callId), listed)) continue;
      const { row, revision } = listed;
      this.#known.set(callId, { revision, agent: row.agent, peer: listed.peer });
      news.push(listed);
    }
    const gone = [...this.#known].filter(([callId]) => !live.has(callId));
    for (const [callId] of gone) this.#known.delete(callId);
    if (news.length === 0 && gone.length === 0) return;
    this.#seq += 1;
    for (const viewer of [...this.#viewers]) {
      const { grant, isPeer } = viewer;
      const isTold = (agent: string, peer: number | undefined): boolean =>
        maySee(grant, agent) && (!isPeer || peer === undefined);
      const changes: ListChanges = {
        type: 'calls.changes',
        seq: this.#seq,
        calls: news.filter(({ row, peer }) => isTold(row.agent, peer)).map(({ row }) => rowFor(grant, row)),
        gone: gone.filter(([, { agent, peer }]) => isTold(agent, peer)).map(([callId]) => callId),
      };
      viewer.send(JSON.stringify(changes));
    }
  }
}

/** Rows of two processes are numbered apart. */
function isSame(known: Pick<Listed, 'revision' | 'peer'> | undefined, { revision, peer }: Listed): boolean {
  return known?.revision === revision && known.peer === peer;
}
