import { readFileSync } from 'node:fs';
import { concatPcm16, createResampler, parseWav, type SampleRateHz } from '../../audio/index.ts';
import { type VoiceName, voices } from './voices.ts';

const voiceRateHz = 24_000;
const loaded = new Map<VoiceName, Int16Array>();

/** The samples of a recorded line at 24 kHz, mono; read at the first use and kept. */
export function loadVoice(name: VoiceName): Int16Array {
  const known = loaded.get(name);
  if (known) return known;
  const wav = parseWav(readFileSync(new URL(voices[name].file, import.meta.url)));
  const samples = toVoiceRate(wav.samples, wav.sampleRateHz);
  loaded.set(name, samples);
  return samples;
}

/** Mono PCM16 at `fromHz` (8000, 16000 or 24000) as 24 kHz, without delay and of the same duration. */
export function toVoiceRate(samples: Int16Array, fromHz: number): Int16Array {
  if (fromHz === voiceRateHz) return samples;
  if (fromHz !== 8_000 && fromHz !== 16_000) {
    throw new Error(`expected a voice at 8000, 16000 or 24000 Hz, found ${fromHz} Hz`);
  }
  return resampled(samples, fromHz);
}

function resampled(samples: Int16Array, fromHz: SampleRateHz): Int16Array {
  const resampler = createResampler(fromHz, voiceRateHz);
  const skip = Math.round((resampler.delayMs * voiceRateHz) / 1000);
  const body = resampler.push(samples).slice();
  const whole = concatPcm16([body, resampler.flush()]);
  resampler.dispose();
  return whole.slice(skip, skip + Math.floor((samples.length * voiceRateHz) / fromHz));
}
