import { maySee, rowFor, type Viewer } from './feed.ts';
import type { CallRow, ListChanges, ListPicture } from './format.ts';

/** A call that stands in the list; its row is asked for only when `revision` has grown. */
export interface Listed {
  readonly revision: number;
  readonly row: CallRow;
}

/** The list of live calls, and who watches it. */
export class ListFeed {
  readonly #calls: () => ReadonlyMap<string, Listed>;
  readonly #viewers = new Set<Viewer>();
  /** What viewers know: the revision of each row, and whose it is. */
  readonly #known = new Map<string, { readonly revision: number; readonly agent: string }>();
  #seq = 0;

  constructor(calls: () => ReadonlyMap<string, Listed>) {
    this.#calls = calls;
  }

  get size(): number {
    return this.#viewers.size;
  }

  /** A viewer joins, or asks again, and is sent the whole list. */
  join(viewer: Viewer): void {
    // the others learn of what is new too, so that the number means the same list to all
    this.tick();
    this.#viewers.add(viewer);
    const rows = [...this.#calls().values()].map(({ row }) => row);
    const calls = rows.filter(({ agent }) => maySee(viewer.grant, agent));
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
    const rows: CallRow[] = [];
    for (const [callId, listed] of live) {
      if (this.#known.get(callId)?.revision === listed.revision) continue;
      const { row, revision } = listed;
      this.#known.set(callId, { revision, agent: row.agent });
      rows.push(row);
    }
    const gone = [...this.#known].filter(([callId]) => !live.has(callId));
    for (const [callId] of gone) this.#known.delete(callId);
    if (rows.length === 0 && gone.length === 0) return;
    this.#seq += 1;
    for (const viewer of [...this.#viewers]) {
      const { grant } = viewer;
      const changes: ListChanges = {
        type: 'calls.changes',
        seq: this.#seq,
        calls: rows.filter(({ agent }) => maySee(grant, agent)).map((row) => rowFor(grant, row)),
        gone: gone.filter(([, { agent }]) => maySee(grant, agent)).map(([callId]) => callId),
      };
      viewer.send(JSON.stringify(changes));
    }
  }
}
