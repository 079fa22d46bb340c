import { describe, expect, it } from 'vitest';
import { Rig } from './rig.ts';

/** Chunk and lead as an agent file may have them: the chunk is at most the lead. */
const feeds = [
  { chunkMs: 40, leadMs: 200 },
  { chunkMs: 20, leadMs: 200 },
  { chunkMs: 20, leadMs: 40 },
  { chunkMs: 40, leadMs: 40 },
  { chunkMs: 60, leadMs: 100 },
  { chunkMs: 100, leadMs: 200 },
  { chunkMs: 180, leadMs: 200 },
  { chunkMs: 200, leadMs: 200 },
  { chunkMs: 200, leadMs: 1000 },
];

describe.each(feeds)('chunks of $chunkMs ms, $leadMs ms ahead', ({ chunkMs, leadMs }) => {
  const policy = { chunkMs, leadMs, prebufferMs: Math.min(60, leadMs) };

  it.each([0, 3, 7.5, 19])('never run dry while audio waits, from %s ms on', (startMs) => {
    const rig = new Rig({ policy });
    rig.advance(startMs);
    rig.write(6000);
    rig.scheduler.finish();
    rig.advance(7000);
    expect(rig.line.gapsMs).toEqual([]);
    expect(rig.line.heard).toEqual(rig.all);
  });

  it('never are further ahead than the lead and one chunk', () => {
    const rig = new Rig({ policy });
    for (let piece = 0; piece < 40; piece += 1) {
      rig.write(130);
      rig.advance(30);
    }
    rig.advance(6000);
    expect(rig.line.deepestMs).toBeLessThanOrEqual(leadMs + chunkMs);
  });
});

describe.each([8000, 16_000, 24_000] as const)('a call at %s Hz', (rateHz) => {
  it('is sent whole multiples of 320 bytes, the tail padded with silence', () => {
    const rig = new Rig({ rateHz });
    for (const ms of [61, 7, 33.5, 210, 1.125, 99]) {
      rig.write(ms);
      rig.advance(20);
    }
    rig.scheduler.finish();
    rig.advance(2000);
    for (const { pcm } of rig.line.chunks) expect(pcm.byteLength % 320).toBe(0);
    expect(rig.line.heard).toEqual(rig.all);
    const whole = rig.line.chunks.reduce((sum, { pcm }) => sum + pcm.length, 0);
    expect(whole - rig.written).toBeLessThan(rateHz / 50);
  });

  it('hears what the model says at 24 kHz, and no more', () => {
    const rig = new Rig({ rateHz, modelRateHz: 24_000 });
    const second = Int16Array.from({ length: 24_000 }, (_, at) => Math.round(9000 * Math.sin(at / 20)));
    rig.scheduler.write(second);
    rig.scheduler.finish();
    rig.advance(2000);
    const [settled] = rig.settled;
    expect(settled?.account.heard).toBeGreaterThanOrEqual(rateHz);
    expect(settled?.account.heard).toBeLessThan(rateHz * 1.01);
  });
});

describe('a model that falls behind', () => {
  it('is told as run dry once a gap, whose length is counted', () => {
    const rig = new Rig();
    rig.write(100);
    rig.advance(300);
    rig.write(100);
    rig.advance(350);
    rig.write(100);
    rig.advance(50);
    expect(rig.noticed.filter((notice) => notice === 'ranDry')).toHaveLength(2);
    expect(rig.line.gapsMs).toHaveLength(2);
    expect(rig.counts.gapMs).toBeCloseTo(rig.line.gapsMs.reduce((sum, gapMs) => sum + gapMs, 0));
    expect(rig.line.voiced).toEqual(rig.all);
  });

  it('does not wait for a whole chunk when the lead is thin', () => {
    const rig = new Rig();
    rig.write(60);
    rig.advance(30);
    rig.write(20);
    rig.advance(30);
    expect(rig.line.voiced).toEqual(rig.all);
  });
});

it('gives up on nothing: ten minutes are queued, what is beyond is dropped and counted', () => {
  const rig = new Rig();
  for (let second = 0; second < 605; second += 1) rig.write(1000);
  expect(rig.counts.queueOverflow).toBeGreaterThan(4 * 8000);
  expect(rig.counts.queueOverflow).toBeLessThanOrEqual(5 * 8000);
  const { generated, heard, dropped, queued } = rig.scheduler.account();
  expect(generated).toBe(605 * 8000 - (rig.counts.queueOverflow ?? 0));
  expect(generated).toBe(heard + dropped + queued);
  rig.scheduler.finish();
  rig.advance(700_000);
  expect(rig.settled[0]?.account.heard).toBe(generated);
});
