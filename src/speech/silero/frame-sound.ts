import { FrameLevel } from '../frame-level.ts';
import { Framer } from '../framer.ts';
import { isKeyTone } from '../key-tone.ts';
import { NoiseFloor } from '../noise-floor.ts';
import { RecentMaximum } from '../recent-maximum.ts';
import { samplesPerMs } from '../scorer.ts';

const stepMs = 10;
/** Least that sound rises over the noise floor, and most that it lies under the loudest of the last 500 ms. */
const leastRiseDb = 3;
const mostFallDb = 26;
/** The energy detector's bars: dBov, and the share of a frame that must be over them. */
const leastSpeechDbov = -50;
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
  #holdsSound = false;
  #holdsSpeech = false;

  /** @param marginDb dB over the noise floor from which a step is loud enough for speech */
  constructor(marginDb: number) {
    this.#marginDb = marginDb;
  }

  /** Whether the last frame held 20 ms in a row of sound that is neither the line's noise nor a telephone key. */
  get holdsSound(): boolean {
    return this.#holdsSound;
  }

  /** Whether the last frame and the one before it were loud enough for speech, by level alone. */
  get holdsSpeech(): boolean {
    return this.#holdsSpeech;
  }

  /** Takes the next frame. */
  take(frame: Int16Array): void {
    this.#stepsInFrame = 0;
    this.#loudSteps = 0;
    this.#holdsSound = false;
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
    if (isSound && riseDb >= this.#marginDb && levelDbov >= leastSpeechDbov) this.#loudSteps += 1;
    // the 20 ms may begin in the frame before
    if (isSound && this.#wasSound) this.#holdsSound = true;
    this.#wasSound = isSound;
  }
}
