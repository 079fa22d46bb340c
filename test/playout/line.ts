import type { CarrierPort } from '../../src/playout/index.ts';
import type { SimulatedClock } from '../../src/time/index.ts';

/** One media message at the carrier, and when it plays. */
export interface PlayedChunk {
  readonly sentAtMs: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly pcm: Int16Array;
  /** Samples that are not silence; what follows them is padding. */
  readonly voiced: number;
}

/** Something that was sent to the carrier. */
export type Sent =
  | { readonly what: 'media'; readonly atMs: number; readonly samples: number }
  | { readonly what: 'mark'; readonly atMs: number; readonly name: string }
  | { readonly what: 'clear'; readonly atMs: number };

/** A carrier as Exotel is one: it plays chunk after chunk, returns marks once heard, and `clear` spares the chunk that plays. */
export class Line implements CarrierPort {
  takesData = true;
  readonly sent: Sent[] = [];
  /** What is, was or will be heard; chunks that a `clear` took are gone. */
  chunks: PlayedChunk[] = [];
  /** The most that ever waited at the carrier, ms. */
  deepestMs = 0;
  returnsMarks = true;
  /** Told of marks that come back. */
  onMark: (name: string) => void = () => undefined;
  readonly #clock: SimulatedClock;
  readonly #rateHz: number;
  #emptyAtMs = 0;

  constructor(clock: SimulatedClock, rateHz: number) {
    this.#clock = clock;
    this.#rateHz = rateHz;
  }

  media(pcm: Int16Array): void {
    const sentAtMs = this.#clock.nowMs();
    const fromMs = Math.max(sentAtMs, this.#emptyAtMs);
    this.#emptyAtMs = fromMs + (pcm.length * 1000) / this.#rateHz;
    const voiced = pcm.reduce((count, sample) => count + (sample === 0 ? 0 : 1), 0);
    this.chunks.push({ sentAtMs, fromMs, toMs: this.#emptyAtMs, pcm: pcm.slice(), voiced });
    this.deepestMs = Math.max(this.deepestMs, this.#emptyAtMs - sentAtMs);
    this.sent.push({ what: 'media', atMs: sentAtMs, samples: pcm.length });
  }

  mark(name: string): void {
    const atMs = this.#clock.nowMs();
    this.sent.push({ what: 'mark', atMs, name });
    if (!this.returnsMarks) return;
    this.#clock.setTimeout(() => this.onMark(name), Math.max(0, this.#emptyAtMs - atMs));
  }

  clear(): void {
    const atMs = this.#clock.nowMs();
    this.sent.push({ what: 'clear', atMs });
    this.chunks = this.chunks.filter(({ fromMs }) => fromMs <= atMs);
    this.#emptyAtMs = this.chunks.at(-1)?.toMs ?? 0;
  }

  /** Names of the marks that were sent. */
  get marks(): string[] {
    return this.sent.flatMap((sent) => (sent.what === 'mark' ? [sent.name] : []));
  }

  /** Samples that have been heard by now and are not silence, one after the other. */
  get heard(): number[] {
    const nowMs = this.#clock.nowMs();
    return this.chunks.flatMap(({ fromMs, pcm }) => {
      const played = Math.floor(((nowMs - fromMs) * this.#rateHz) / 1000 + 1e-6);
      return [...pcm.subarray(0, Math.max(0, played))].filter((sample) => sample !== 0);
    });
  }

  /** How many samples have been heard by now that are not silence. */
  get heardCount(): number {
    const nowMs = this.#clock.nowMs();
    return this.chunks.reduce((count, { fromMs, voiced }) => {
      const played = Math.floor(((nowMs - fromMs) * this.#rateHz) / 1000 + 1e-6);
      return count + Math.max(0, Math.min(played, voiced));
    }, 0);
  }

  /** All that was sent and not cleared, without silence. */
  get voiced(): number[] {
    return this.chunks.flatMap(({ pcm }) => [...pcm].filter((sample) => sample !== 0));
  }

  /** Silences between chunks that follow each other, ms. */
  get gapsMs(): number[] {
    return this.chunks.flatMap(({ fromMs }, at) => {
      const gapMs = fromMs - (this.chunks[at - 1]?.toMs ?? fromMs);
      return gapMs > 1e-6 ? [gapMs] : [];
    });
  }
}
