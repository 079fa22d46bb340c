import type { Clock, Timer } from '../../time/index.ts';
import { mostSeats, sileroFrameSamples } from './frame-batch.ts';
import type { WaitingFrame } from './frame-queue.ts';
import type { Inference } from './inference.ts';

/** One call's place at the batcher. */
export interface Seat {
  /** The frame to be scored next. */
  readonly next: WaitingFrame | undefined;
  /** Takes the model's score of `next`, which then is the one after it. */
  score(probability: number): void;
  /** Scores all that waits without the model; returns how many frames that were. */
  giveUp(): number;
}

/** When a {@link FrameBatcher} acts; all in milliseconds of its clock. */
export interface BatcherTiming {
  /** Longest wait of a frame for those of other calls. */
  readonly tickMs: number;
  /** Longest wait of a frame for its score; then the level alone decides. */
  readonly lateMs: number;
  /** Longest wait for a run; then the model is given up. */
  readonly silentMs: number;
}

/** A frame is scored within a tick and the run it waits for, and in any case within four frames. */
export const batcherTiming: BatcherTiming = { tickMs: 16, lateMs: 128, silentMs: 5000 };

/** What a {@link FrameBatcher} works with. */
export interface FrameBatcherOptions {
  readonly clock: Clock;
  readonly inference: Inference;
  readonly timing?: Partial<BatcherTiming>;
  /** The model is late: until it answers, levels decide. */
  readonly onLate: () => void;
  /** The model is gone: levels decide from now on; told once. */
  readonly onLost: (reason: string) => void;
}

/** What a {@link FrameBatcher} has counted. */
export interface BatcherCounts {
  readonly seats: number;
  readonly runs: number;
  /** Frames that the model scored. */
  readonly frames: number;
  /** Frames scored by level alone because the model was late or gone. */
  readonly framesByLevel: number;
  /** How often the model was late. */
  readonly lateStretches: number;
}

interface Place {
  readonly id: number;
  /** What the model remembers under this id is another call's, or misses frames. */
  isFresh: boolean;
  isWaiting: boolean;
  /** No frame of it is waited for. */
  isResting: boolean;
}

/**
 * Gathers the frames of all calls of the process and has the model score them in as few runs as the tick allows.
 *
 * A run begins when every seat has a frame, or a tick after the first frame that waits, or as soon as the run before it is
 * over. A seat has at most one frame in a run, because each frame's score depends on the one before it.
 */
export class FrameBatcher {
  readonly #clock: Clock;
  readonly #inference: Inference;
  readonly #timing: BatcherTiming;
  readonly #onLate: () => void;
  readonly #onLost: (reason: string) => void;
  readonly #seats = new Map<Seat, Place>();
  readonly #freeIds: number[] = [];
  readonly #rows: (Seat | undefined)[] = [];
  #state: 'idle' | 'gathering' | 'running' | 'late' | 'lost' = 'idle';
  #timer: Timer | undefined;
  #waiting = 0;
  #resting = 0;
  #runs = 0;
  #frames = 0;
  #framesByLevel = 0;
  #lateStretches = 0;

  constructor({ clock, inference, timing, onLate, onLost }: FrameBatcherOptions) {
    this.#clock = clock;
    this.#inference = inference;
    this.#timing = { ...batcherTiming, ...timing };
    this.#onLate = onLate;
    this.#onLost = onLost;
  }

  get nowMs(): number {
    return this.#clock.nowMs();
  }

  /** False while the model is late or gone: a frame that comes then must not wait. */
  get isAnswering(): boolean {
    return this.#state !== 'late' && this.#state !== 'lost';
  }

  get isLost(): boolean {
    return this.#state === 'lost';
  }

  get counts(): BatcherCounts {
    return {
      seats: this.#seats.size,
      runs: this.#runs,
      frames: this.#frames,
      framesByLevel: this.#framesByLevel,
      lateStretches: this.#lateStretches,
    };
  }

