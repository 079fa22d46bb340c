import { type EchoGate, echoStepMs } from './echo-gate.ts';
import { FrameLevel } from './frame-level.ts';
import { Framer } from './framer.ts';
import { samplesPerMs } from './scorer.ts';

const pendingFrames = 256;
const passingShare = 1 / 3;

/**
 * Remembers for each frame whether it passed the echo gate, until its score arrives: up to 256 frames later.
 *
 * A frame passes when a third of the gate's 10 ms steps that end in it do.
 */
export class GatedFrames {
  readonly #gate: EchoGate;
  readonly #frameSamples: number;
  readonly #passed = new Uint8Array(pendingFrames);
  readonly #steps: Framer;
  #stepsInFrame = 0;
  #passingInFrame = 0;

  constructor(gate: EchoGate, frameSamples: number) {
    this.#gate = gate;
    this.#frameSamples = frameSamples;
    const level = new FrameLevel();
    this.#steps = new Framer(echoStepMs * samplesPerMs, (step) => {
      this.#stepsInFrame += 1;
      if (gate.passes(level.measure(step))) this.#passingInFrame += 1;
    });
  }

  /** Takes the next frame; `levelDbov` is told of one that is a step of the gate, where it is known. */
  push(frame: Int16Array, frameStartSample: number, levelDbov?: number): void {
    if (levelDbov !== undefined) {
      this.#passed[this.#slot(frameStartSample)] = this.#gate.passes(levelDbov) ? 1 : 0;
      return;
    }
    this.#stepsInFrame = 0;
    this.#passingInFrame = 0;
    this.#steps.push(frame);
    this.#passed[this.#slot(frameStartSample)] =
      this.#passingInFrame >= passingShare * this.#stepsInFrame ? 1 : 0;
  }

  /** Tells whether a frame that was pushed has passed. */
  hasPassed(frameStartSample: number): boolean {
    return this.#passed[this.#slot(frameStartSample)] === 1;
  }

  #slot(frameStartSample: number): number {
    return (frameStartSample / this.#frameSamples) % pendingFrames;
  }
}
