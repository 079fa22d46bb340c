import { describe, expect, it } from 'vitest';
import { Rig } from './rig.ts';

describe('the end of a reply', () => {
  it('is the return of a mark behind the last chunk', () => {
    const rig = new Rig();
    rig.write(1000);
    rig.scheduler.finish();
    rig.advance(900);
    expect(rig.noticed).toContain('sentAll');
    expect(rig.line.sent.at(-1)?.what).toBe('mark');
    rig.advance(99);
    expect(rig.settled).toEqual([]);
    rig.advance(1);
    expect(rig.noticed.at(-1)).toBe('heardAll');
    expect(rig.settled).toEqual([
      {
        how: 'drained',
        account: { reply: 1, by: 'model', generated: 8000, sent: 8000, heard: 8000, dropped: 0, queued: 0 },
      },
    ]);
  });

  it('needs one mark only where the last chunk has one already', () => {
    const rig = new Rig();
    rig.write(1040);
    rig.scheduler.finish();
    rig.advance(2000);
    expect(new Set(rig.line.marks).size).toBe(rig.line.marks.length);
    expect(rig.line.marks.at(-1)).toBe(`r1.${1040 * 8}`);
  });

  it('is taken for heard a second after it should have been, when the mark is lost', () => {
    const rig = new Rig();
    rig.line.returnsMarks = false;
    rig.write(1000);
    rig.scheduler.finish();
    rig.advance(1999);
    expect(rig.settled).toEqual([]);
    rig.advance(1);
    expect(rig.settled[0]).toMatchObject({ how: 'drained', account: { heard: 8000, dropped: 0 } });
    expect(rig.counts.markLost).toBe(1);
    expect(rig.noticed.at(-1)).toBe('heardAll');
  });

  it('comes once: a mark behind its fallback changes nothing', () => {
    const rig = new Rig();
    rig.line.returnsMarks = false;
    rig.write(200);
    rig.scheduler.finish();
    rig.advance(3000);
    for (const name of rig.line.marks) rig.scheduler.markReturned(name);
    expect(rig.settled).toHaveLength(1);
    expect(rig.noticed.filter((notice) => notice === 'heardAll')).toHaveLength(1);
  });

  it('is not brought about by a mark that nobody sent', () => {
    const rig = new Rig();
    rig.write(200);
    rig.scheduler.finish();
    rig.scheduler.markReturned('r1.9999999');
    rig.scheduler.markReturned('');
    expect(rig.settled).toEqual([]);
  });
});

describe('a second reply that arrives before the first is heard to its end', () => {
  it('continues it without a gap, and both are heard whole', () => {
    const rig = new Rig();
    rig.write(500);
    rig.scheduler.finish();
    rig.advance(450);
    expect(rig.noticed).toContain('sentAll');
    rig.write(500);
    expect(rig.noticed).toContain('more');
    rig.scheduler.finish();
    rig.advance(2000);
    expect(rig.line.heard).toEqual(rig.all);
    expect(rig.line.gapsMs).toEqual([]);
    expect(rig.settled).toHaveLength(1);
    expect(rig.settled[0]?.account.heard).toBe(8000);
  });

  it('is not cut off by the end mark of the first, which comes back in between', () => {
    const rig = new Rig();
    rig.write(500);
    rig.scheduler.finish();
    rig.advance(450);
    rig.write(2000);
    rig.advance(100);
    expect(rig.settled).toEqual([]);
    rig.scheduler.finish();
    rig.advance(3000);
    expect(rig.settled[0]?.account.heard).toBe(20_000);
  });

  it('is not cut off by the fallback of the first either', () => {
    const rig = new Rig();
    rig.line.returnsMarks = false;
    rig.write(500);
    rig.scheduler.finish();
    rig.advance(450);
    rig.write(4000);
    rig.advance(3000);
    expect(rig.settled).toEqual([]);
    expect(rig.counts.markLost).toBeUndefined();
  });

  it('may begin while the first still waits to be sent', () => {
    const rig = new Rig();
    rig.write(1000);
    rig.scheduler.finish();
    rig.advance(100);
    rig.write(1000);
    rig.advance(1200);
    expect(rig.settled).toEqual([]);
    rig.scheduler.finish();
    rig.advance(2000);
    expect(rig.line.heard).toEqual(rig.all);
    expect(rig.settled).toHaveLength(1);
  });
});
