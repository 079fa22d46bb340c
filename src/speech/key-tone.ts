import { speechRateHz } from './scorer.ts';

type Group = readonly [number, number, number, number];

/** ITU-T Q.23: a telephone key sounds one tone of each group; Hz. */
const lowGroup = turns(697, 770, 852, 941);
const highGroup = turns(1209, 1336, 1477, 1633);

/** Of a key's power in 10 ms, the least that its two tones hold; recorded speech stays far below. */
const leastShare = 0.75;
/** Most that one tone of a key is stronger than the other, as a ratio of powers: lines allow 8 dB. */
const mostTwist = 10;

/** Tells whether 10 ms of 8 kHz audio are the two tones of a telephone key and hardly anything else. */
export function isKeyTone(step: Int16Array): boolean {
  let power = 0;
  for (let i = 0; i < step.length; i += 1) power += (step[i] ?? 0) ** 2;
  const least = (leastShare * step.length * power) / 2;
  if (least === 0) return false;
  const low = strongest(step, lowGroup);
  // most speech ends here
  if (low * (1 + mostTwist) < least) return false;
  const high = strongest(step, highGroup);
  return low + high >= least && low <= mostTwist * high && high <= mostTwist * low;
}

function turns(...hz: Group): Group {
  const [a, b, c, d] = hz;
  return [turn(a), turn(b), turn(c), turn(d)];
}

function turn(hz: number): number {
  return 2 * Math.cos((2 * Math.PI * hz) / speechRateHz);
}

/** Squared magnitude of the strongest of four tones: Goertzel's filter for each, side by side, for speed. */
function strongest(step: Int16Array, [turnA, turnB, turnC, turnD]: Group): number {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let beforeA = 0;
  let beforeB = 0;
  let beforeC = 0;
  let beforeD = 0;
  for (let i = 0; i < step.length; i += 1) {
    const sample = step[i] ?? 0;
    const nextA = sample + turnA * a - beforeA;
    const nextB = sample + turnB * b - beforeB;
    const nextC = sample + turnC * c - beforeC;
    const nextD = sample + turnD * d - beforeD;
    beforeA = a;
    beforeB = b;
    beforeC = c;
    beforeD = d;
    a = nextA;
    b = nextB;
    c = nextC;
    d = nextD;
  }
  return Math.max(
    a * a + beforeA * beforeA - turnA * a * beforeA,
    b * b + beforeB * beforeB - turnB * b * beforeB,
    c * c + beforeC * beforeC - turnC * c * beforeC,
    d * d + beforeD * beforeD - turnD * d * beforeD,
  );
}
