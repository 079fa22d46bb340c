import { sileroFrameSamples } from './frame-batch.ts';

/** Most frames of one call that wait: 2 s. */
export const mostWaitingFrames = 64;

const firstCapacity = 4;

/** What a frame's level says of it. */
export interface SoundOfFrame {
  readonly scoreShare: number;
  readonly holdsSpeech: boolean;
}

/** One frame's place in a {@link FrameQueue}; reused, so that a frame leaves no garbage. */
interface Slot {
  readonly samples: Int16Array;
  startSample: number;
  arrivedMs: number;
  scoreShare: number;
  holdsSpeech: boolean;
}

/** A frame that waits for its score, and what its level says of it. */
export type WaitingFrame = Readonly<Slot>;

/** Frames of one call that wait for their scores, in order; grows up to {@link mostWaitingFrames}. */
export class FrameQueue {
  #slots = Array.from({ length: firstCapacity }, emptySlot);
  #first = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  get isFull(): boolean {
    return this.#length === mostWaitingFrames;
  }

  get first(): WaitingFrame | undefined {
    return this.#length > 0 ? this.#slots[this.#first] : undefined;
  }

  /** Adds a copy of `frame`, unless the queue is full. */
  add(frame: Int16Array, startSample: number, arrivedMs: number, sound: SoundOfFrame): void {
    if (this.isFull) return;
    if (this.#length === this.#slots.length) this.#grow();
    const slot = this.#slots[(this.#first + this.#length) % this.#slots.length];
    if (!slot) return;
    slot.samples.set(frame);
    slot.startSample = startSample;
    slot.arrivedMs = arrivedMs;
    slot.scoreShare = sound.scoreShare;
    slot.holdsSpeech = sound.holdsSpeech;
    this.#length += 1;
  }

  /** Takes the first frame away; it stays valid until the next is added. */
  shift(): WaitingFrame | undefined {
    const { first } = this;
    if (!first) return undefined;
    this.#first = (this.#first + 1) % this.#slots.length;
    this.#length -= 1;
    return first;
  }

  #grow(): void {
    const more = Array.from({ length: this.#slots.length }, emptySlot);
    this.#slots = [...this.#slots.slice(this.#first), ...this.#slots.slice(0, this.#first), ...more];
    this.#first = 0;
  }
}

function emptySlot(): Slot {
  return {
    samples: new Int16Array(sileroFrameSamples),
    startSample: 0,
    arrivedMs: 0,
    scoreShare: 0,
    holdsSpeech: false,
  };
}
