import { createResampler, type SampleRateHz } from '../../../../src/audio/index.ts';
import { chunksPerSecond, framesPerSecond, type Operation, type Subject, usualCall } from '../subject.ts';
import { again, inTurn, voicePieces } from '../voice.ts';

/** The ways that audio takes between the rates of the line and of the model; a line at 8 kHz needs the first two. */
const ways: readonly [from: SampleRateHz, to: SampleRateHz, pieceMs: number, perCallSecond: number][] = [
  [8000, 16_000, 20, framesPerSecond * usualCall.callerSpeaks],
  [24_000, 8000, 40, chunksPerSecond],
  [24_000, 16_000, 40, 0],
  [16_000, 8000, 20, 0],
];

export async function resampling(): Promise<Subject> {
  return { operations: await Promise.all(ways.map(operation)) };
}

async function operation([from, to, pieceMs, perCallSecond]: (typeof ways)[number]): Promise<Operation> {
  const next = inTurn(await voicePieces(from, pieceMs));
  const resampler = createResampler(from, to);
  return {
    what: `resample ${pieceMs} ms from ${from / 1000} to ${to / 1000} kHz`,
    perCallSecond,
    run: again(() => resampler.push(next())),
  };
}
