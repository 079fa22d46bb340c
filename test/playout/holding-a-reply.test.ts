import { describe, expect, it } from 'vitest';
import { burstMs } from '../../src/playout/policy.ts';
import { Rig } from './rig.ts';

function speaking(ms = 3000): Rig {
  const rig = new Rig();
  rig.write(ms);
  rig.advance(700);
  return rig;
}

describe('a reply that is held', () => {
  it('stops feeding at once and keeps the line alive for the length of the lead', () => {
    const rig = speaking();
    const before = rig.mediaCount;
    const leadMs = rig.scheduler.leadMs;
    rig.scheduler.hold();
    rig.advance(1000);
    expect(rig.mediaCount).toBe(before);
    expect(rig.line.heard).toHaveLength((700 + leadMs) * 8);
    expect(leadMs).toBeGreaterThanOrEqual(140);
  });

  it.each([0, 1, 119, 140, 600, 5000])('goes on with the very next sample after %s ms', (heldMs) => {
    const rig = speaking();
    rig.scheduler.hold();
    rig.advance(heldMs);
    rig.scheduler.play();
    rig.scheduler.finish();
    rig.advance(4000);
    expect(rig.line.heard).toEqual(rig.all);
  });

  it('loses nothing of what the caller hears when it is released within the lead', () => {
    const rig = speaking();
    rig.scheduler.hold();
    rig.advance(120);
    rig.scheduler.play();
    rig.scheduler.finish();
    rig.advance(4000);
    expect(rig.line.gapsMs).toEqual([]);
  });

  it('takes what the model says meanwhile, and its end', () => {
    const rig = speaking();
    rig.scheduler.hold();
    rig.write(500);
    rig.scheduler.finish();
    rig.advance(800);
    expect(rig.noticed).not.toContain('sentAll');
    rig.scheduler.play();
    rig.advance(4000);
    expect(rig.line.heard).toEqual(rig.all);
    expect(rig.settled[0]?.how).toBe('drained');
  });

  it('is not taken for a connection that stalls', () => {
    const rig = speaking(900);
    rig.scheduler.hold();
    rig.advance(1000);
    rig.write(500);
    rig.scheduler.play();
    rig.scheduler.finish();
    rig.advance(3000);
    rig.write(60);
    rig.advance(burstMs);
    expect(rig.noticed.at(-1)).toBe('filled');
    expect(rig.counts.gapMs).toBeUndefined();
  });

  it('may be held and released any number of times', () => {
    const rig = speaking();
    for (const heldMs of [10, 250, 5, 90, 400]) {
      rig.scheduler.hold();
      rig.scheduler.hold();
      rig.advance(heldMs);
      rig.scheduler.play();
      rig.scheduler.play();
      rig.advance(33);
    }
    rig.scheduler.finish();
    rig.advance(4000);
    expect(rig.line.heard).toEqual(rig.all);
  });
});
