import type { ScoreListener, SpeechScorer } from '../scorer.ts';
import { sileroFrameSamples } from './frame-batch.ts';
import type { FrameBatcher, Seat } from './frame-batcher.ts';
import { FrameQueue, type WaitingFrame } from './frame-queue.ts';
import { FrameSound } from './frame-sound.ts';
import { PassedFrames } from './passed-frames.ts';

/** Settings of a {@link SileroScorer}. */
export interface SileroScorerOptions {
  /** Probability from which a frame counts as speech; at 8 kHz 0.15 does what 0.5 does at 16 kHz. */
  readonly speechProbability: number;
  /** dB over the noise floor from which a frame counts as speech where the model does not answer. */
  readonly marginDb: number;
}

/**
 * One call's frames of 32 ms, scored by Silero together with those of the other calls; by their level where the model is
 * late or gone. The score is the probability of speech, less for a faint frame, 0 for one without sound, and 1 for speech
 * by level.
 */
export class SileroScorer implements SpeechScorer, Seat {
  readonly name = 'silero';
  readonly frameSamples = sileroFrameSamples;
  readonly onsetEvidenceMs = 64;
  readonly threshold: number;
  readonly holdThreshold: number;
  readonly #batcher: FrameBatcher;
  readonly #marginDb: number;
  #sound: FrameSound;
  readonly #passed = new PassedFrames();
  readonly #queue = new FrameQueue();
  #listener: ScoreListener | undefined;

  /** @throws RangeError when `speechProbability` is not between 0 and 1 */
  constructor(batcher: FrameBatcher, { speechProbability, marginDb }: SileroScorerOptions) {
    if (!(speechProbability > 0 && speechProbability < 1)) {
      throw new RangeError(
        `SileroScorer: expected speechProbability between 0 and 1, found ${speechProbability}`,
      );
    }
    this.#batcher = batcher;
    this.threshold = speechProbability;
    this.holdThreshold = speechProbability / 2;
    this.#marginDb = marginDb;
    this.#sound = new FrameSound(marginDb);
  }

  get next(): WaitingFrame | undefined {
    return this.#queue.first;
  }

  listen(listener: ScoreListener): void {
    this.#listener = listener;
  }

  push(frame: Int16Array, frameStartSample: number): void {
    this.#catchUp();
    this.#sound.take(frame);
    if (!this.#batcher.isAnswering) {
      this.#batcher.countByLevel();
      this.#listener?.(this.#sound.holdsSpeech ? 1 : 0, frameStartSample);
      return;
    }
    if (this.#queue.isFull) this.#batcher.overflowed(this);
    this.#queue.add(frame, frameStartSample, this.#batcher.nowMs, this.#sound);
    if (this.#queue.length === 1) this.#batcher.arrived(this);
  }

  pass(frame: Int16Array): void {
    this.#passed.add(frame);
    this.#batcher.rest(this);
  }

  close(): void {
    this.#batcher.close(this);
    this.giveUp();
    this.#listener = undefined;
  }

  score(probability: number): void {
    const frame = this.#queue.shift();
    if (frame) this.#listener?.(frame.scoreShare * probability, frame.startSample);
  }

  giveUp(): number {
    const frames = this.#queue.length;
    for (let frame = this.#queue.shift(); frame; frame = this.#queue.shift()) {
      this.#listener?.(frame.holdsSpeech ? 1 : 0, frame.startSample);
    }
    return frames;
  }

  /** Lets the sound of the line be known as if it had been listened to all along. */
  #catchUp(): void {
    if (this.#passed.isEmpty) return;
    if (this.#passed.areSomeLost) this.#sound = new FrameSound(this.#marginDb);
    for (const frame of this.#passed.take()) this.#sound.take(frame);
  }
}
