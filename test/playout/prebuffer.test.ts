import { describe, expect, it } from 'vitest';
import { Prebuffer } from '../../src/playout/prebuffer.ts';
import { Rig } from './rig.ts';

describe('the prebuffer', () => {
  const replies: { reservesMs: number[]; nextMs: number; because: string }[] = [
    { reservesMs: [], nextMs: 60, because: 'the reply came in one piece' },
    { reservesMs: [400, 150, 300], nextMs: 60, because: 'there was always enough' },
    { reservesMs: [400, 19], nextMs: 80, because: 'it came close once' },
    { reservesMs: [-50, 300], nextMs: 130, because: 'there was a gap of 50 ms' },
    { reservesMs: [-50, -120], nextMs: 200, because: 'the longest gap counts' },
    { reservesMs: [-5000], nextMs: 300, because: 'it has a limit' },
  ];

  it.each(replies)('is $nextMs ms after a reply of which $because', ({ reservesMs, nextMs }) => {
    const prebuffer = new Prebuffer(60, 300);
    for (const reserveMs of reservesMs) prebuffer.arrived(reserveMs);
    prebuffer.replyEnded();
    expect(prebuffer.targetMs).toBe(nextMs);
  });

  it('shrinks back step by step once replies keep up, to where it began', () => {
    const prebuffer = new Prebuffer(60, 300);
    prebuffer.arrived(-60);
    prebuffer.replyEnded();
    const targets = [1, 2, 3, 4, 5].map(() => {
      prebuffer.arrived(500);
      prebuffer.replyEnded();
      return prebuffer.targetMs;
    });
    expect(targets).toEqual([120, 100, 80, 60, 60]);
  });

  it('stays where it is after a reply that taught nothing', () => {
    const prebuffer = new Prebuffer(60, 300);
    prebuffer.arrived(-60);
    prebuffer.replyEnded();
    prebuffer.replyEnded();
    expect(prebuffer.targetMs).toBe(140);
  });

  it('never is under its least, even with a limit below it', () => {
    const prebuffer = new Prebuffer(60, 0);
    prebuffer.arrived(-100);
    prebuffer.replyEnded();
    expect(prebuffer.targetMs).toBe(60);
  });
});

/** Lets a reply of a second arrive in pieces of 100 ms, with one pause; returns from first audible to first chunk, ms. */
function reply(rig: Rig, pauseMs: number): number {
  const startMs = rig.clock.nowMs();
  const before = rig.mediaCount;
  for (let piece = 0; piece < 10; piece += 1) {
    rig.write(100);
    rig.advance(piece === 4 ? pauseMs : 60);
  }
  const first = rig.line.sent.filter(({ what }) => what === 'media')[before];
  rig.scheduler.finish();
  rig.advance(3000);
  return (first?.atMs ?? Number.NaN) - startMs;
}

it('lets the next reply start later on a connection that stalled, and sooner again when it keeps up', () => {
  const rig = new Rig();
  const calmMs = reply(rig, 60);
  reply(rig, 500);
  const afterStallMs = reply(rig, 60);
  for (let calm = 0; calm < 20; calm += 1) reply(rig, 60);
  const laterMs = reply(rig, 60);
  expect(afterStallMs).toBeGreaterThan(calmMs);
  expect(laterMs).toBe(calmMs);
});
