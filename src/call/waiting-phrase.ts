import { AudioError } from '../audio/index.ts';
import { loadSentence, type Sentence } from './sentence.ts';

/** The tone: two notes a fourth apart, Hz; each lasts half of the whole, ms; how loud, dBov; how softly it comes and goes, ms. */
const tone = { notesHz: [440, 587], wholeMs: 300, levelDbov: -30, fadeMs: 40, sampleRateHz: 8000 } as const;
/** Longest phrase, ms: it fills a silence, and what the model says meanwhile has to wait for its end. */
const longestMs = 5000;

/** What is played to a caller who waits; with `problem` it is the tone in place of a recording that cannot be used. */
export interface WaitingPhrase extends Sentence {
  readonly problem?: string;
}

/** The phrase that the agent file names: `tone`, `none` (no samples), or a WAV file. */
export function waitingPhrase(named: string): WaitingPhrase {
  if (named === 'none') return { samples: new Int16Array(0), sampleRateHz: tone.sampleRateHz };
  if (named === 'tone') return softTone;
  try {
    const phrase = loadSentence(named);
    const ms = (phrase.samples.length * 1000) / phrase.sampleRateHz;
    if (ms <= longestMs) return phrase;
    return {
      ...softTone,
      problem: `expected a phrase of at most ${longestMs} ms, found ${Math.round(ms)} ms`,
    };
  } catch (error) {
    // the path may tell a tenant's name: what the audio reader says of it does not
    return { ...softTone, problem: error instanceof AudioError ? error.message : 'the file cannot be read' };
  }
}

const softTone: Sentence = { samples: generateTone(), sampleRateHz: tone.sampleRateHz };

function generateTone(): Int16Array {
  const { notesHz, wholeMs, levelDbov, fadeMs, sampleRateHz } = tone;
  const noteSamples = ((wholeMs / notesHz.length) * sampleRateHz) / 1000;
  const fadeSamples = (fadeMs * sampleRateHz) / 1000;
  // of a sine, the peak is 3 dB above the level
  const peak = 32_768 * 10 ** ((levelDbov + 3) / 20);
  const samples = new Int16Array(noteSamples * notesHz.length);
  for (const [note, hz] of notesHz.entries()) {
    for (let at = 0; at < noteSamples; at += 1) {
      const edge = Math.min(1, at / fadeSamples, (noteSamples - at) / fadeSamples);
      const value = peak * edge * Math.sin((2 * Math.PI * hz * at) / sampleRateHz);
      samples[note * noteSamples + at] = Math.round(value);
    }
  }
  return samples;
}
