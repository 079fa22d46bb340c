import type { ScoreListener, SpeechScorer } from '../../src/speech/index.ts';

/** Takes every frame for speech whose middle sample is not zero; scores at once, or when `deliver` is called. */
export class ScriptedScorer implements SpeechScorer {
  readonly name = 'scripted';
  readonly threshold = 0.5;
  readonly frameSamples: number;
  readonly #isLate: boolean;
  #listener: ScoreListener | undefined;
  #pending: [score: number, frameStartSample: number][] = [];

  constructor(frameSamples = 80, isLate = false) {
    this.frameSamples = frameSamples;
    this.#isLate = isLate;
  }

  listen(listener: ScoreListener): void {
    this.#listener = listener;
  }

  push(frame: Int16Array, frameStartSample: number): void {
    this.#pending.push([frame[this.frameSamples / 2] ? 1 : 0, frameStartSample]);
    if (!this.#isLate) this.deliver();
  }

  deliver(): void {
    const pending = this.#pending;
    this.#pending = [];
    for (const [score, startSample] of pending) this.#listener?.(score, startSample);
  }

  close(): void {
    this.#listener = undefined;
  }
}

/** Audio that the scripted scorer judges as told: durations in ms, silence first, then speech, and so on. */
export function script(...durationsMs: number[]): Int16Array {
  return Int16Array.from(durationsMs.flatMap((ms, i) => new Array<number>(ms * 8).fill(i % 2)));
}
