import { FrameLevel } from './frame-level.ts';
import { isKeyTone } from './key-tone.ts';
import { NoiseFloor } from './noise-floor.ts';
import { type ScoreListener, type SpeechScorer, samplesPerMs } from './scorer.ts';

/** Settings of an {@link EnergyScorer}. */
export interface EnergyScorerOptions {
  /** dB over the noise floor from which a frame counts as speech; 8 by default. */
  readonly marginDb?: number;
  /**
   * Level in dBov below which nothing counts; −50 by default, so that comfort noise which a carrier switches on and off
   * is not speech.
   */
  readonly leastLevelDbov?: number;
}

const frameMs = 10;
/** How much fainter than the least level the end of a word may be, dB. */
const fadeDb = 6;

/**
 * Scores 10 ms frames by their level over an adaptive noise floor: 0.5 at `marginDb`, 1 at twice that, and 0 for the tones
 * of a telephone key; scores at once.
 */
export class EnergyScorer implements SpeechScorer {
  readonly name = 'energy';
  readonly frameSamples = frameMs * samplesPerMs;
  readonly threshold = 0.5;
  readonly holdThreshold = 0.4;
  readonly #marginDb: number;
  readonly #leastLevelDbov: number;
  readonly #level = new FrameLevel();
  readonly #floor = new NoiseFloor();
  #floorDbov = 0;
  /** The level of the next frame, where it has been asked for. */
  #nextDbov: number | undefined;
  #isSilent = true;
  #listener: ScoreListener | undefined;

  /** @throws RangeError when `marginDb` is not positive */
  constructor({ marginDb = 8, leastLevelDbov = -50 }: EnergyScorerOptions = {}) {
    if (!(marginDb > 0)) throw new RangeError(`EnergyScorer: expected marginDb over 0, found ${marginDb}`);
    this.#marginDb = marginDb;
    this.#leastLevelDbov = leastLevelDbov;
  }

  /** The noise of the line as learned so far, dBov. */
  get floorDbov(): number {
    return this.#floorDbov;
  }

  /** Whether the last frame was fainter than the faintest end of a word. */
  get isSilent(): boolean {
    return this.#isSilent;
  }

  listen(listener: ScoreListener): void {
    this.#listener = listener;
  }

  levelOf(frame: Int16Array): number {
    this.#nextDbov ??= this.#level.measure(frame);
    return this.#nextDbov;
  }

  push(frame: Int16Array, frameStartSample: number): void {
    this.#listener?.(this.#score(frame), frameStartSample);
  }

  close(): void {
    this.#listener = undefined;
  }

  #score(frame: Int16Array): number {
    const levelDbov = this.levelOf(frame);
    this.#nextDbov = undefined;
    const floorDbov = this.#floor.update(levelDbov);
    this.#floorDbov = floorDbov;
    const riseDb = levelDbov - floorDbov;
    this.#isSilent = levelDbov < this.#leastLevelDbov - fadeDb;
    if (this.#isSilent) return 0;
    const score = Math.min(1, Math.max(0, riseDb / (2 * this.#marginDb)));
    if (score >= this.holdThreshold && isKeyTone(frame)) return 0;
    // too faint to begin with, loud enough for the end of a word
    return levelDbov < this.#leastLevelDbov ? Math.min(score, this.holdThreshold) : score;
  }
}
