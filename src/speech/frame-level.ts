const silenceDbov = -96;

/**
 * Level of 8 kHz frames in dBov (a full-scale square wave is 0), above a first-order high-pass at about 130 Hz that takes
 * away offset, most of mains hum and rumble.
 */
export class FrameLevel {
  #lastIn = 0;
  #lastOut = 0;

  /** Level of the next frame, from −96 dBov (silence) to 0 or a little more. */
  measure(frame: Int16Array): number {
    let lastIn = this.#lastIn;
    let lastOut = this.#lastOut;
    let sum = 0;
    for (let i = 0; i < frame.length; i += 1) {
      const sample = frame[i] ?? 0;
      lastOut = sample - lastIn + 0.9 * lastOut;
      lastIn = sample;
      sum += lastOut * lastOut;
    }
    this.#lastIn = lastIn;
    this.#lastOut = lastOut;
    const power = sum / (frame.length * 32_768 * 32_768);
    return power < 2.6e-10 ? silenceDbov : 10 * Math.log10(power);
  }
}
