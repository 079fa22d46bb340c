import { existsSync, mkdtempSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Records, recordsStopMs } from '../../src/cli/records.ts';
import { spoken } from '../../src/sim/index.ts';
import { systemClock } from '../../src/time/index.ts';
import { MemoryLog } from '../helpers/memory-log.ts';
import { SimulatedService } from '../helpers/simulated-call.ts';
import { withoutDoneWarnings } from '../machines/quiet-console.ts';
import { hasS3, s3Server } from './servers/s3-server.ts';

withoutDoneWarnings();

const credentials = { BAARI_RECORDS_S3_KEY_ID: 'test', BAARI_RECORDS_S3_SECRET: 'test-secret' };

/** Makes a call, and stops its service's records in the moment that it is over: what is left in its folder, and how long it took. A real server needs real time. */
async function stoppedAtItsEnd(
  env: Readonly<Record<string, string>>,
  isReal: boolean,
): Promise<{ readonly left: readonly string[]; readonly tookMs: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'baari-last-'));
  try {
    const memory = new MemoryLog();
    const service = new SimulatedService({ script: { greeting: spoken('greeting'), turns: [] } });
    const clock = isReal ? systemClock : service.clock;
    const records = new Records({ folder, clock, log: memory.log, env });
    const over = Promise.withResolvers<void>();
    const observers = [records.follow('call-1', service.agent), { ended: () => over.resolve() }];
    const { caller } = service.dial({ observers });
    await service.talk(caller, [{ wait: 'agentAudible', withinMs: 5000 }, { hangUp: true }]);
    await service.clock.run(1000);
    await over.promise;
    // the disk and S3 take real time
    const pass = async (): Promise<void> => {
      await service.clock.run(100);
      await setImmediate();
    };
    while (!isReal && memory.all('record.complete').length === 0) await pass();
    const sinceMs = clock.nowMs();
    let tookMs: number | undefined;
    records.stop().then(() => {
      tookMs = clock.nowMs() - sinceMs;
    });
    while (tookMs === undefined) await pass();
    const call = join(folder, 'call-1');
    return { left: existsSync(call) ? readdirSync(call).sort() : [], tookMs };
  } finally {
    // the index may still be about to be closed: simulated time does not wait for it
    await rm(folder, { recursive: true, maxRetries: 10 });
  }
}

describe.skipIf(!hasS3)('a service that stops as its last call ends', () => {
  it('brings the record to S3 first, since the folder may go with the machine', async () => {
    const server = await s3Server();
    try {
      expect((await stoppedAtItsEnd(server.env, true)).left).toEqual([]);
      for (const file of ['call.json', 'audio.wav', 'journal.jsonl']) {
        expect(existsSync(join(server.folder, 'call-1', file)), file).toBe(true);
      }
    } finally {
      await server.remove();
    }
  });
});

it('without S3 the record is complete in its folder once the service has stopped', async () => {
  const { left } = await stoppedAtItsEnd({}, true);
  expect(left).toEqual(['audio.wav', 'call.json', 'journal.jsonl', 'transcript.jsonl']);
});

it('a store that is dead is waited for half a minute at most, and the record stays', async () => {
  const dead = {
    BAARI_RECORDS_S3_BUCKET: 'records',
    BAARI_RECORDS_S3_ENDPOINT: 'http://127.0.0.1:9',
    ...credentials,
  };
  const { left, tookMs } = await stoppedAtItsEnd(dead, false);
  expect(left).toContain('call.json');
  expect(tookMs).toBeLessThanOrEqual(recordsStopMs);
});
