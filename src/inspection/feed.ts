import type { Batch } from './call-source.ts';
import {
  applyCallChanges,
  type CallChanges,
  type CallOver,
  type CallPicture,
  type CallRow,
  type CallWhole,
  type Problem,
} from './format.ts';
import { LevelTail } from './level-meter.ts';
import { maskNumber } from './mask.ts';

/** What a viewer may see. */
export interface WatchGrant {
  /** The agents whose calls it may watch; undefined: all. */
  readonly agents?: ReadonlySet<string> | undefined;
  /** Whether it may have personal data: whole numbers, and what is said. */
  readonly personal: boolean;
}

/** Somebody who watches; messages are JSON. */
export interface Viewer {
  readonly grant: WatchGrant;
  /** Whether it is another process of the service, which has viewers of its own. */
  readonly isPeer?: boolean;
  send(message: string): void;
}

/** Viewers of one call at most. */
const mostViewersOfCall = 20;

/** Whether a viewer may know of an agent's calls. */
export function maySee({ agents }: WatchGrant, agent: string): boolean {
  return agents === undefined || agents.has(agent);
}

/** A row as a viewer may have it. */
export function rowFor({ personal }: WatchGrant, row: CallRow): CallRow {
  return personal || row.caller === undefined ? row : { ...row, caller: maskNumber(row.caller) };
}

/**
 * The picture of one watched call, and who watches it. Each batch is turned into JSON once for all who may have personal data
 * and once for all others.
 *
 * Invariant: a viewer that joins is sent the very picture that the others have put together of what they were sent.
 */
export class Feed {
  readonly #viewers = new Set<Viewer>();
  /** Without the levels that came since it began: they are many, and kept apart. */
  #picture: CallPicture;
  #caller: LevelTail;
  #agent: LevelTail;

  constructor(picture: CallPicture) {
    this.#picture = picture;
    this.#caller = new LevelTail(picture.levels.caller);
    this.#agent = new LevelTail(picture.levels.agent);
  }

  get agent(): string {
    return this.#picture.row.agent;
  }

  get size(): number {
    return this.#viewers.size;
  }

  has(viewer: Viewer): boolean {
    return this.#viewers.has(viewer);
  }

  /** Why a viewer cannot join, if it cannot. */
  refusal(viewer: Viewer): Problem | undefined {
    if (this.#viewers.size < mostViewersOfCall || this.#viewers.has(viewer)) return undefined;
    const message = `expected at most ${mostViewersOfCall} viewers of one call, found so many`;
    return { type: 'problem', code: 'watch.too-many', message, callId: this.#picture.callId };
  }

  /** A viewer joins, or asks again, and is sent the whole picture. */
  join(viewer: Viewer): void {
    this.#viewers.add(viewer);
    this.#show(viewer);
  }

  /** Something before this was missed: everybody is sent the whole picture anew. */
  reset(picture: CallPicture): void {
    this.#picture = picture;
    this.#caller = new LevelTail(picture.levels.caller);
    this.#agent = new LevelTail(picture.levels.agent);
    for (const viewer of [...this.#viewers]) this.#show(viewer);
  }

  #show(viewer: Viewer): void {
    const { personal } = viewer.grant;
    const levels = { caller: this.#caller.levels, agent: this.#agent.levels };
    const whole: CallWhole = { type: 'call', ...this.#picture, levels };
    viewer.send(JSON.stringify(personal ? whole : { ...whole, ...impersonal(viewer.grant, whole) }));
  }

  /** A viewer leaves; false when it did not watch. */
  leave(viewer: Viewer): boolean {
    return this.#viewers.delete(viewer);
  }

  /** Something has happened. */
  push(batch: Batch): void {
    const { callId, seq } = this.#picture;
    this.follow({ type: 'call.changes', callId, seq: seq + 1, ...batch });
  }

  /** Something has happened that bears a number already; false when something before it is missing. */
  follow(changes: CallChanges): boolean {
    const { levels, ...others } = changes;
    const picture = applyCallChanges(this.#picture, others);
    if (!picture) return false;
    this.#picture = picture;
    if (levels) {
      this.#caller.add(levels.caller);
      this.#agent.add(levels.agent);
    }
    this.#send((viewer) => {
      if (viewer.grant.personal) return changes;
      const { lines: _, words: __, ...rest } = changes;
      return rest.row ? { ...rest, row: rowFor(viewer.grant, rest.row) } : rest;
    });
    return true;
  }

  /** The call is over, or lost. */
  over(outcome: string | undefined): void {
    const { callId, seq } = this.#picture;
    const over: CallOver = { type: 'call.over', callId, seq: seq + 1, outcome };
    this.#send(() => over);
    this.#viewers.clear();
  }

  #send(messageFor: (viewer: Viewer) => object): void {
    const texts = new Map<boolean, string>();
    for (const viewer of [...this.#viewers]) {
      const { personal } = viewer.grant;
      const text = texts.get(personal) ?? JSON.stringify(messageFor(viewer));
      texts.set(personal, text);
      viewer.send(text);
    }
  }
}

function impersonal(grant: WatchGrant, { row }: CallPicture): Pick<CallPicture, 'row' | 'lines' | 'words'> {
  return { row: rowFor(grant, row), lines: [], words: { caller: '', agent: '' } };
}
