import type { CallerTurns, TurnListener } from './caller-turns.ts';

/** Turns that the client marks; audio outside the marks is thrown away. */
export class ManualTurns implements CallerTurns {
  readonly #listener: TurnListener;
  #rateHz = 16_000;
  #position = 0;
  #open: { readonly startedAtMs: number; readonly fromSample: number } | undefined;

  constructor(listener: TurnListener) {
    this.#listener = listener;
  }

  audio(samples: Int16Array, sampleRateHz: number, fromSample: number): boolean {
    this.#rateHz = sampleRateHz;
    this.#position = fromSample + samples.length;
    return this.#open !== undefined;
  }

  activityStart(nowMs: number): boolean {
    if (this.#open) return true;
    this.#open = { startedAtMs: nowMs, fromSample: this.#position };
    this.#listener.turnStarted(this.#position, this.#rateHz);
    return true;
  }

  activityEnd(): boolean {
    const open = this.#open;
    if (!open) return true;
    this.#open = undefined;
    const range = { fromSample: open.fromSample, toSample: this.#position };
    this.#listener.turnEnded({
      startedAtMs: open.startedAtMs,
      sampleRateHz: this.#rateHz,
      speech: range,
      range,
    });
    return true;
  }

  audioStreamEnd(): boolean {
    return true;
  }
}
