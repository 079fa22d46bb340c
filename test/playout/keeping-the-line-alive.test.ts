import { expect, it } from 'vitest';
import { Rig } from './rig.ts';

it('answers with a silent chunk of 320 bytes, which ends the ringing', () => {
  const rig = new Rig();
  rig.scheduler.answer();
  expect(rig.line.sent).toEqual([{ what: 'media', atMs: 0, samples: 160 }]);
});

it('sends a silent chunk after each 10 s without media', () => {
  const rig = new Rig();
  rig.scheduler.answer();
  rig.advance(9999);
  expect(rig.mediaCount).toBe(1);
  rig.advance(1);
  expect(rig.mediaCount).toBe(2);
  rig.advance(40_000);
  expect(rig.line.sent.map(({ atMs }) => atMs)).toEqual([0, 10_000, 20_000, 30_000, 40_000, 50_000]);
  expect(rig.line.voiced).toEqual([]);
});

it('counts the 10 s from the last sound of a reply, and never puts silence into one', () => {
  const rig = new Rig();
  rig.scheduler.answer();
  rig.advance(7000);
  rig.write(30_000);
  rig.scheduler.finish();
  rig.advance(30_500);
  expect(rig.line.heard).toEqual(rig.all);
  expect(rig.line.gapsMs).toHaveLength(1);
  const lastMs = rig.line.chunks.at(-1)?.sentAtMs ?? 0;
  rig.advance(12_000);
  expect(rig.line.chunks.at(-1)?.sentAtMs).toBe(lastMs + 10_000);
});

it('keeps the line alive while a long reply is gathered before it starts', () => {
  const rig = new Rig({ policy: { start: 'turn' } });
  rig.scheduler.answer();
  for (let second = 0; second < 25; second += 1) {
    rig.write(1000);
    rig.advance(1000);
  }
  expect(rig.mediaCount).toBe(3);
  expect(rig.line.voiced).toEqual([]);
});

it('sends none into a reply that is held', () => {
  const rig = new Rig();
  rig.scheduler.answer();
  rig.write(3000);
  rig.advance(500);
  rig.scheduler.hold();
  const before = rig.mediaCount;
  rig.advance(15_000);
  expect(rig.mediaCount).toBe(before);
});
