import { describe, expect, it } from 'vitest';
import { type LatenessSample, SharedPlayoutClock } from '../../src/playout/index.ts';
import { type Clock, SimulatedClock, type Timer } from '../../src/time/index.ts';

/** For ticks that do not throw. */
function rethrow(error: unknown): void {
  throw error;
}

/** A clock whose event loop can be busy: time passes, and timers come late, one a turn. */
class BusyClock implements Clock {
  readonly inner = new SimulatedClock();
  #busyMs = 0;

  nowMs(): number {
    return this.inner.nowMs() + this.#busyMs;
  }

  wallMs(): number {
    return this.inner.wallMs() + this.#busyMs;
  }

  setTimeout(fn: () => void, delayMs: number): Timer {
    return this.inner.setTimeout(fn, delayMs);
  }

  clearTimeout(timer: Timer | undefined): void {
    this.inner.clearTimeout(timer);
  }

  yield(fn: () => void): void {
    this.inner.yield(fn);
  }

  /** Lets `ms` pass in which no timer fires. */
  busy(ms: number): void {
    this.#busyMs += ms;
  }
}

describe('the shared clock', () => {
  it('ticks each call every 20 ms, spread over four phases of 5 ms', () => {
    const clock = new SimulatedClock();
    const shared = new SharedPlayoutClock(clock);
    const ticks: number[][] = [[], [], [], [], []];
    for (const times of ticks) shared.join(() => times.push(clock.nowMs()), rethrow);
    clock.advance(100);
    expect(ticks[1]).toEqual([5, 25, 45, 65, 85]);
    expect(ticks[2]).toEqual([10, 30, 50, 70, 90]);
    expect(ticks[3]).toEqual([15, 35, 55, 75, 95]);
    expect(ticks[0]).toEqual([20, 40, 60, 80, 100]);
    expect(ticks[4]).toEqual(ticks[0]);
  });

  it('keeps the phase of a call while others come and go', () => {
    const clock = new SimulatedClock();
    const shared = new SharedPlayoutClock(clock);
    const times: number[] = [];
    const leaveFirst = shared.join(() => undefined, rethrow);
    shared.join(() => times.push(clock.nowMs()), rethrow);
    clock.advance(33);
    leaveFirst();
    for (let joined = 0; joined < 7; joined += 1) shared.join(() => undefined, rethrow);
    clock.advance(67);
    expect(times.map((ms) => ms % 20)).toEqual([5, 5, 5, 5, 5]);
  });

  it('runs a slot that is overdue ahead of its timer when it is asked to, once, and goes on in its phase', () => {
    const clock = new BusyClock();
    const late: number[] = [];
    const shared = new SharedPlayoutClock(clock, ({ latenessMs }) => late.push(latenessMs));
    const times: number[] = [];
    shared.join(() => times.push(clock.nowMs()), rethrow);
    clock.inner.advance(19);
    shared.catchUp();
    expect(times).toEqual([]);
    clock.busy(2.5);
    shared.catchUp();
    expect(times).toEqual([]);
    clock.busy(1);
    shared.catchUp();
    shared.catchUp();
    expect(times).toEqual([22.5]);
    clock.inner.advance(20);
    expect(times).toEqual([22.5, 40]);
    expect(late).toEqual([2.5, 0]);
  });

  it('runs nothing when it is asked to and nobody has joined', () => {
    const clock = new BusyClock();
    const slots: number[] = [];
    const shared = new SharedPlayoutClock(clock, ({ latenessMs }) => slots.push(latenessMs));
    shared.catchUp();
    shared.join(() => undefined, rethrow)();
    clock.busy(100);
    shared.catchUp();
    expect(slots).toEqual([]);
  });

  it('lets what comes in be read for as long as a slot took, before it runs the next ahead of its timer', () => {
    const clock = new BusyClock();
    const shared = new SharedPlayoutClock(clock);
    let slots = 0;
    const tick = (): void => {
      slots += 1;
      clock.busy(30);
    };
    shared.join(tick, rethrow);
    clock.busy(22);
    shared.catchUp();
    expect(slots).toBe(1);
    clock.busy(29);
    shared.catchUp();
    expect(slots).toBe(1);
    clock.busy(1);
    shared.catchUp();
    expect(slots).toBe(2);
  });

  it('does not drift over an hour', () => {
    const clock = new SimulatedClock();
    const shared = new SharedPlayoutClock(clock);
    let ticks = 0;
    let lastMs = 0;
    shared.join(() => {
      ticks += 1;
      lastMs = clock.nowMs();
    }, rethrow);
    clock.advance(3_600_000);
    expect(ticks).toBe(180_000);
    expect(lastMs).toBe(3_600_000);
  });

  it('does not drift although every timer comes late', () => {
    const clock = new BusyClock();
    const shared = new SharedPlayoutClock(clock);
    let ticks = 0;
    shared.join(() => {
      ticks += 1;
      clock.busy(0.7);
    }, rethrow);
    while (clock.nowMs() < 60_000) clock.inner.advance(1);
    expect(ticks).toBeGreaterThanOrEqual(2998);
    expect(ticks).toBeLessThanOrEqual(3000);
  });

  it('arms no timer while nobody is on it', () => {
    const clock = new SimulatedClock();
    const shared = new SharedPlayoutClock(clock);
    expect(clock.pendingTimers).toBe(0);
    const leave = shared.join(() => undefined, rethrow);
    expect([clock.pendingTimers, shared.members]).toEqual([1, 1]);
    leave();
    leave();
    expect([clock.pendingTimers, shared.members]).toEqual([0, 0]);
    shared.join(() => undefined, rethrow);
    expect([clock.pendingTimers, shared.members]).toEqual([1, 1]);
  });

  it('lets a call leave, and join again, from within its tick', () => {
    const clock = new SimulatedClock();
    const shared = new SharedPlayoutClock(clock);
    const times: number[] = [];
    const tick = (): void => {
      times.push(clock.nowMs());
      leave();
      if (times.length < 3) leave = shared.join(tick, rethrow);
    };
    let leave = shared.join(tick, rethrow);
    clock.advance(200);
    expect(times).toHaveLength(3);
    expect([clock.pendingTimers, shared.members]).toEqual([0, 0]);
  });
});

