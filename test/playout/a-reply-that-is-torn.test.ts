import { describe, expect, it } from 'vitest';
import { Rig } from './rig.ts';

interface Course {
  readonly title: string;
  /** What comes before the reply is torn: speech is positive, a pause negative; ms. */
  readonly comes: readonly number[];
  /** How much of it is played, ms. */
  readonly playedMs: number;
}

const courses: readonly Course[] = [
  { title: 'in a word ends with the pause before it', comes: [2000, -100, 400], playedMs: 2100 },
  { title: 'in a word ends with the last of two pauses', comes: [800, -80, 500, -80, 300], playedMs: 1460 },
  { title: 'behind a whole word loses nothing', comes: [2000, -200], playedMs: 2200 },
  { title: 'where no pause is near plays to its end', comes: [2000, -100, 1400], playedMs: 3500 },
  { title: 'where a pause is too short to be one plays to its end', comes: [2000, -50, 400], playedMs: 2450 },
];

describe('a reply that is torn', () => {
  it.each(courses)('$title', ({ comes, playedMs }) => {
    const rig = new Rig();
    for (const ms of comes) {
      if (ms > 0) rig.write(ms);
      else rig.pause(-ms);
    }
    rig.advance(100);
    rig.scheduler.finishAtGap();
    rig.advance(10_000);
    expect(rig.line.heard).toEqual(rig.all.slice(0, playedMs * 8));
    expect(rig.line.gapsMs).toEqual([]);
    expect(rig.settled).toEqual([
      {
        how: 'drained',
        account: {
          reply: 1,
          by: 'model',
          generated: rig.written,
          sent: playedMs * 8,
          heard: playedMs * 8,
          dropped: rig.written - playedMs * 8,
          queued: 0,
        },
      },
    ]);
  });

  it('while it is held stays held, and ends at the pause once released', () => {
    const rig = new Rig();
    rig.write(1000);
    rig.pause(100);
    rig.write(300);
    rig.advance(100);
    rig.scheduler.hold();
    rig.scheduler.finishAtGap();
    rig.advance(1000);
    expect(rig.settled).toEqual([]);
    rig.scheduler.play();
    rig.advance(5000);
    expect(rig.line.heard).toEqual(rig.all.slice(0, 1100 * 8));
  });

  it('before it has started is played as far as it has come', () => {
    const rig = new Rig();
    rig.write(40);
    rig.scheduler.finishAtGap();
    rig.advance(2000);
    expect(rig.line.heard).toEqual(rig.all);
    expect(rig.settled[0]).toMatchObject({ how: 'drained', account: { heard: 320, dropped: 0 } });
  });

  it('goes on behind its pause when the model does so in time', () => {
    const rig = new Rig();
    rig.write(1000);
    rig.pause(100);
    rig.write(300);
    rig.scheduler.finishAtGap();
    rig.advance(500);
    rig.write(1000);
    rig.scheduler.finish();
    rig.advance(5000);
    const { all } = rig;
    expect(rig.line.heard).toEqual([...all.slice(0, 1100 * 8), ...all.slice(1400 * 8)]);
    expect(rig.line.gapsMs).toEqual([]);
    expect(rig.settled.map(({ account }) => account.dropped)).toEqual([300 * 8]);
  });

  it('is nothing where all has been sent, or nothing was', () => {
    const rig = new Rig();
    rig.scheduler.finishAtGap();
    rig.write(300);
    rig.scheduler.finish();
    rig.scheduler.finishAtGap();
    rig.advance(2000);
    expect(rig.settled.map(({ account }) => account.dropped)).toEqual([0]);
  });
});
