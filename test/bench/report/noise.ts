/** A figure over several rounds: what lies between the least and the most is the noise. */
export interface Noise {
  readonly minimum: number;
  readonly median: number;
  readonly maximum: number;
}

/** @throws RangeError when there is no round */
export function noiseOf(rounds: readonly number[]): Noise {
  const sorted = rounds.toSorted((a, b) => a - b);
  const at = (place: number): number => {
    const value = sorted[place];
    if (value === undefined) throw new RangeError('expected at least one round, found none');
    return value;
  };
  const middle = (sorted.length - 1) / 2;
  return {
    minimum: at(0),
    median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2,
    maximum: at(sorted.length - 1),
  };
}
