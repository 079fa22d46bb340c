import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { parseWav } from '../../src/audio/index.ts';
import { callRecordSchema } from '../../src/records/index.ts';
import { systemClock } from '../../src/time/index.ts';
import { BaariProcess } from '../helpers/baari-process.ts';
import { TestCall } from '../helpers/service.ts';
import { until } from '../helpers/until.ts';

const folder = mkdtempSync(join(tmpdir(), 'baari-killed-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Audio in milliseconds at 8 kHz in stereo. */
function audioMs(path: string): number {
  return parseWav(readFileSync(path)).samples.length / 16;
}

test('leaves a record up to a second before, which the next start completes and marks', async () => {
  const serve = ['serve', '--port', '0', '--records', folder];
  let callId = '';
  let livedMs = 0;
  {
    await using baari = new BaariProcess(serve);
    const base = await baari.listening();
    const call = new TestCall(`${base.replace('http', 'ws')}/exotel/bakery`, {});
    const line = await until('the call', () => baari.log.find(({ msg }) => msg === 'call.started'));
    const startedMs = systemClock.nowMs();
    callId = String(line.callId);
    const audio = join(folder, callId, 'audio.wav');
    await call.caller.wait.agentAudible({ withinMs: 15_000 });
    await until('some audio on the disk', () => (sizeOf(audio) > 40_000 ? true : undefined));
    livedMs = systemClock.nowMs() - startedMs;
    baari.kill('SIGKILL');
    await baari.ended();
    // readable as it lies there
    expect(audioMs(audio)).toBeGreaterThan(livedMs - 1000);
  }
  await using again = new BaariProcess(serve);
  await again.listening();
  await until('the record', () => again.log.find(({ msg }) => msg === 'record.cutOff'));
  const files = join(folder, callId);
  const record = callRecordSchema.parse(JSON.parse(readFileSync(join(files, 'call.json'), 'utf8')));
  expect(record).toMatchObject({ callId, outcome: 'cutOff', agent: { name: 'bakery' } });
  expect(record.parties?.sampleRateHz).toBe(8000);
  expect(record.durationMs).toBeGreaterThan(livedMs - 1000);
  const bytes = readFileSync(join(files, 'audio.wav'));
  expect(bytes.readUInt32LE(40)).toBe(bytes.length - 44);
});

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
