import { createResampler, type SampleRateHz } from '../../audio/index.ts';
import { AudibleRuns } from './audible-runs.ts';
import { toSampleRate } from './profile.ts';
import { SampleTrack } from './sample-track.ts';

/** Recorded speech, PCM16 mono at 8000, 16000 or 24000 Hz. */
export interface SpeechClip {
  readonly samples: Int16Array;
  readonly sampleRateHz: number;
  /** Where the speech in it begins and ends, ms; found by level when not given. */
  readonly speech?: { readonly fromMs: number; readonly toMs: number };
}

/** A copy of the clip at another rate and level, in step with the original to the sample; throws for other rates. */
export function clipAtRate(clip: SpeechClip, sampleRateHz: SampleRateHz, gainDb: number): Int16Array {
  const samples = resampled(clip, sampleRateHz);
  if (gainDb === 0) return samples;
  const gain = 10 ** (gainDb / 20);
  return samples.map((sample) => Math.max(-32_768, Math.min(32_767, Math.round(sample * gain))));
}

/** Where the speech in a clip begins and ends, ms: as labelled, else by level; the clip's own ends when it is silent. */
export function speechIn(clip: SpeechClip): { readonly fromMs: number; readonly toMs: number } {
  if (clip.speech) return clip.speech;
  const { samples, sampleRateHz } = clip;
  const track = new SampleTrack(samples.length);
  track.write(0, samples);
  const audible = new AudibleRuns(track, sampleRateHz);
  audible.scan(samples.length);
  const fromSample = audible.runs[0]?.fromSample ?? 0;
  const toSample = audible.last?.toSample ?? samples.length;
  return { fromMs: (fromSample * 1000) / sampleRateHz, toMs: (toSample * 1000) / sampleRateHz };
}

function resampled(clip: SpeechClip, toHz: SampleRateHz): Int16Array {
  if (clip.sampleRateHz === toHz) return clip.samples.slice();
  const resampler = createResampler(toSampleRate(clip.sampleRateHz), toHz);
  const lead = Math.round((resampler.delayMs * toHz) / 1000);
  const body = resampler.push(clip.samples).slice();
  const tail = resampler.flush().slice();
  resampler.dispose();
  const whole = new Int16Array(body.length + tail.length);
  whole.set(body);
  whole.set(tail, body.length);
  return whole.slice(lead, lead + Math.round((clip.samples.length * toHz) / clip.sampleRateHz));
}
