import type { EnergyScorer } from './energy-scorer.ts';
import { Framer } from './framer.ts';
import { type ScoreListener, type SpeechScorer, samplesPerMs } from './scorer.ts';

/** A noise floor above this makes a line noisy, dBov; it is quiet again below the lower one. */
const noisyFloorDbov = -57;
const quietFloorDbov = -61;
/** The floor is the least level of the last 2 s: until then the line counts as noisy, but either detector prolongs speech, ms. */
const learningMs = 2000;

interface Waiting {
  readonly energyScore: number;
  readonly startSample: number;
}

/**
 * Two detectors, each where it is better: on a quiet line the level, which is at once and exact about ends; on a noisy one
 * the model, which tells speech from noise. The model rests while the line is quiet, and listens again before it is noisy.
 *
 * Scores are on the scale of the level; on a noisy line a frame waits for the model's, in order.
 */
export class LineScorer implements SpeechScorer {
  readonly name = 'line';
  readonly frameSamples: number;
  readonly threshold: number;
  readonly holdThreshold: number;
  readonly #energy: EnergyScorer;
  readonly #model: SpeechScorer;
  readonly #modelFrames: Framer;
  #waiting: Waiting[] = [];
  #isNoisy = true;
  #listener: ScoreListener | undefined;

  constructor(energy: EnergyScorer, model: SpeechScorer) {
    this.#energy = energy;
    this.#model = model;
    this.frameSamples = energy.frameSamples;
    this.threshold = energy.threshold;
    this.holdThreshold = energy.holdThreshold;
    this.#modelFrames = new Framer(model.frameSamples, (frame, startSample) => {
      const isWanted = this.#isNoisy || energy.floorDbov >= quietFloorDbov;
      if (isWanted || !model.pass) model.push(frame, startSample);
      else model.pass(frame);
    });
    energy.listen((energyScore, startSample) => this.#heard(energyScore, startSample));
    model.listen((score, startSample) => this.#judged(score, startSample + model.frameSamples));
  }

  listen(listener: ScoreListener): void {
    this.#listener = listener;
  }

  push(frame: Int16Array, frameStartSample: number): void {
    this.#energy.push(frame, frameStartSample);
    this.#modelFrames.push(frame);
  }

  close(): void {
    this.#listener = undefined;
    this.#waiting = [];
    this.#energy.close();
    this.#model.close();
  }

  #heard(energyScore: number, startSample: number): void {
    this.#followFloor(startSample);
    if (this.#isNoisy) this.#waiting.push({ energyScore, startSample });
    else this.#listener?.(energyScore, startSample);
  }

  #followFloor(atSample: number): void {
    if (atSample < learningMs * samplesPerMs) return;
    const floorDbov = this.#energy.floorDbov;
    if (floorDbov > noisyFloorDbov) this.#isNoisy = true;
    else if (this.#isNoisy && floorDbov < quietFloorDbov) {
      this.#isNoisy = false;
      const waiting = this.#waiting;
      this.#waiting = [];
      for (const { energyScore, startSample } of waiting) this.#listener?.(energyScore, startSample);
    }
  }

  /** The model has judged everything before `endSample`. */
  #judged(modelScore: number, endSample: number): void {
    const { threshold, holdThreshold = threshold } = this.#model;
    const score = modelScore >= threshold ? 1 : modelScore >= holdThreshold ? this.holdThreshold : 0;
    const isLearning = endSample <= learningMs * samplesPerMs;
    let next = this.#waiting[0];
    while (next && next.startSample + this.frameSamples <= endSample) {
      this.#waiting.shift();
      const fading = isLearning && next.energyScore >= this.holdThreshold ? this.holdThreshold : 0;
      this.#listener?.(Math.max(score, fading), next.startSample);
      next = this.#waiting[0];
    }
  }
}
