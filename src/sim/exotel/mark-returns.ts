import type { Chance, Timer } from '../../time/index.ts';
import type { CallTime } from './call-time.ts';
import type { Note } from './caller-events.ts';
import type { Cleared, PlayoutQueue } from './playout-queue.ts';
import type { ExotelProfile } from './profile.ts';

/** Sends marks back when the audio before them has played; loses, delays or drops them as the profile says. */
export class MarkReturns {
  readonly #time: CallTime;
  readonly #chance: Chance;
  readonly #profile: ExotelProfile;
  readonly #queue: PlayoutQueue;
  readonly #send: (name: string) => void;
  readonly #note: Note;
  #timer: Timer | undefined;

  constructor(
    queue: PlayoutQueue,
    options: {
      readonly time: CallTime;
      readonly chance: Chance;
      readonly profile: ExotelProfile;
      readonly returnMark: (name: string) => void;
      readonly note: Note;
    },
  ) {
    this.#queue = queue;
    this.#time = options.time;
    this.#chance = options.chance;
    this.#profile = options.profile;
    this.#send = options.returnMark;
    this.#note = options.note;
  }

  /** Returns what has played, and wakes up for the next mark. */
  returnPlayed(): void {
    for (const { name } of this.#queue.takePlayedMarks(this.#time.nowSample))
      this.#return(name, this.#time.nowMs);
    this.#time.clock.clearTimeout(this.#timer);
    const next = this.#queue.nextMarkSample;
    if (next !== undefined) this.#timer = this.#time.at(this.#time.toMs(next), () => this.returnPlayed());
  }

  /** Deals with the marks of audio that a `clear` has dropped; Exotel documents nothing here. */
  returnCleared(marks: Cleared['marks']): void {
    const { marksOnClear } = this.#profile;
    if (marksOnClear === 'dropped') return;
    for (const { name, atSample } of marks) {
      this.#return(name, marksOnClear === 'returned' ? this.#time.nowMs : this.#time.toMs(atSample));
    }
  }

  #return(name: string, atMs: number): void {
    const { markLossRate, markDelayMs } = this.#profile;
    if (markLossRate > 0 && this.#chance.next() < markLossRate) {
      this.#note('markLost', name);
      return;
    }
    const dueMs = atMs + markDelayMs;
    if (dueMs <= this.#time.nowMs) this.#sendNow(name);
    else this.#time.at(dueMs, () => this.#sendNow(name));
  }

  #sendNow(name: string): void {
    this.#send(name);
    this.#note('markReturned', name);
  }
}
