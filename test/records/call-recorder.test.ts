import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseWav, wavChannel } from '../../src/audio/index.ts';
import { CallRecorder } from '../../src/records/index.ts';
import { delay, systemClock } from '../../src/time/index.ts';

let folder: string;
let calls = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'baari-recorder-'));
});
afterAll(() => rm(folder, { recursive: true }));

function recorderIn(where: string, hurry?: AbortSignal) {
  calls += 1;
  const failures: Error[] = [];
  const recorder = new CallRecorder({
    folder: where,
    callId: `call-${calls}`,
    clock: systemClock,
    hurry,
    onError: (error) => failures.push(error),
  });
  return { recorder, failures };
}

async function sizeOf(file: string): Promise<number> {
  return (await stat(file).catch(() => undefined))?.size ?? 0;
}

describe('a call’s record', () => {
  it('is three files in a folder of the call’s own', async () => {
    const { recorder, failures } = recorderIn(folder);
    recorder.start(8000);
    recorder.callerAudio(new Int16Array(160).fill(3));
    recorder.line({ who: 'caller', text: 'नमस्ते' });
    recorder.line({ who: 'agent', text: 'Hello.' });
    await recorder.close({ outcome: 'callerHungUp' });
    expect(failures).toEqual([]);
    expect(JSON.parse(await readFile(recorder.files.call, 'utf8'))).toEqual({ outcome: 'callerHungUp' });
    expect(await readFile(recorder.files.transcript, 'utf8')).toBe(
      '{"who":"caller","text":"नमस्ते"}\n{"who":"agent","text":"Hello."}\n',
    );
    expect(wavChannel(parseWav(await readFile(recorder.files.audio)), 0)).toEqual(
      new Int16Array(160).fill(3),
    );
  });

  it('keeps what comes before its files are open, in order', async () => {
    const { recorder } = recorderIn(folder);
    recorder.start(8000);
    const frame = new Int16Array(160);
    for (let value = 1; value <= 10; value += 1) recorder.callerAudio(frame.fill(value));
    recorder.agentAudio(frame.fill(99), 0);
    recorder.agentCleared(0);
    recorder.callerAudio(frame.fill(11));
    await recorder.close({});
    const wav = parseWav(await readFile(recorder.files.audio));
    const left = wavChannel(wav, 0);
    expect([...new Set(left)]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(wavChannel(wav, 1).every((sample) => sample === 0)).toBe(true);
  });

  it('grows on the disk while the call runs', async () => {
    const { recorder } = recorderIn(folder);
    recorder.start(8000);
    recorder.line({ text: 'first' });
    expect(await sizeWhenOver(recorder.files.transcript, 0)).toBeGreaterThan(0);
    for (let ms = 0; ms < 3000; ms += 20) recorder.callerAudio(new Int16Array(160).fill(7));
    const size = await sizeWhenOver(recorder.files.audio, 32_000);
    expect(size).toBeGreaterThan(32_000);
    expect(wavChannel(parseWav(await readFile(recorder.files.audio)), 0).length).toBeGreaterThan(8000);
    await recorder.close({});
  });

  it('of a call that never started has no audio, and says so by its absence', async () => {
    const { recorder, failures } = recorderIn(folder);
    recorder.callerAudio(new Int16Array(160));
    await recorder.close({ outcome: 'lineFailed' });
    expect(failures).toEqual([]);
    expect(await sizeOf(recorder.files.audio)).toBe(0);
    expect(JSON.parse(await readFile(recorder.files.call, 'utf8'))).toEqual({ outcome: 'lineFailed' });
  });
});

/** The size of a file once it is over `bytes`; only a file that never grows is waited for long. */
async function sizeWhenOver(file: string, bytes: number): Promise<number> {
  for (let look = 0; look < 2000; look += 1) {
    const size = await sizeOf(file);
    if (size > bytes) return size;
    await delay(systemClock, 5);
  }
  return sizeOf(file);
}

describe('a record that cannot be written', () => {
  it('is told, each failure, and throws nowhere', async () => {
    const blocked = join(folder, 'a-file');
    await writeFile(blocked, 'not a folder');
    const { recorder, failures } = recorderIn(blocked, AbortSignal.abort());
    recorder.start(8000);
    recorder.callerAudio(new Int16Array(160));
    recorder.agentAudio(new Int16Array(160), 0);
    recorder.line({ text: 'lost' });
    await recorder.close({});
    expect(failures.length).toBeGreaterThanOrEqual(3);
    for (const failure of failures) expect(failure.message).not.toBe('');
  });

  it('has its transcript and summary although the audio fails', async () => {
    const { recorder, failures } = recorderIn(folder, AbortSignal.abort());
    // a folder stands where the audio should be
    await mkdir(recorder.files.audio, { recursive: true });
    recorder.start(8000);
    recorder.callerAudio(new Int16Array(160));
    recorder.line({ text: 'kept' });
    await recorder.close({ outcome: 'callerHungUp' });
    expect(failures).toHaveLength(1);
    expect(await readFile(recorder.files.transcript, 'utf8')).toContain('kept');
    expect(await sizeOf(recorder.files.call)).toBeGreaterThan(0);
  });
});
