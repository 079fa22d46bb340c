// Broken frames by the ten thousand through a server in its own process, and its memory after each slice, garbage collected.
// `npm run bench:frames`; BAARI_FUZZ_FRAMES=100000 BAARI_FUZZ_SEED=7 for more or others.
import { seededChance } from '../../src/time/index.ts';
import { floodOfFrames } from '../helpers/flood-of-frames.ts';
import { megabytes, ServerProcess } from './server-process.ts';

const frames = Number(process.env.BAARI_FUZZ_FRAMES ?? 20_000);
const seed = Number(process.env.BAARI_FUZZ_SEED ?? 1);
const slices = 5;
/** Growth of the heap from the first slice to the last that is no leak, bytes. */
const mostGrowth = 5e6;

await using server = await ServerProcess.start();
const chance = seededChance(seed);
const heaps: number[] = [];
console.info(`${frames} frames, seed ${seed}`);
for (let slice = 0; slice < slices; slice += 1) {
  const report = await floodOfFrames(
    `${server.base.replace('http', 'ws')}/exotel/bakery`,
    chance,
    frames / slices,
  );
  const { heap, rss, ended } = await server.settled();
  heaps.push(heap);
  const figures = `heap ${megabytes(heap)} MB, process ${megabytes(rss)} MB`;
  console.info(`${figures}, ${ended} calls ended, ${report.streams} streams`, report.closes);
}
const growth = (heaps.at(-1) ?? 0) - (heaps[0] ?? 0);
console.info(`growth ${megabytes(growth)} MB, at most ${megabytes(mostGrowth)} MB`);
if (growth > mostGrowth) process.exitCode = 1;
