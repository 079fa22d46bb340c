import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { exampleAgentsFolder } from '../../src/agents/index.ts';
import { parseWav } from '../../src/audio/index.ts';
import { callRecordSchema, readTranscript } from '../../src/records/index.ts';
import { systemClock } from '../../src/time/index.ts';
import { BaariProcess } from '../helpers/baari-process.ts';
import { TestCall } from '../helpers/service.ts';
import { until } from '../helpers/until.ts';
import { secret, TestReceiver, verified } from '../webhooks/receiver.ts';

const folder = mkdtempSync(join(tmpdir(), 'baari-killed-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Audio in milliseconds at 8 kHz in stereo. */
function audioMs(path: string): number {
  return parseWav(readFileSync(path)).samples.length / 16;
}

/** The bakery of the examples, whose calls `url` is told of. */
function agentsTelling(url: string): string {
  const agents = join(folder, 'agents');
  mkdirSync(agents);
  const bakery = readFileSync(join(exampleAgentsFolder, 'bakery.yaml'), 'utf8');
  const after = `
webhooks:
  - { url: "${url}", secret: { env: HOOK_SECRET }, private: true }
extraction:
  min_words: 0
  schema: { type: object, properties: { cake: { type: string } }, required: [cake] }
`;
  writeFileSync(join(agents, 'bakery.yaml'), bakery + after);
  return agents;
}

test('leaves a record up to a second before, which the next start completes, marks, and tells of once', async () => {
  await using receiver = await TestReceiver.listen();
  const records = join(folder, 'records');
  const serve = ['serve', '--port', '0', '--records', records, '--agents', agentsTelling(receiver.url)];
  const env = { HOOK_SECRET: secret };
  let callId = '';
  let livedMs = 0;
  {
    await using baari = new BaariProcess(serve, { env });
    const base = await baari.listening();
    const call = new TestCall(`${base.replace('http', 'ws')}/exotel/bakery`, {});
    const line = await until('the call', () => baari.log.find(({ msg }) => msg === 'call.started'));
    const startedMs = systemClock.nowMs();
    callId = String(line.callId);
    const audio = join(records, callId, 'audio.wav');
    await call.caller.wait.agentAudible({ withinMs: 15_000 });
    await receiver.received(1);
    await until('some audio on the disk', () => (sizeOf(audio) > 40_000 ? true : undefined));
    livedMs = systemClock.nowMs() - startedMs;
    baari.kill('SIGKILL');
    await baari.ended();
    // readable as it lies there
    expect(audioMs(audio)).toBeGreaterThan(livedMs - 1000);
    // the greeting is being said
    expect(await readTranscript(records, callId)).toEqual([]);
  }
  await using again = new BaariProcess(serve, { env });
  await again.listening();
  await until('the record', () => again.log.find(({ msg }) => msg === 'record.cutOff'));
  const files = join(records, callId);
  const record = callRecordSchema.parse(JSON.parse(readFileSync(join(files, 'call.json'), 'utf8')));
  expect(record).toMatchObject({ callId, outcome: 'cutOff', agent: { name: 'bakery' } });
  expect(record.parties?.sampleRateHz).toBe(8000);
  expect(record.durationMs).toBeGreaterThan(livedMs - 1000);
  const lines = await readTranscript(records, callId);
  expect(lines).toEqual([expect.objectContaining({ who: 'agent' })]);
  expect(`${lines[0]?.text}${lines[0]?.unheard}`).not.toBe('');
  expect(readdirSync(files)).not.toContain('open.json');
  const bytes = readFileSync(join(files, 'audio.wav'));
  expect(bytes.readUInt32LE(40)).toBe(bytes.length - 44);
  await receiver.received(2);
  again.kill('SIGTERM');
  await again.ended();
  await using third = new BaariProcess(serve, { env });
  await third.listening();
  third.kill('SIGTERM');
  await third.ended();
  // each once, whichever process has found it
  expect(receiver.types).toEqual(['call.started', 'call.ended']);
  const told = receiver.got.map((got) => verified(got, secret, systemClock.wallMs()));
  expect(told[1]).toMatchObject({
    data: {
      callId,
      record: { outcome: 'cutOff', durationMs: record.durationMs, extraction: { data: { cake: '' } } },
    },
  });
});

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
