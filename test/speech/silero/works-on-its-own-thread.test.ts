import { readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it, vi } from 'vitest';
import { createScorers, type ScorersLog } from '../../../src/speech/index.ts';
import { WorkerInference } from '../../../src/speech/silero/worker-inference.ts';
import { systemClock } from '../../../src/time/index.ts';
import { loadUtterances } from '../../helpers/speech.ts';
import { describeWithSilero } from './installed.ts';
import { quietLog, settings, simulatedScorers } from './listen-together.ts';

const [voice] = loadUtterances();
const words =
  voice?.samples.slice(voice.strongStartMs * 8, voice.strongStartMs * 8 + 40 * 256) ?? new Int16Array(0);
const frames = words.length / 256;

const frame = (i: number): Int16Array => words.subarray(i * 256, (i + 1) * 256);

/** A scoring thread that says it is ready and dies of its first run. */
async function fragileThread(): Promise<URL> {
  const file = join(tmpdir(), `baari-fragile-${process.pid}.mjs`);
  await writeFile(
    file,
    `import { workerData } from 'node:worker_threads';
     workerData.port.on('message', () => { throw new Error('it broke'); });
     workerData.port.postMessage({ type: 'ready' });`,
  );
  return pathToFileURL(file);
}

describeWithSilero('Silero on a thread of its own', () => {
  it('gives in real time the scores that it gives in simulated time', async () => {
    const simulated = await simulatedScorers();
    const expected: number[] = [];
    const inStep = simulated.scorerFor(settings);
    inStep.listen((score) => expected.push(score));
    for (let i = 0; i < frames; i += 1) inStep.push(frame(i), i * 256);
    expect(expected).toHaveLength(frames);
    expect(Math.max(...expected)).toBeGreaterThan(0.9);
    await simulated.close();

    // a machine that is busy with other tests may be late, and says so
    const log: ScorersLog = { ...quietLog, warn: () => undefined };
    const scorers = await createScorers({ kind: 'silero', clock: systemClock, log });
    const scores: number[] = [];
    const scorer = scorers.scorerFor(settings);
    scorer.listen((score) => scores.push(score));
    for (let i = 0; i < frames; i += 1) {
      scorer.push(frame(i), i * 256);
      await vi.waitFor(() => expect(scores).toHaveLength(i + 1), { interval: 1, timeout: 5000 });
    }
    // a machine that is too slow for it would have scored by level
    if (scorers.counts.framesByLevel === 0) expect(scores).toEqual(expected);
    scorer.close();
    await scorers.close();
  });

  it('leaves the calls to their levels when its thread dies, and the log says so once', async () => {
    const lines: [string, object][] = [];
    const note = (fields: object, event: string): void => void lines.push([event, fields]);
    const log: ScorersLog = { info: note, warn: note, error: note };
    const workerUrl = await fragileThread();
    const scorers = await createScorers({
      kind: 'silero',
      clock: systemClock,
      log,
      openModel: () => WorkerInference.open({ workerUrl }),
    });
    const scores: number[] = [];
    const scorer = scorers.scorerFor(settings);
    scorer.listen((score) => scores.push(score));
    for (let i = 0; i < frames; i += 1) scorer.push(frame(i), i * 256);
    await vi.waitFor(() => expect(scores).toHaveLength(frames), { timeout: 5000 });
    await vi.waitFor(() => expect(scorers.kind).toBe('energy'), { timeout: 10_000 });
    expect(scorers.counts.framesByLevel).toBe(frames);
    const lost = lines.filter(([event]) => event === 'speech.scorer.lost');
    expect(lost).toEqual([
      ['speech.scorer.lost', { reason: 'the scoring thread failed: it broke', scorer: 'energy' }],
    ]);
    await scorers.close();
    await rm(workerUrl);
  });

  it('says which weights are missing, and that a file holds none', async () => {
    const missing = pathToFileURL(join(tmpdir(), 'no-such-model.onnx'));
    await expect(WorkerInference.open({ modelUrl: missing })).rejects.toThrow(
      'its weights are missing: no-such-model.onnx',
    );
    await expect(WorkerInference.open({ modelUrl: new URL(import.meta.url) })).rejects.toThrow(
      /load|model|parse/i,
    );
  });

  it('carries the weights as their authors publish them', async () => {
    const file = await readFile(new URL('../../../src/speech/silero/silero-vad-v6.2.onnx', import.meta.url));
    const digest = Buffer.from(await crypto.subtle.digest('SHA-256', file)).toString('hex');
    expect(digest).toBe('1a153a22f4509e292a94e67d6f9b85e8deb25b4988682b7e174c65279d8788e3');
  });

  it('keeps less than 16 KB for a call', async () => {
    setFlagsFromString('--expose-gc');
    const collect: () => void = runInNewContext('gc');
    const scorers = await simulatedScorers();
    const calls = 500;
    collect();
    const before = process.memoryUsage();
    const open = Array.from({ length: calls }, () => scorers.scorerFor(settings));
    for (let i = 0; i < frames; i += 1) for (const scorer of open) scorer.push(frame(i), i * 256);
    collect();
    const after = process.memoryUsage();
    const bytes = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
    console.log(`${Math.round(bytes / calls)} bytes a call beside the 1,152 that the model remembers`);
    expect(bytes / calls).toBeLessThan(16_384);
    for (const scorer of open) scorer.close();
    await scorers.close();
  });
});
