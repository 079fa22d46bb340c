import type { Clock, Timer } from '../time/index.ts';

const PERIOD_MS = 20;
const SLOT_MS = 5;
const SLOTS = PERIOD_MS / SLOT_MS;
/** A slot later than this is skipped and counted: catching up in a burst would starve the sockets. */
const SKIP_AFTER_MS = 5 * PERIOD_MS;

/** How late a slot must be to run ahead of its timer: timers themselves are up to 1 ms late. */
const OVERDUE_MS = 2;

/** One call on the wheel. */
interface Member {
  readonly tick: () => void;
  readonly failed: (error: unknown) => void;
}

/** How late the shared clock has been, for metrics and admission. */
export interface LatenessSample {
  readonly latenessMs: number;
  readonly skippedSlots: number;
}

/**
 * One 20 ms clock for all calls of a process: a wheel of 5 ms slots with absolute deadlines, so that calls are spread over
 * the period and the rate does not drift.
 *
 * Invariant: a slot runs at most once a timer or `catchUp`, so that what has piled up never leaves in a burst.
 */
export class SharedPlayoutClock {
  readonly #clock: Clock;
  readonly #onSlot: ((sample: LatenessSample) => void) | undefined;
  readonly #slots: Set<Member>[] = Array.from({ length: SLOTS }, () => new Set());
  #members = 0;
  #joined = 0;
  #originMs = 0;
  #slot = 0;
  #timer: Timer | undefined;
  /** When the last slot was done, and how long it took, ms. */
  #doneMs = 0;
  #tookMs = 0;

  constructor(clock: Clock, onSlot?: (sample: LatenessSample) => void) {
    this.#clock = clock;
    this.#onSlot = onSlot;
  }

  /** Number of calls that are being fed now. */
  get members(): number {
    return this.#members;
  }

  /**
   * Calls `tick` every 20 ms on a fixed phase until the returned function is called.
   * What it throws is told to `failed` and does not keep the others waiting.
   */
  join(tick: () => void, failed: (error: unknown) => void): () => void {
    const member = { tick, failed };
    const phase = this.#joined % SLOTS;
    const slot = this.#slots[phase];
    this.#joined += 1;
    slot?.add(member);
    this.#members += 1;
    if (this.#members === 1) {
      this.#originMs = this.#clock.nowMs();
      this.#slot = 0;
      this.#arm();
    } else this.#bringForward(phase);
    return () => {
      if (!slot?.delete(member)) return;
      this.#members -= 1;
      if (this.#members === 0) {
        this.#clock.clearTimeout(this.#timer);
        this.#timer = undefined;
      }
    };
  }

  /**
   * Runs a slot that is overdue: told between the frames of a busy process, whose timers wait until all that has come in is
   * read. Cheap where nothing is overdue. Slots that take long do not starve the sockets: what comes in is read for as long
   * as the last slot took.
   */
  catchUp(): void {
    if (!this.#timer) return;
    const nowMs = this.#clock.nowMs();
    if (nowMs < this.#dueMs + OVERDUE_MS || nowMs < this.#doneMs + this.#tookMs) return;
    this.#clock.clearTimeout(this.#timer);
    this.#run();
  }

  get #dueMs(): number {
    return this.#originMs + this.#slot * SLOT_MS;
  }

  #arm(): void {
    do this.#slot += 1;
    while (this.#slots[this.#slot % SLOTS]?.size === 0);
    this.#wait();
  }

  /** A call that joins on a phase nobody was on does not wait for a slot behind its own. */
  #bringForward(phase: number): void {
    if (!this.#timer) return;
    const passed = Math.floor((this.#clock.nowMs() - this.#originMs) / SLOT_MS);
    const next = passed + 1 + ((((phase - passed - 1) % SLOTS) + SLOTS) % SLOTS);
    if (next >= this.#slot) return;
    this.#clock.clearTimeout(this.#timer);
    this.#slot = next;
    this.#wait();
  }

  #wait(): void {
    const waitMs = this.#dueMs - this.#clock.nowMs();
    this.#timer = this.#clock.setTimeout(() => this.#run(), Math.max(0, waitMs));
  }

  #run(): void {
    this.#timer = undefined;
    const begunMs = this.#clock.nowMs();
    const latenessMs = begunMs - this.#dueMs;
    let skippedSlots = 0;
    if (latenessMs > SKIP_AFTER_MS) {
      skippedSlots = Math.floor(latenessMs / PERIOD_MS) * SLOTS;
      this.#slot += skippedSlots;
    }
    for (const { tick, failed } of [...(this.#slots[this.#slot % SLOTS] ?? [])]) {
      try {
        tick();
      } catch (error) {
        failed(error);
      }
    }
    this.#doneMs = this.#clock.nowMs();
    this.#tookMs = this.#doneMs - begunMs;
    this.#onSlot?.({ latenessMs, skippedSlots });
    if (this.#members > 0 && !this.#timer) this.#arm();
  }
}
