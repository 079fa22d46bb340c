/** How readily speech is found; what Gemini calls the start and end sensitivities. */
export interface EnergySettings {
  readonly startSensitivity: 'HIGH' | 'LOW';
  readonly endSensitivity: 'HIGH' | 'LOW';
}

const smoothingFrames = 5;
const floorBlockFrames = 10;
const floorBlocks = 20;
const lowestFloorDb = -70;
const highestFloorDb = -40;
const startMarginDb = { HIGH: 9, LOW: 15 };
const quietestStartDb = { HIGH: -50, LOW: -42 };
/** A low end sensitivity needs a deeper silence before it believes in one. */
const endHysteresisDb = { HIGH: 3, LOW: 6 };
const fullScale = 32_768;

/**
 * Tells loud frames of 10 ms from quiet ones. The level is smoothed over 50 ms; the floor it is held against is the
 * lowest level of the last 2 s, so that a line's noise is not taken for speech.
 */
export class SpeechEnergy {
  readonly #settings: EnergySettings;
  readonly #powers: number[] = [];
  readonly #blockMinimaDb: number[] = [];
  #blockFrames = 0;
  #blockMinimumDb = 0;

  constructor(settings: EnergySettings) {
    this.#settings = settings;
  }

  /** Whether a frame of PCM16 is loud enough for speech; `inSpeech` makes it easier to stay than to start. */
  isLoud(frame: Int16Array, inSpeech: boolean): boolean {
    const { startSensitivity, endSensitivity } = this.#settings;
    const levelDb = this.#smoothedDb(frame);
    const floorDb = this.#floorDb(levelDb);
    const startDb = Math.max(quietestStartDb[startSensitivity], floorDb + startMarginDb[startSensitivity]);
    return levelDb > startDb - (inSpeech ? endHysteresisDb[endSensitivity] : 0);
  }

  #smoothedDb(frame: Int16Array): number {
    let power = 0;
    for (const sample of frame) power += sample * sample;
    this.#powers.push(power / Math.max(1, frame.length) / fullScale ** 2);
    if (this.#powers.length > smoothingFrames) this.#powers.shift();
    const mean = this.#powers.reduce((sum, value) => sum + value, 0) / this.#powers.length;
    return mean === 0 ? -100 : 10 * Math.log10(mean);
  }

  #floorDb(levelDb: number): number {
    this.#blockMinimumDb = Math.min(this.#blockMinimumDb, levelDb);
    this.#blockFrames += 1;
    const lowestDb = Math.min(this.#blockMinimumDb, ...this.#blockMinimaDb);
    if (this.#blockFrames === floorBlockFrames) {
      this.#blockMinimaDb.push(this.#blockMinimumDb);
      if (this.#blockMinimaDb.length > floorBlocks) this.#blockMinimaDb.shift();
      this.#blockFrames = 0;
      this.#blockMinimumDb = 0;
    }
    return Math.min(highestFloorDb, Math.max(lowestFloorDb, lowestDb));
  }
}
