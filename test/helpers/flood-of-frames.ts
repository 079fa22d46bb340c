import { type Chance, systemChance } from '../../src/time/index.ts';
import { mutatedFrame } from './mutated-frames.ts';
import { RawStream, startFrame } from './raw-stream.ts';
import { until } from './until.ts';

/** Frames on one stream at most: it is given up before, or drops. */
const mostOfStream = 120;
/** Frames sent before they are waited for: a stream that has not started is closed for the first bad one. */
const inOneGo = { started: 20, notStarted: 2 };
const streamsAtOnce = 8;

/** What came of the streams of a flood. */
export interface FloodReport {
  readonly streams: number;
  readonly frames: number;
  /** How often a stream was closed with which code; those that were dropped by the flood itself count as `dropped`. */
  readonly closes: Readonly<Record<string, number>>;
}

/**
 * Sends this many mutated frames to the stream at `address`, over as many connections as it takes; half of them have
 * started properly before.
 */
export async function floodOfFrames(address: string, chance: Chance, frames: number): Promise<FloodReport> {
  const closes: Record<string, number> = {};
  let left = frames;
  let streams = 0;
  const oneStream = async (): Promise<void> => {
    streams += 1;
    const stream = new RawStream(address);
    await stream.opened();
    const isStarted = chance.next() < 0.5;
    if (isStarted) stream.send(startFrame(`fuzz-${systemChance.hexId(8)}`));
    const atOnce = isStarted ? inOneGo.started : inOneGo.notStarted;
    for (let sent = 0; sent < mostOfStream && left > 0 && !stream.closed; sent += atOnce) {
      const some = Math.min(atOnce, left);
      left -= some;
      for (let n = 0; n < some; n += 1) stream.send(mutatedFrame(chance));
      await stream.wasRead();
    }
    const how = stream.closed ? String(stream.closed.code) : 'dropped';
    stream.drop();
    await until('the stream to be over', () => stream.closed);
    closes[how] = (closes[how] ?? 0) + 1;
  };
  const worker = async (): Promise<void> => {
    while (left > 0) await oneStream();
  };
  await Promise.all(Array.from({ length: streamsAtOnce }, worker));
  return { streams, frames, closes };
}
