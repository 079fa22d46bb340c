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
 * the model, which tells speech from noise. The model rests while the line is quiet, and listens again before it is noisy;
 * before that is known it rests as long as nothing at all is to be heard, as while most callers hear the greeting.
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
  #isLearning = true;
  /** Whether anything was to be heard since the last frame of the model. */
  #isSound = false;
  /** Frames that the model has not answered yet. */
  #asked = 0;
  #listener: ScoreListener | undefined;

  constructor(energy: EnergyScorer, model: SpeechScorer) {
    this.#energy = energy;
    this.#model = model;
    this.frameSamples = energy.frameSamples;
    this.threshold = energy.threshold;
    this.holdThreshold = energy.holdThreshold;
    this.#modelFrames = new Framer(model.frameSamples, (frame, startSample) =>
      this.#offer(frame, startSample),
    );
    energy.listen((energyScore, startSample) => this.#heard(energyScore, startSample));
    model.listen((score, startSample) => {
      this.#asked -= 1;
      this.#judged(score, startSample + model.frameSamples);
    });
  }

  listen(listener: ScoreListener): void {
    this.#listener = listener;
  }

  levelOf(frame: Int16Array): number {
    return this.#energy.levelOf(frame);
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

  /** Has the model judge a frame, unless it may rest. */
  #offer(frame: Int16Array, startSample: number): void {
    const model = this.#model;
    const isSilence = this.#isLearning && !this.#isSound && this.#asked === 0;
    this.#isSound = false;
    const isWanted = this.#isNoisy || this.#energy.floorDbov >= quietFloorDbov;
    if (model.pass && (isSilence || !isWanted)) {
      model.pass(frame);
      this.#judged(0, startSample + model.frameSamples);
    } else {
      this.#asked += 1;
      model.push(frame, startSample);
    }
  }

  #heard(energyScore: number, startSample: number): void {
    if (!this.#energy.isSilent) this.#isSound = true;
    this.#followFloor(startSample);
    if (this.#isNoisy) this.#waiting.push({ energyScore, startSample });
    else this.#listener?.(energyScore, startSample);
  }

  #followFloor(atSample: number): void {
    if (atSample < learningMs * samplesPerMs) return;
    this.#isLearning = false;
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
