import type { ExotelWriter } from './exotel-writer.ts';
import { Line, type LineOptions } from './line.ts';

/** What became of a second connection for the same call. */
export interface DuplicateReport {
  readonly openedAtMs: number | undefined;
  /** Messages the bridge sent on it; they are not played. */
  readonly messages: number;
  readonly ended: { readonly code: number; readonly reason: string; readonly atMs: number } | undefined;
}

/** A second connection for one call: same identifiers, own counters, the same audio. */
export class DuplicateConnection {
  readonly #line: Line;
  readonly #writer: ExotelWriter;
  readonly #nowMs: () => number;
  #report: DuplicateReport = { openedAtMs: undefined, messages: 0, ended: undefined };

  constructor(options: Omit<LineOptions, 'listener'>, writer: ExotelWriter, nowMs: () => number) {
    this.#writer = writer;
    this.#nowMs = nowMs;
    const count = (): void => {
      this.#report = { ...this.#report, messages: this.#report.messages + 1 };
    };
    this.#line = new Line({
      ...options,
      listener: {
        onOpen: () => this.#begin(),
        onText: count,
        onBinary: count,
        onRetry: () => {},
        onError: () => {},
        onEnd: ({ code, reason }) => {
          this.#report = { ...this.#report, ended: { code, reason, atMs: nowMs() } };
        },
      },
    });
    this.#line.open();
  }

  get report(): DuplicateReport {
    return this.#report;
  }

  sendMedia(pcm: Int16Array, endMs: number): void {
    if (this.#report.openedAtMs !== undefined && !this.#report.ended)
      this.#line.send(this.#writer.media(pcm, endMs));
  }

  drop(): void {
    this.#line.drop();
  }

  #begin(): void {
    this.#report = { ...this.#report, openedAtMs: this.#nowMs() };
    this.#line.send(this.#writer.connected());
    this.#line.send(this.#writer.start());
  }
}
