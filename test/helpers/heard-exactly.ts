import { concatPcm16, createResampler, type SampleRateHz } from '../../src/audio/index.ts';
import { loadVoice, type VoiceName } from '../../src/sim/index.ts';

/** How much of a voice was heard, sample by sample. */
export interface HeardExactly {
  /** Sample of the heard track at which its first loud sample is; -1 when it was not heard. */
  readonly at: number;
  /** Samples from the first loud one to the last that is not silent. */
  readonly samples: number;
  /** Of these, heard one after the other without a difference. */
  readonly intact: number;
}

/** Loud enough that silence, and the beginning that is cut, are left out. */
const loud = 300;
/** Equal samples in a row that are no chance. */
const needleSamples = 64;

const atRate = new Map<string, Int16Array>();

/** Looks up a voice of the simulated model in what was heard at `rateHz`, from sample `from` on; equal means equal. */
export function heardExactly(
  name: VoiceName,
  heard: Int16Array,
  from = 0,
  rateHz: SampleRateHz = 8000,
): HeardExactly {
  const whole = resampled(name, rateHz);
  const start = whole.findIndex((sample) => Math.abs(sample) > loud);
  const wanted = whole.subarray(start, whole.findLastIndex((sample) => sample !== 0) + 1);
  for (let at = from; at < heard.length - needleSamples; at += 1) {
    if (heard[at] !== wanted[0]) continue;
    let intact = 1;
    while (intact < wanted.length && heard[at + intact] === wanted[intact]) intact += 1;
    if (intact >= needleSamples) return { at, samples: wanted.length, intact };
  }
  return { at: -1, samples: wanted.length, intact: 0 };
}

function resampled(name: VoiceName, rateHz: SampleRateHz): Int16Array {
  const key = `${name} ${rateHz}`;
  const known = atRate.get(key);
  if (known) return known;
  const resampler = createResampler(24_000, rateHz);
  const body = resampler.push(loadVoice(name)).slice();
  const whole = concatPcm16([body, resampler.flush()]);
  resampler.dispose();
  atRate.set(key, whole);
  return whole;
}
