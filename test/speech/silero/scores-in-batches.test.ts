import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FrameBatch } from '../../../src/speech/silero/frame-batch.ts';
import { SileroModel } from '../../../src/speech/silero/silero-model.ts';
import { seededChance } from '../../../src/time/index.ts';
import { loadUtterances } from '../../helpers/speech.ts';
import { describeWithSilero } from './installed.ts';

const frameSamples = 256;
const weights = readFileSync(new URL('../../../src/speech/silero/silero-vad-v6.2.onnx', import.meta.url));

describeWithSilero('Silero scores many calls in one run', () => {
  let model: SileroModel;
  const batch = new FrameBatch();

  beforeAll(async () => {
    model = await SileroModel.load(weights);
  });
  afterAll(() => model?.release());

  async function score(
    frames: readonly { seat: number; pcm: Int16Array; isFirst: boolean }[],
  ): Promise<number[]> {
    for (const [row, { seat, pcm, isFirst }] of frames.entries()) {
      batch.samples.set(pcm, row * frameSamples);
      batch.seats[row] = seat;
      batch.isFirst[row] = isFirst ? 1 : 0;
    }
    await model.score(batch, frames.length);
    return [...batch.scores.subarray(0, frames.length)];
  }

  const frames = 60;
  const streams = loadUtterances().map(({ samples }) => {
    const pcm = new Int16Array(frames * frameSamples);
    pcm.set(samples.subarray(0, pcm.length));
    return pcm;
  });
  const frame = (stream: number, i: number): Int16Array =>
    (streams[stream] ?? new Int16Array(0)).subarray(i * frameSamples, (i + 1) * frameSamples);

  it('to the same bit as alone, whatever else is in the run', async () => {
    const alone: number[][] = [];
    for (const [stream] of streams.entries()) {
      const scores: number[] = [];
      for (let i = 0; i < frames; i += 1) {
        scores.push(...(await score([{ seat: 700, pcm: frame(stream, i), isFirst: i === 0 }])));
      }
      alone.push(scores);
    }
    expect(Math.max(...alone.flat())).toBeGreaterThan(0.9);

    const chance = seededChance(3);
    const together: number[][] = streams.map(() => []);
    while (together.some(({ length }) => length < frames)) {
      const taking = [...streams.keys()]
        .filter((stream) => (together[stream]?.length ?? frames) < frames && chance.next() < 0.6)
        .sort(() => chance.next() - 0.5);
      if (taking.length === 0) continue;
      const scores = await score(
        taking.map((stream) => {
          const i = together[stream]?.length ?? 0;
          return { seat: stream, pcm: frame(stream, i), isFirst: i === 0 };
        }),
      );
      for (const [row, stream] of taking.entries()) together[stream]?.push(scores[row] ?? Number.NaN);
    }
    expect(together).toEqual(alone);
  });

  it('and forgets a seat whose next frame is its first again', async () => {
    const first = await score([{ seat: 1, pcm: frame(0, 30), isFirst: true }]);
    const after = await score([{ seat: 1, pcm: frame(0, 30), isFirst: false }]);
    const anew = await score([{ seat: 1, pcm: frame(0, 30), isFirst: true }]);
    expect(after).not.toEqual(first);
    expect(anew).toEqual(first);
  });
});
