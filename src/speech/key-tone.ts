import { speechRateHz } from './scorer.ts';

/** ITU-T Q.23: a telephone key sounds one tone of each group. */
const lowGroupHz = [697, 770, 852, 941];
const highGroupHz = [1209, 1336, 1477, 1633];

const lowTurns = lowGroupHz.map(turn);
const highTurns = highGroupHz.map(turn);

/** Of a key's power in 10 ms, the least that its two tones hold; recorded speech stays far below. */
const leastShare = 0.75;
/** Most that one tone of a key is stronger than the other: lines allow 8 dB. */
const mostTwist = 10;

/** Tells whether 10 ms of 8 kHz audio are the two tones of a telephone key and hardly anything else. */
export function isKeyTone(step: Int16Array): boolean {
  let power = 0;
  for (const sample of step) power += sample * sample;
  if (power === 0) return false;
  const low = strongest(step, lowTurns);
  const high = strongest(step, highTurns);
  return (
    2 * (low + high) >= leastShare * step.length * power && low <= mostTwist * high && high <= mostTwist * low
  );
}

function turn(hz: number): number {
  return 2 * Math.cos((2 * Math.PI * hz) / speechRateHz);
}

function strongest(step: Int16Array, turns: readonly number[]): number {
  let most = 0;
  for (const coefficient of turns) most = Math.max(most, goertzel(step, coefficient));
  return most;
}

/** Squared magnitude of one frequency. */
function goertzel(step: Int16Array, coefficient: number): number {
  let last = 0;
  let beforeLast = 0;
  for (const sample of step) {
    const next = sample + coefficient * last - beforeLast;
    beforeLast = last;
    last = next;
  }
  return last * last + beforeLast * beforeLast - coefficient * last * beforeLast;
}
