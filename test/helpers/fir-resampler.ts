/**
 * A second, independent resampler: polyphase FIR with a Kaiser window. It is slow and has nothing in common with the
 * one in use, which is the point: where both agree, neither is wrong.
 */

const STOP_BAND_DB = 70;
const PASS_SHARE = 3_400 / 8_000;
const STOP_SHARE = 4_000 / 8_000;

/** How much later {@link firResample} gives a sample out, ms: 4 where one rate is 8 kHz, 2 between 16 and 24 kHz. */
export function firDelayMs(fromHz: number, toHz: number): number {
  return Math.min(fromHz, toHz) === 8_000 ? 4 : 2;
}

/** All of `input` (PCM16, `fromHz`) at `toHz`; passes 3.4 kHz and stops from 4.0 kHz, twice that from 16 kHz up. */
export function firResample(input: Int16Array, fromHz: number, toHz: number): Int16Array {
  const divisor = gcd(fromHz, toHz);
  const up = toHz / divisor;
  const down = fromHz / divisor;
  const highHz = fromHz * up;
  const bandHz = Math.min(fromHz, toHz);
  const halfTaps = Math.round((firDelayMs(fromHz, toHz) / 1_000) * highHz);
  const taps = lowPass(halfTaps, (((PASS_SHARE + STOP_SHARE) / 2) * bandHz) / highHz);

  const output = new Int16Array(Math.floor((input.length * up) / down));
  for (let n = 0; n < output.length; n += 1) {
    const atHigh = n * down;
    let sum = 0;
    // Only the taps that meet a real input sample; those between are zeros put in for the higher rate.
    for (let tap = atHigh % up; tap < taps.length; tap += up) {
      sum += (taps[tap] ?? 0) * (input[(atHigh - tap) / up] ?? 0);
    }
    output[n] = Math.max(-32_768, Math.min(32_767, Math.round(sum * up)));
  }
  return output;
}

/** Taps of a linear-phase low-pass with `2 * half + 1` taps; `cutoff` in cycles per sample, gain 1 at 0 Hz. */
export function lowPass(half: number, cutoff: number): Float64Array {
  const beta = 0.1102 * (STOP_BAND_DB - 8.7);
  const taps = new Float64Array(2 * half + 1);
  for (let at = -half; at <= half; at += 1) {
    const angle = 2 * Math.PI * cutoff * at;
    const ideal = at === 0 ? 2 * cutoff : Math.sin(angle) / (Math.PI * at);
    taps[at + half] = (ideal * bessel(beta * Math.sqrt(1 - (at / half) ** 2))) / bessel(beta);
  }
  const gain = taps.reduce((sum, tap) => sum + tap, 0);
  return taps.map((tap) => tap / gain);
}

/** The modified Bessel function of order 0, by its power series. */
function bessel(x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * 1e-12; k += 1) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}
