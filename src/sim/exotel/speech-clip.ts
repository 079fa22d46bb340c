import { createResampler, type SampleRateHz } from '../../audio/index.ts';
import { AudibleRuns } from './audible-runs.ts';
import { toSampleRate } from './profile.ts';
import { SampleTrack } from './sample-track.ts';

/** Recorded speech, PCM16 mono at 8000, 16000 or 24000 Hz. */
export interface SpeechClip {
  readonly samples: Int16Array;
  readonly sampleRateHz: number;
}

/** A copy of the clip at another rate and level, in step with the original to the sample; throws for other rates. */
export function clipAtRate(clip: SpeechClip, sampleRateHz: SampleRateHz, gainDb: number): Int16Array {
  const samples = resampled(clip, sampleRateHz);
  if (gainDb === 0) return samples;
  const gain = 10 ** (gainDb / 20);
  return samples.map((sample) => Math.max(-32_768, Math.min(32_767, Math.round(sample * gain))));
}

/** Where the clip is first and last audible, in samples; its own ends when it is silent. */
export function audibleEnds(
  samples: Int16Array,
  sampleRateHz: number,
): { fromSample: number; toSample: number } {
  const track = new SampleTrack(samples.length);
  track.write(0, samples);
  const audible = new AudibleRuns(track, sampleRateHz);
  audible.scan(samples.length);
  const first = audible.runs[0];
  const last = audible.last;
  return { fromSample: first?.fromSample ?? 0, toSample: last?.toSample ?? samples.length };
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
