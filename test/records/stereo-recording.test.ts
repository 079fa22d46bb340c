import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseWav, wavChannel } from '../../src/audio/index.ts';
import { StereoRecording } from '../../src/records/index.ts';

let folder: string;
let files = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'baari-stereo-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** `ms` of audio at 8 kHz whose samples are all `value`. */
function tone(ms: number, value: number): Int16Array {
  return new Int16Array(ms * 8).fill(value);
}

/** Makes a recording and returns its right channel as runs of equal samples: [value, ms]. */
async function rightOf(make: (recording: StereoRecording) => void): Promise<[number, number][]> {
  files += 1;
  const path = join(folder, `${files}.wav`);
  const failures: Error[] = [];
  const recording = new StereoRecording({
    path,
    sampleRateHz: 8000,
    onError: (error) => failures.push(error),
  });
  make(recording);
  await recording.close();
  expect(failures).toEqual([]);
  const runs: [number, number][] = [];
  for (const sample of wavChannel(parseWav(await readFile(path)), 1)) {
    const last = runs.at(-1);
    if (last?.[0] === sample) last[1] += 1 / 8;
    else runs.push([sample, 1 / 8]);
  }
  return runs;
}

/** The caller's frames of 20 ms for this long. */
function caller(recording: StereoRecording, ms: number): void {
  for (let at = 0; at < ms; at += 20) recording.caller(tone(20, 1));
}

describe('the right channel', () => {
  it('has the agent where it was to be heard', async () => {
    const runs = await rightOf((recording) => {
      caller(recording, 100);
      recording.agent(tone(40, 5), 0);
      caller(recording, 100);
      recording.agent(tone(40, 6), 60);
      caller(recording, 200);
    });
    expect(runs).toEqual([
      [0, 100],
      [5, 40],
      [0, 120],
      [6, 40],
      [0, 100],
    ]);
  });

  it('has no seam between chunks that follow each other, whatever the jitter of the moment', async () => {
    const runs = await rightOf((recording) => {
      recording.agent(tone(100, 5), 0);
      caller(recording, 20);
      recording.agent(tone(100, 5), 95);
      caller(recording, 20);
      recording.agent(tone(100, 5), 150);
      caller(recording, 400);
    });
    expect(runs).toEqual([
      [5, 300],
      [0, 140],
    ]);
  });

  it('loses nothing of a chunk that comes just after the last has ended', async () => {
    const runs = await rightOf((recording) => {
      recording.agent(tone(100, 5), 0);
      caller(recording, 140);
      recording.agent(tone(100, 6), 0);
      caller(recording, 200);
    });
    expect(runs).toEqual([
      [5, 100],
      [0, 40],
      [6, 100],
      [0, 100],
    ]);
  });

  it('has no more of what was cleared, from the moment on that the caller could hear', async () => {
    const runs = await rightOf((recording) => {
      recording.agent(tone(40, 5), 0);
      recording.agent(tone(40, 6), 40);
      recording.agent(tone(40, 7), 80);
      caller(recording, 20);
      recording.cleared(30);
      caller(recording, 100);
      recording.agent(tone(40, 8), 0);
      caller(recording, 100);
    });
    expect(runs).toEqual([
      [5, 40],
      [6, 10],
      [0, 70],
      [8, 40],
      [0, 60],
    ]);
  });

  it('has nothing of the agent that lies beyond the caller’s last frame', async () => {
    const runs = await rightOf((recording) => {
      recording.agent(tone(1000, 5), 0);
      caller(recording, 100);
    });
    expect(runs).toEqual([[5, 100]]);
  });

  it('takes frames of any length', async () => {
    const runs = await rightOf((recording) => {
      recording.agent(tone(100, 5), 60);
      for (const ms of [1, 7, 3, 50, 100, 39]) recording.caller(tone(ms, 1));
    });
    expect(runs).toEqual([
      [0, 60],
      [5, 100],
      [0, 40],
    ]);
  });
});
