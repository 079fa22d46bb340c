import { FrameLevel } from '../frame-level.ts';
import { Framer } from '../framer.ts';
import { isKeyTone } from '../key-tone.ts';
import { NoiseFloor } from '../noise-floor.ts';
import { RecentMaximum } from '../recent-maximum.ts';
import { samplesPerMs } from '../scorer.ts';

const stepMs = 10;
/** Least that sound rises over the noise floor, and most that it lies under the loudest of the last 500 ms. */
const leastRiseDb = 3;
const mostFallDb = 22;
/** Fainter sound, such as noise that a carrier switches on, must be this much more like speech. */
const faintDbov = -50;
const faintShare = 0.3;
/** How much of a frame must be loud where the level alone decides. */
const speechShare = 2 / 3;

/**
 * Judges frames by their level in steps of 10 ms, beside the model: a frame without sound holds no speech, though the model
 * may still remember some; and where the model does not answer in time, the level alone has to do.
 */
export class FrameSound {
  readonly #marginDb: number;
  readonly #level = new FrameLevel();
  readonly #floor = new NoiseFloor();
  readonly #recent = new RecentMaximum();
  readonly #steps = new Framer(stepMs * samplesPerMs, (step) => this.#judge(step));
  #wasSound = false;
  #wasLoudFrame = false;
  #stepsInFrame = 0;
  #loudSteps = 0;
  #scoreShare = 0;
  #holdsSpeech = false;

  /** @param marginDb dB over the noise floor from which a step is loud enough for speech */
  constructor(marginDb: number) {
    this.#marginDb = marginDb;
  }

  /**
   * What the model's score of the last frame counts: all when the frame holds 20 ms in a row of sound that is neither the
   * line's noise nor a telephone key, less when that sound is faint, and nothing without it.
   */
  get scoreShare(): number {
    return this.#scoreShare;
  }

  /** Whether the last frame and the one before it were loud enough for speech, by level alone. */
  get holdsSpeech(): boolean {
    return this.#holdsSpeech;
  }

  /** Takes the next frame. */
  take(frame: Int16Array): void {
    this.#stepsInFrame = 0;
    this.#loudSteps = 0;
    this.#scoreShare = 0;
    this.#steps.push(frame);
    const isLoudFrame = this.#loudSteps >= speechShare * this.#stepsInFrame;
    this.#holdsSpeech = isLoudFrame && this.#wasLoudFrame;
    this.#wasLoudFrame = isLoudFrame;
  }

  #judge(step: Int16Array): void {
    const levelDbov = this.#level.measure(step);
    const riseDb = levelDbov - this.#floor.update(levelDbov);
    this.#recent.note(levelDbov, 0);
    const isAudible = riseDb >= leastRiseDb && levelDbov >= this.#recent.advance() - mostFallDb;
    const isSound = isAudible && !isKeyTone(step);
    this.#stepsInFrame += 1;
    if (isSound && riseDb >= this.#marginDb && levelDbov >= faintDbov) this.#loudSteps += 1;
    // the 20 ms may begin in the frame before
    if (isSound && this.#wasSound) {
      this.#scoreShare = Math.max(this.#scoreShare, levelDbov >= faintDbov ? 1 : faintShare);
    }
    this.#wasSound = isSound;
  }
}
