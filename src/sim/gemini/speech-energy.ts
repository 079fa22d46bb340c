/** How readily speech is found; what Gemini calls the start and end sensitivities. */
export interface EnergySettings {
  readonly startSensitivity: 'HIGH' | 'LOW';
  readonly endSensitivity: 'HIGH' | 'LOW';
}

const lowestFloorDb = -75;
const highestFloorDb = -35;
const floorFallShare = 0.2;
const floorRiseDb = 0.02;
const startMarginDb = { HIGH: 9, LOW: 15 };
const quietestStartDb = { HIGH: -52, LOW: -44 };
/** A low end sensitivity needs a deeper silence before it believes in one. */
const endHysteresisDb = { HIGH: 3, LOW: 6 };

/** Tells loud frames from quiet ones against a floor that follows the line's noise. */
export class SpeechEnergy {
  readonly #settings: EnergySettings;
  #floorDb = -60;

  constructor(settings: EnergySettings) {
    this.#settings = settings;
  }

  /** Whether a frame (10 ms of PCM16) is loud enough for speech; `inSpeech` makes it easier to stay than to start. */
  isLoud(frame: Int16Array, inSpeech: boolean): boolean {
    const levelDb = rmsDb(frame);
    const { startSensitivity, endSensitivity } = this.#settings;
    const startDb = Math.max(
      quietestStartDb[startSensitivity],
      this.#floorDb + startMarginDb[startSensitivity],
    );
    const isLoud = levelDb > startDb - (inSpeech ? endHysteresisDb[endSensitivity] : 0);
    const nextDb =
      levelDb < this.#floorDb
        ? this.#floorDb + floorFallShare * (levelDb - this.#floorDb)
        : this.#floorDb + floorRiseDb;
    this.#floorDb = Math.min(highestFloorDb, Math.max(lowestFloorDb, nextDb));
    return isLoud;
  }
}

/** Level of PCM16 samples in dB under full scale; -100 for silence. */
function rmsDb(samples: Int16Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return sum === 0 ? -100 : Math.max(-100, 10 * Math.log10(sum / samples.length / 32_768 ** 2));
}
