import { createResampler, type SampleRateHz } from '../../../src/audio/index.ts';
import { loadCaller } from '../../../src/sim/index.ts';

/** A recorded voice with its pauses, in pieces of `pieceMs` at `rateHz`. */
export async function voicePieces(rateHz: SampleRateHz, pieceMs: number): Promise<Int16Array[]> {
  const recorded = await loadCaller('hello-hours');
  const resampler = createResampler(recorded.sampleRateHz, rateHz);
  const samples = resampler.push(recorded.samples).slice();
  resampler.dispose();
  const length = (rateHz * pieceMs) / 1000;
  return Array.from({ length: Math.floor(samples.length / length) }, (_, at) =>
    samples.slice(at * length, (at + 1) * length),
  );
}

/** Gives one after the other, and then the first again. */
export function inTurn<T>(all: readonly T[]): () => T {
  let next = 0;
  return () => {
    const one = all[next % all.length];
    if (one === undefined) throw new RangeError('expected at least one to give');
    next += 1;
    return one;
  };
}

/** An operation's `run` that does `act` again and again. */
export function again(act: () => unknown): (times: number) => void {
  return (times) => {
    for (let at = 0; at < times; at += 1) act();
  };
}
