import { expect, test } from 'vitest';
import { concatPcm16 } from '../../src/audio/index.ts';
import { loadVoice } from '../../src/sim/index.ts';
import { seededChance } from '../../src/time/index.ts';
import { besideAnotherCall } from '../helpers/bystander.ts';
import { floodOfFrames } from '../helpers/flood-of-frames.ts';
import { says, script, TestService } from '../helpers/service.ts';
import { until } from '../helpers/until.ts';
import { withoutDoneWarnings } from '../machines/quiet-console.ts';

/** How many broken frames are sent, and from which seed: BAARI_FUZZ_FRAMES=100000 BAARI_FUZZ_SEED=7. */
const frames = Number(process.env.BAARI_FUZZ_FRAMES ?? 2000);
const seed = Number(process.env.BAARI_FUZZ_SEED ?? 1);

/** Still playing while the flood is on; a long flood has a minute of it. */
const greeting = concatPcm16(Array.from({ length: frames > 2000 ? 10 : 1 }, () => loadVoice('prices')));

withoutDoneWarnings();

test.concurrent(
  `${frames} broken frames from seed ${seed}: no stream is stuck, and the call beside them loses nothing`,
  async () => {
    await using service = await TestService.start({
      agents: { bystander: { patience: { repromptAfterMs: 600_000, goodbyeAfterMs: 600_000 } } },
      gemini: { script: { ...script, greeting: says('Prices.', greeting) } },
    });
    const report = await besideAnotherCall(
      service,
      () => floodOfFrames(service.address('bakery'), seededChance(seed), frames),
      greeting,
    );
    await until('the streams of the flood to be over', () => service.server.calls.size === 0 || undefined);
    expect(report.frames).toBe(frames);
    // 1007: never spoke the protocol; 1000: a stop, or given up; 1006: dropped by the flood
    expect(Object.keys(report.closes)).toEqual(expect.arrayContaining(['1007']));
    for (const how of Object.keys(report.closes)) expect(['dropped', '1000', '1007']).toContain(how);
    const defects = service.log.lines.filter(({ code }) => String(code).endsWith('.defect'));
    expect(defects).toEqual([]);
    for (const { summary } of service.finished) {
      expect(['callerHungUp', 'lineFailed']).toContain(summary.outcome);
    }
  },
  60_000 + frames * 5,
);
