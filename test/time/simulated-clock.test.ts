import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { delay, SimulatedClock } from '../../src/time/index.ts';

describe('a simulated clock', () => {
  it('stands still until it is told to advance', () => {
    const clock = new SimulatedClock(1_000_000);
    let fired = false;
    clock.setTimeout(() => {
      fired = true;
    }, 0);
    expect([clock.nowMs(), clock.wallMs(), fired]).toEqual([0, 1_000_000, false]);
    clock.advance(0);
    expect(fired).toBe(true);
    clock.advance(12.5);
    expect([clock.nowMs(), clock.wallMs()]).toEqual([12.5, 1_000_012.5]);
  });

  it('fires timers in order of due time, those due together in order of creation, each at its own time', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -5, max: 50 }), { maxLength: 60 }), (delays) => {
        const clock = new SimulatedClock();
        const fired: { atMs: number; index: number }[] = [];
        for (const [index, delayMs] of delays.entries()) {
          clock.setTimeout(() => fired.push({ atMs: clock.nowMs(), index }), delayMs);
        }
        clock.advance(100);
        const wanted = delays
          .map((delayMs, index) => ({ atMs: Math.max(0, delayMs), index }))
          .sort((a, b) => a.atMs - b.atMs || a.index - b.index);
        expect(fired).toEqual(wanted);
        expect(clock.pendingTimers).toBe(0);
      }),
      { seed: 1 },
    );
  });

  it('fires what a timer sets within the same advance, when it falls due in it', () => {
    const clock = new SimulatedClock();
    const times: number[] = [];
    const tick = (): void => {
      times.push(clock.nowMs());
      clock.setTimeout(tick, 20);
    };
    clock.setTimeout(tick, 20);
    clock.advance(70);
    expect(times).toEqual([20, 40, 60]);
    expect(clock.pendingTimers).toBe(1);
  });

  it('does not fire what was cleared, and takes a timer that has fired or is none', () => {
    const clock = new SimulatedClock();
    let count = 0;
    const first = clock.setTimeout(() => {
      count += 1;
    }, 10);
    const second = clock.setTimeout(() => {
      count += 1;
      clock.clearTimeout(first);
    }, 5);
    clock.advance(20);
    clock.clearTimeout(first);
    clock.clearTimeout(second);
    clock.clearTimeout(undefined);
    clock.clearTimeout({ dueMs: 3 });
    expect(count).toBe(1);
  });

  it('serves what already waits before what yields to it', () => {
    const clock = new SimulatedClock();
    const order: string[] = [];
    clock.setTimeout(() => {
      clock.yield(() => order.push('yielded'));
      order.push('first');
    }, 10);
    clock.setTimeout(() => order.push('waiting'), 10);
    clock.advance(10);
    expect(order).toEqual(['first', 'waiting', 'yielded']);
  });

  it('keeps firing the others when one throws', () => {
    const clock = new SimulatedClock();
    let isFired = false;
    clock.setTimeout(() => {
      throw new Error('broken');
    }, 5);
    clock.setTimeout(() => {
      isFired = true;
    }, 6);
    expect(() => clock.advance(10)).toThrow('broken');
    expect(clock.nowMs()).toBe(5);
    clock.advance(5);
    expect(isFired).toBe(true);
  });
});

describe('running with promises', () => {
  it('lets promises settle after each timer, before the next', async () => {
    const clock = new SimulatedClock();
    const order: string[] = [];
    const sleeper = async (): Promise<void> => {
      for (const name of ['a', 'b', 'c']) {
        await delay(clock, 10);
        order.push(`${name} at ${clock.nowMs()}`);
      }
    };
    const done = sleeper();
    clock.setTimeout(() => order.push(`timer at ${clock.nowMs()}`), 25);
    await clock.run(100);
    await done;
    expect(order).toEqual(['a at 10', 'b at 20', 'timer at 25', 'c at 30']);
    expect(clock.nowMs()).toBe(100);
  });

  it('stops as soon as a fact is there, at the time of the timer that made it true', async () => {
    const clock = new SimulatedClock();
    let count = 0;
    const tick = (): void => {
      count += 1;
      clock.setTimeout(tick, 10);
    };
    tick();
    await clock.run(1000, () => count === 4);
    expect([count, clock.nowMs()]).toEqual([4, 30]);
  });
});

describe('a delay', () => {
  it('is over at once when it is aborted, and leaves no timer', async () => {
    const clock = new SimulatedClock();
    const scope = new AbortController();
    const waiting = delay(clock, 1000, scope.signal);
    scope.abort();
    await waiting;
    await delay(clock, 1000, scope.signal);
    expect(clock.pendingTimers).toBe(0);
  });
});
