import { type Levels, levelEveryMs, mostShown } from './format.ts';

/** Levels that wait to be told at most; what is later than that is not drawn. */
const mostAhead = 500;
/** From 16 bits to the 8 of an envelope. */
const scale = 256;

/** The envelope of one party's sound: lowest and highest sample of each 20 ms, no more of it than can be drawn. */
export class LevelMeter {
  /** The first slot that has not been told. */
  #first: number;
  /** Lowest and highest of each slot from there on, in turn; slots without sound are missing. */
  readonly #slots = new Map<number, { lowest: number; highest: number }>();

  /** @param fromMs from when on there are levels, by the call's clock */
  constructor(fromMs: number) {
    this.#first = Math.ceil(fromMs / levelEveryMs);
  }

  /** Where the levels that have not been told begin, ms. */
  get fromMs(): number {
    return this.#first * levelEveryMs;
  }

  /** Sound that is heard from `atMs` on. */
  write(pcm: Int16Array, atMs: number, sampleRateHz: number): void {
    const perSlot = (sampleRateHz * levelEveryMs) / 1000;
    const start = (atMs / levelEveryMs) * perSlot;
    for (let from = 0; from < pcm.length; ) {
      const slot = Math.floor((start + from) / perSlot + 1e-6);
      const to = Math.max(from + 1, Math.min(pcm.length, Math.round((slot + 1) * perSlot - start)));
      if (slot >= this.#first && slot < this.#first + mostAhead) this.#add(slot, pcm.subarray(from, to));
      from = to;
    }
  }

  /** What would have been heard from `atMs` on is not. */
  clear(atMs: number): void {
    for (const slot of this.#slots.keys()) if (slot * levelEveryMs >= atMs) this.#slots.delete(slot);
  }

  /** The levels up to `untilMs` that have not been told, silence included. */
  take(untilMs: number): Levels {
    const fromMs = this.fromMs;
    const peaks: number[] = [];
    const end = Math.floor(untilMs / levelEveryMs);
    for (; this.#first < end; this.#first += 1) {
      const { lowest, highest } = this.#slots.get(this.#first) ?? { lowest: 0, highest: 0 };
      this.#slots.delete(this.#first);
      peaks.push(Math.floor(lowest / scale), Math.floor(highest / scale));
    }
    return { fromMs, peaks };
  }

  #add(slot: number, pcm: Int16Array): void {
    const known = this.#slots.get(slot);
    let lowest = known?.lowest ?? 32_767;
    let highest = known?.highest ?? -32_768;
    for (const sample of pcm) {
      if (sample < lowest) lowest = sample;
      if (sample > highest) highest = sample;
    }
    this.#slots.set(slot, { lowest, highest });
  }
}

/** The last of one party's levels, put together as a viewer does, without copying them each time. */
export class LevelTail {
  #fromMs: number;
  #peaks: number[];

  constructor({ fromMs, peaks }: Levels) {
    this.#fromMs = fromMs;
    this.#peaks = [...peaks];
  }

  add({ peaks }: Levels): void {
    for (const peak of peaks) this.#peaks.push(peak);
    // not each time: to move all that is kept costs more than to keep some more
    if (this.#peaks.length > 4 * mostShown.levels) this.#cut();
  }

  get levels(): Levels {
    this.#cut();
    return { fromMs: this.#fromMs, peaks: [...this.#peaks] };
  }

  #cut(): void {
    const surplus = Math.max(0, this.#peaks.length / 2 - mostShown.levels);
    this.#peaks.splice(0, surplus * 2);
    this.#fromMs += surplus * levelEveryMs;
  }
}
