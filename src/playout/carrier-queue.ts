/** A chunk at the carrier: when it plays, and which samples of a reply it holds; the rest of it is silence. */
interface SentChunk {
  readonly startsMs: number;
  readonly endsMs: number;
  readonly position: number;
  readonly samples: number;
}

/** What the carrier was sent and has not played yet, as far as can be known here: it plays chunk after chunk, in real time. */
export class CarrierQueue {
  readonly #rateHz: number;
  #emptyAtMs = 0;
  #chunks: SentChunk[] = [];

  constructor(rateHz: number) {
    this.#rateHz = rateHz;
  }

  /** When the carrier will have played, or had played, all that it was sent. */
  get emptyAtMs(): number {
    return this.#emptyAtMs;
  }

  /** Notes a chunk of `length` samples, of which the first `samples` are the reply's from `position` on; returns when it plays. */
  push(nowMs: number, length: number, { position, samples }: { position: number; samples: number }): number {
    const startsMs = Math.max(nowMs, this.#emptyAtMs);
    this.#emptyAtMs = startsMs + (length * 1000) / this.#rateHz;
    this.#chunks = this.#chunks.filter(({ endsMs }) => endsMs > nowMs);
    this.#chunks.push({ startsMs, endsMs: this.#emptyAtMs, position, samples });
    return startsMs;
  }

  /** Samples of the reply that will have been heard at `ms`; undefined when that is all of them. */
  heardAt(ms: number): number | undefined {
    const playing = this.#chunks.find(({ endsMs }) => endsMs > ms);
    if (!playing) return undefined;
    const played = Math.floor(((ms - playing.startsMs) * this.#rateHz) / 1000);
    return playing.position + Math.min(playing.samples, Math.max(0, played));
  }

  /** When the chunk that plays ends; `nowMs` when none does. */
  endOfPlaying(nowMs: number): number {
    return this.#chunks.find(({ endsMs }) => endsMs > nowMs)?.endsMs ?? nowMs;
  }

  /** The carrier was told to clear: only the chunk that plays is left. */
  clear(nowMs: number): void {
    const silentAtMs = this.endOfPlaying(nowMs);
    this.#chunks = this.#chunks.filter(({ endsMs }) => endsMs <= silentAtMs);
    this.#emptyAtMs = Math.min(this.#emptyAtMs, silentAtMs);
  }

  /** The reply is settled: what still plays of it is silence to the next one's account. */
  forgetReply(): void {
    this.#chunks = this.#chunks.map((chunk) => ({ ...chunk, position: 0, samples: 0 }));
  }
}
