import { describe, expect, it } from 'vitest';
import { Rig } from './rig.ts';

describe('a reply that is flushed', () => {
  it('sends clear, and nothing leaves until the next reply', () => {
    const rig = new Rig();
    rig.write(3000);
    rig.advance(510);
    rig.scheduler.flush();
    expect(rig.line.sent.at(-1)).toEqual({ what: 'clear', atMs: 510 });
    const sent = rig.line.sent.length;
    rig.advance(5000);
    rig.scheduler.play();
    rig.scheduler.finish();
    rig.advance(1000);
    expect(rig.line.sent).toHaveLength(sent);
    rig.write(200);
    expect(rig.line.sent.length).toBeGreaterThan(sent);
  });

  it.each([505, 510, 520, 539.5, 777])('after %s ms has heard to the end of the chunk that plays', (atMs) => {
    const rig = new Rig();
    rig.write(3000);
    rig.advance(atMs);
    rig.scheduler.flush();
    rig.advance(3000);
    const [settled] = rig.settled;
    expect(settled?.how).toBe('flushed');
    expect(settled?.account.heard).toBe(rig.line.heard.length);
    expect(settled?.account.dropped).toBe(24_000 - rig.line.heard.length);
    expect(settled?.account.queued).toBe(0);
  });

  it('has been heard as far as it was sent when the lead has run dry behind a hold', () => {
    const rig = new Rig();
    rig.write(3000);
    rig.advance(1100);
    rig.scheduler.hold();
    rig.advance(600);
    rig.scheduler.flush();
    expect(rig.settled[0]?.account.heard).toBe(rig.line.heard.length);
    expect(rig.settled[0]?.account.heard).toBe(rig.settled[0]?.account.sent);
  });

  it('counts no padding of the tail as heard or unheard speech', () => {
    const rig = new Rig();
    rig.write(203);
    rig.scheduler.finish();
    rig.advance(130);
    expect(rig.noticed).toContain('sentAll');
    rig.scheduler.flush();
    rig.advance(1000);
    expect(rig.settled[0]?.account.heard).toBe(rig.line.heard.length);
  });

  it('ignores its marks when they come back late', () => {
    const rig = new Rig();
    rig.write(1200);
    rig.scheduler.finish();
    rig.line.returnsMarks = false;
    rig.advance(1100);
    const { marks } = rig.line;
    expect(marks.length).toBeGreaterThan(1);
    rig.scheduler.flush();
    rig.write(2000);
    rig.advance(100);
    for (const name of marks) rig.scheduler.markReturned(name);
    expect(rig.settled).toHaveLength(1);
    const ofFirst = rig.settled[0]?.account.heard ?? 0;
    expect(rig.scheduler.account()).toMatchObject({ reply: 2, heard: rig.line.heard.length - ofFirst });
  });

  it('before its first sample has left is dropped whole, without a clear', () => {
    const rig = new Rig();
    rig.write(40);
    rig.scheduler.flush();
    expect(rig.line.sent).toEqual([]);
    expect(rig.settled[0]).toMatchObject({
      how: 'flushed',
      account: { generated: 320, heard: 0, dropped: 320 },
    });
  });

  it('twice is flushed once', () => {
    const rig = new Rig();
    rig.write(1000);
    rig.scheduler.flush();
    rig.scheduler.flush();
    expect(rig.settled).toHaveLength(1);
    expect(rig.line.sent.filter(({ what }) => what === 'clear')).toHaveLength(1);
  });

  it('leaves nothing of itself in the next one', () => {
    const rig = new Rig({ modelRateHz: 24_000 });
    rig.scheduler.write(new Int16Array(24_000).fill(20_000));
    rig.advance(300);
    rig.scheduler.flush();
    rig.advance(500);
    const before = rig.line.chunks.length;
    rig.scheduler.write(new Int16Array(24_000).fill(-3000));
    rig.scheduler.finish();
    rig.advance(2000);
    const next = rig.line.chunks.slice(before).flatMap(({ pcm }) => [...pcm]);
    expect(Math.max(...next)).toBeLessThan(1000);
  });
});

describe('a call that ends in mid-reply', () => {
  it('settles the reply with what had been heard by then', () => {
    const rig = new Rig();
    rig.write(3000);
    rig.advance(455);
    rig.scheduler.dispose();
    expect(rig.settled[0]).toMatchObject({ how: 'flushed', account: { heard: 455 * 8 } });
  });

  it('leaves no timer behind and takes nothing more', () => {
    const rig = new Rig();
    rig.scheduler.answer();
    rig.line.returnsMarks = false;
    rig.write(1000);
    rig.scheduler.finish();
    rig.advance(900);
    rig.scheduler.dispose();
    rig.scheduler.dispose();
    expect(rig.clock.pendingTimers).toBe(0);
    const sent = rig.line.sent.length;
    rig.write(1000);
    rig.scheduler.play();
    rig.scheduler.finish();
    rig.advance(20_000);
    expect(rig.line.sent).toHaveLength(sent);
  });
});
