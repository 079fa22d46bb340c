import { readFileSync } from 'node:fs';
import { AudioError, parseWav, type SampleRateHz } from '../audio/index.ts';

/** A recorded sentence, mono PCM16. */
export interface Sentence {
  readonly samples: Int16Array;
  readonly sampleRateHz: SampleRateHz;
}

/** The apology that ships: "I am sorry, we cannot take your call just now. Please call again in a few minutes." */
const shippedApology = new URL('./apology.wav', import.meta.url);
/** What ships for callers who wait for room: "All our lines are busy. Please hold, we will be with you soon." */
const shippedPleaseHold = new URL('./please-hold.wav', import.meta.url);

const loaded = new Map<string, Sentence>();

/**
 * Reads a spoken apology, `clip` or the shipped one, once per file.
 *
 * @throws AudioError when it is not mono PCM16 at 8, 16 or 24 kHz
 */
export function loadApology(clip?: string): Sentence {
  return loadSentence(clip ?? shippedApology);
}

/** Reads what asks a caller to hold, `clip` or the shipped one, once per file. @throws AudioError as {@link loadApology} */
export function loadPleaseHold(clip?: string): Sentence {
  return loadSentence(clip ?? shippedPleaseHold);
}

/**
 * Reads a recorded sentence, once per file.
 *
 * @throws AudioError when it is not mono PCM16 at 8, 16 or 24 kHz
 */
export function loadSentence(file: string | URL): Sentence {
  const key = String(file);
  const known = loaded.get(key);
  if (known) return known;
  const wav = parseWav(readFileSync(file));
  if (wav.channels !== 1 || !isRate(wav.sampleRateHz)) {
    throw new AudioError(
      'AUDIO_BAD_WAV',
      `expected a mono WAV at 8000, 16000 or 24000 Hz, found ${wav.channels} channels at ${wav.sampleRateHz} Hz`,
    );
  }
  const sentence = { samples: wav.samples, sampleRateHz: wav.sampleRateHz };
  loaded.set(String(file), sentence);
  return sentence;
}

/** Reads these files again when they are wanted next; whoever has a sentence keeps it. */
export function forgetSentences(files: Iterable<string>): void {
  for (const file of files) loaded.delete(file);
}

function isRate(rateHz: number): rateHz is SampleRateHz {
  return rateHz === 8000 || rateHz === 16_000 || rateHz === 24_000;
}
