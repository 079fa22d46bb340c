import { expect, test } from 'vitest';
import { watchLoopLag } from '../../src/server/loop-lag.ts';
import { SimulatedClock } from '../../src/time/index.ts';
import { until } from '../helpers/until.ts';

const windowMs = 2000;
const stallMs = 80;

/** Stands still, and lets the loop look at what is due. */
async function stall(times: number): Promise<void> {
  const nothing = new Int32Array(new SharedArrayBuffer(4));
  for (let n = 0; n < times; n += 1) {
    Atomics.wait(nothing, 0, 0, stallMs);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test('its lateness is told at the end of each window, falls when it is calm again, and is no longer looked at when stopped', async () => {
  const clock = new SimulatedClock();
  const lag = watchLoopLag(clock);
  expect(lag.lagMs).toBe(0);
  lag.start();
  lag.start();
  expect(clock.pendingTimers).toBe(1);
  await stall(6);
  clock.advance(windowMs - 1);
  expect(lag.lagMs).toBe(0);
  clock.advance(1);
  expect(lag.lagMs).toBeGreaterThan(stallMs / 2);

  const late = lag.lagMs;
  let looks = 0;
  await until('the loop to be calm', () => {
    looks += 1;
    // a window must be long enough to see the loop turn
    if (looks % 20 === 0) clock.advance(windowMs);
    return lag.lagMs < late / 2 || undefined;
  });

  lag.stop();
  expect(clock.pendingTimers).toBe(0);
  lag.start();
  expect(clock.pendingTimers).toBe(1);
  lag.stop();
});