describe('a call whose tick throws', () => {
  it('is told so, and the others go on', () => {
    const clock = new SimulatedClock();
    const shared = new SharedPlayoutClock(clock);
    const failures: unknown[] = [];
    const times: number[] = [];
    const broken = new Error('broken');
    for (let phase = 0; phase < 8; phase += 1) {
      shared.join(
        () => {
          if (phase === 1) throw broken;
          if (phase === 5) times.push(clock.nowMs());
        },
        (error) => failures.push(error),
      );
    }
    clock.advance(60);
    expect(failures).toEqual([broken, broken, broken]);
    expect(times).toEqual([5, 25, 45]);
  });
});

describe('after the event loop was busy', () => {
  function lateBy(ms: number): { ticks: number[]; samples: LatenessSample[]; clock: BusyClock } {
    const clock = new BusyClock();
    const samples: LatenessSample[] = [];
    const shared = new SharedPlayoutClock(clock, (sample) => samples.push(sample));
    const ticks: number[] = [];
    for (let phase = 0; phase < 4; phase += 1) shared.join(() => ticks.push(clock.nowMs()), rethrow);
    clock.inner.advance(20);
    ticks.length = 0;
    samples.length = 0;
    clock.busy(ms);
    return { ticks, samples, clock };
  }

  it('runs one slot a turn of the event loop, late ones too', () => {
    const { ticks, samples, clock } = lateBy(80);
    let turns = 0;
    while (samples.length < 16 && turns < 1000) {
      const before = ticks.length;
      clock.inner.advance(0.5);
      turns += 1;
      // the inner clock fires all that falls due; each firing is a turn of its own
      expect(ticks.length - before).toBe(samples.length - before);
    }
    expect(samples.every(({ skippedSlots }) => skippedSlots === 0)).toBe(true);
  });

  it('skips what is older than five periods, and says how much', () => {
    const { samples, ticks, clock } = lateBy(1000);
    clock.inner.advance(60);
    const skipped = samples.reduce((sum, { skippedSlots }) => sum + skippedSlots, 0);
    expect(skipped).toBeGreaterThanOrEqual(180);
    expect(ticks.length).toBeLessThan(40);
    expect(samples[0]?.latenessMs).toBeGreaterThan(990);
    expect(samples.at(-1)?.latenessMs).toBeLessThan(5);
  });

  it('keeps the phases', () => {
    const clock = new BusyClock();
    const shared = new SharedPlayoutClock(clock);
    const times: number[] = [];
    shared.join(() => undefined, rethrow);
    shared.join(() => times.push(clock.nowMs()), rethrow);
    clock.inner.advance(10);
    clock.busy(500);
    clock.inner.advance(100);
    expect(times.slice(-3).map((ms) => ms % 20)).toEqual([5, 5, 5]);
  });
});