  /** Ends it: from now on levels decide. */
  stop(): void {
    if (this.#state === 'lost') return;
    this.#clock.clearTimeout(this.#timer);
    this.#state = 'lost';
    this.#giveUpAll();
  }

  /** Takes a call in, whose memory begins anew; false when all 1024 seats are taken. */
  open(seat: Seat): boolean {
    if (this.#seats.size >= mostSeats) return false;
    const id = this.#freeIds.pop() ?? this.#seats.size;
    this.#seats.set(seat, { id, isFresh: true, isWaiting: false, isResting: false });
    return true;
  }

  close(seat: Seat): void {
    const place = this.#seats.get(seat);
    if (!place) return;
    this.#forget(seat);
    this.#note(place, false);
    this.#setResting(place, false);
    this.#seats.delete(seat);
    this.#freeIds.push(place.id);
  }

  /** Tells that `seat` has a frame that waits where none did; only while the model {@link isAnswering}. */
  arrived(seat: Seat): void {
    const place = this.#seats.get(seat);
    if (!place) return;
    this.#note(place, true);
    this.#setResting(place, false);
    if (this.#state === 'idle') this.#gather();
    else if (this.#state === 'gathering' && this.#isComplete()) this.#run();
  }

  /** Scores what `seat` has waiting by level alone: it had no room for more. */
  overflowed(seat: Seat): void {
    this.#forget(seat);
    this.#giveUp(seat);
  }

  /** Frames of `seat` are left out: its memory begins anew with the next. */
  rest(seat: Seat): void {
    const place = this.#seats.get(seat);
    if (!place) return;
    place.isFresh = true;
    this.#setResting(place, true);
  }

  /** Notes a frame that was scored by level alone without having waited. */
  countByLevel(): void {
    this.#framesByLevel += 1;
  }

  #gather(): void {
    if (this.#waiting === 0) return;
    let firstMs = this.nowMs;
    for (const { next } of this.#seats.keys()) if (next && next.arrivedMs < firstMs) firstMs = next.arrivedMs;
    const waitMs = firstMs + this.#timing.tickMs - this.nowMs;
    if (waitMs <= 0 || this.#isComplete()) this.#run();
    else {
      this.#state = 'gathering';
      this.#timer = this.#clock.setTimeout(() => this.#run(), waitMs);
    }
  }

  #isComplete(): boolean {
    return this.#waiting >= this.#seats.size - this.#resting;
  }

  #setResting(place: Place, isResting: boolean): void {
    if (place.isResting === isResting) return;
    place.isResting = isResting;
    this.#resting += isResting ? 1 : -1;
  }

  #note(place: Place, isWaiting: boolean): void {
    if (place.isWaiting === isWaiting) return;
    place.isWaiting = isWaiting;
    this.#waiting += isWaiting ? 1 : -1;
  }

  #run(): void {
    this.#clock.clearTimeout(this.#timer);
    const { samples, seats, isFirst } = this.#inference.batch;
    let firstMs = this.nowMs;
    let row = 0;
    for (const [seat, place] of this.#seats) {
      const { next } = seat;
      if (!next) continue;
      samples.set(next.samples, row * sileroFrameSamples);
      seats[row] = place.id;
      isFirst[row] = place.isFresh ? 1 : 0;
      place.isFresh = false;
      firstMs = Math.min(firstMs, next.arrivedMs);
      this.#rows[row] = seat;
      row += 1;
    }
    this.#rows.length = row;
    this.#state = 'idle';
    if (row === 0) return;
    this.#state = 'running';
    this.#runs += 1;
    const run = this.#runs;
    this.#timer = this.#clock.setTimeout(
      () => this.#suspect(run),
      firstMs + this.#timing.lateMs - this.nowMs,
    );
    this.#inference.run(row, (failure) => this.#finish(failure));
  }

  /** The scores may be there already, behind other input, when this thread itself was held up. */
  #suspect(run: number): void {
    this.#clock.yield(() => {
      if (this.#state === 'running' && this.#runs === run) this.#fallBack();
    });
  }

  #fallBack(): void {
    this.#state = 'late';
    this.#lateStretches += 1;
    this.#giveUpAll();
    this.#timer = this.#clock.setTimeout(
      () => this.#lose(`no scores for ${this.#timing.silentMs} ms`),
      this.#timing.silentMs,
    );
    this.#onLate();
  }

  #finish(failure: string | undefined): void {
    if (this.#state === 'lost') return;
    this.#clock.clearTimeout(this.#timer);
    if (failure !== undefined) {
      this.#lose(failure);
      return;
    }
    if (this.#state === 'running') this.#settle();
    this.#state = 'idle';
    this.#gather();
  }

  #settle(): void {
    const { scores } = this.#inference.batch;
    for (let row = 0; row < this.#rows.length; row += 1) {
      const seat = this.#rows[row];
      if (!seat) continue;
      this.#rows[row] = undefined;
      this.#frames += 1;
      seat.score(scores[row] ?? 0);
      const place = this.#seats.get(seat);
      if (place) this.#note(place, seat.next !== undefined);
    }
  }

  #lose(reason: string): void {
    this.stop();
    this.#onLost(reason);
    void this.#inference.close();
  }

  #giveUpAll(): void {
    this.#rows.length = 0;
    for (const seat of [...this.#seats.keys()]) this.#giveUp(seat);
  }

  #giveUp(seat: Seat): void {
    const place = this.#seats.get(seat);
    if (!place) return;
    place.isFresh = true;
    this.#note(place, false);
    this.#framesByLevel += seat.giveUp();
  }

  /** The scores of a run that goes on are not for `seat`. */
  #forget(seat: Seat): void {
    const row = this.#rows.indexOf(seat);
    if (row >= 0) this.#rows[row] = undefined;
  }
}
