import { describe, expect, it } from 'vitest';
import { burstMs, lateMs } from '../../src/playout/policy.ts';
import { Rig } from './rig.ts';

describe('a reply that streams', () => {
  it('sends its first chunk in the same moment in which the prebuffer is filled', () => {
    const rig = new Rig();
    rig.write(59);
    rig.advance(100);
    expect(rig.mediaCount).toBe(0);
    rig.write(1);
    expect(rig.line.sent[0]).toMatchObject({ what: 'media', atMs: 100 });
  });

  it('waits for a second burst when the prebuffer is filled by the first, and no longer', () => {
    const rig = new Rig();
    rig.write(80);
    rig.advance(burstMs - 1);
    expect(rig.mediaCount).toBe(0);
    rig.advance(1);
    expect(rig.mediaCount).toBeGreaterThan(0);
  });

  it('waits for nothing when the lead can be filled', () => {
    const rig = new Rig();
    rig.write(200);
    expect(rig.line.sent[0]).toMatchObject({ what: 'media', atMs: 0 });
  });

  it('is told of once as audible, with its first audible sample, before it is filled', () => {
    const rig = new Rig();
    rig.write(20);
    expect(rig.noticed).toEqual(['audible']);
    rig.advance(burstMs);
    rig.write(20);
    rig.write(20);
    expect(rig.noticed).toEqual(['audible', 'filled']);
  });

  it('does not start when it is flushed while it waits', () => {
    const rig = new Rig();
    rig.write(80);
    rig.scheduler.flush();
    rig.advance(1000);
    expect(rig.noticed).toEqual(['audible']);
    expect(rig.line.sent).toEqual([]);
  });

  it('starts with less than the prebuffer when the model has said all', () => {
    const rig = new Rig();
    rig.write(30);
    rig.scheduler.finish();
    rig.advance(100);
    expect(rig.line.heard).toEqual(rig.all);
    expect(rig.noticed).toEqual(['audible', 'filled', 'sentAll', 'heardAll']);
  });

  it('starts with less than the prebuffer when no more comes for long, and is seen to stall', () => {
    const prebufferMaxMs = 400;
    const rig = new Rig({ policy: { prebufferMaxMs } });
    const longestMs = prebufferMaxMs + lateMs;
    rig.write(40);
    rig.advance(longestMs - 1);
    expect(rig.mediaCount).toBe(0);
    rig.advance(1);
    expect(rig.noticed).toEqual(['audible', 'filled']);
    rig.advance(100);
    expect(rig.noticed).toEqual(['audible', 'filled', 'ranDry']);
  });

  it('waits on for as much as the carrier takes', () => {
    const rig = new Rig();
    rig.write(19);
    rig.advance(5000);
    expect(rig.noticed).toEqual(['audible']);
    rig.write(1);
    expect(rig.noticed).toEqual(['audible', 'filled']);
  });

  it('counts no gap before its first sample, with no prebuffer at all', () => {
    const rig = new Rig({ policy: { prebufferMs: 0 } });
    rig.advance(5000);
    rig.write(5);
    rig.advance(100);
    rig.write(500);
    rig.advance(1000);
    rig.write(20);
    rig.advance(300);
    expect(rig.counts.gapMs).toBeCloseTo(rig.line.gapsMs.reduce((sum, gapMs) => sum + gapMs, 0));
  });
});

describe('a reply of an agent that starts by turn', () => {
  it('waits for the whole reply, however long', () => {
    const rig = new Rig({ policy: { start: 'turn' } });
    for (let second = 0; second < 20; second += 1) {
      rig.write(1000);
      rig.advance(250);
    }
    expect(rig.mediaCount).toBe(0);
    rig.scheduler.finish();
    expect(rig.mediaCount).toBeGreaterThan(0);
    rig.advance(21_000);
    expect(rig.line.heard).toEqual(rig.all);
    expect(rig.line.gapsMs).toEqual([]);
  });
});

describe('the silence before the first word', () => {
  it.each([
    { leadingMs: 700, keptMs: 20 },
    { leadingMs: 20, keptMs: 20 },
    { leadingMs: 10, keptMs: 10 },
    { leadingMs: 0, keptMs: 0 },
  ])('of $leadingMs ms is played as $keptMs ms', ({ leadingMs, keptMs }) => {
    const rig = new Rig();
    for (let ms = 0; ms < leadingMs; ms += 10) rig.scheduler.write(new Int16Array(80));
    expect(rig.noticed).toEqual([]);
    rig.write(500);
    rig.scheduler.finish();
    rig.advance(1000);
    const heard = rig.line.chunks.flatMap(({ pcm }) => [...pcm]);
    expect(heard.findIndex((sample) => sample !== 0)).toBe(keptMs * 8);
    expect(rig.line.heard).toEqual(rig.all);
  });

  it('is cut in each reply anew, and not inside a reply', () => {
    const rig = new Rig();
    for (let reply = 0; reply < 3; reply += 1) {
      rig.scheduler.write(new Int16Array(8000));
      rig.write(100);
      rig.scheduler.write(new Int16Array(800));
      rig.write(100);
      rig.scheduler.finish();
      rig.advance(1000);
    }
    expect(rig.settled.map(({ account }) => account.heard)).toEqual([2560, 2560, 2560]);
  });

  it('opens no reply when nothing follows', () => {
    const rig = new Rig();
    rig.scheduler.write(new Int16Array(8000));
    rig.scheduler.finish();
    rig.advance(2000);
    expect(rig.notices).toEqual([]);
    expect(rig.line.sent).toEqual([]);
  });
});
