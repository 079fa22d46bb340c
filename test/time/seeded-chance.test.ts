import { expect, it } from 'vitest';
import { seededChance, systemChance } from '../../src/time/index.ts';

it('gives the same numbers, ids and UUIDs for the same seed, and others for another', () => {
  const draw = (seed: number): unknown[] => {
    const chance = seededChance(seed);
    return [chance.next(), chance.hexId(8), chance.uuid(), chance.next()];
  };
  expect(draw(7)).toEqual(draw(7));
  expect(draw(7)).not.toEqual(draw(8));
});

it('is even enough: a tenth of the numbers in each tenth', () => {
  const chance = seededChance(3);
  const tenths = new Array<number>(10).fill(0);
  for (let i = 0; i < 20_000; i += 1) {
    const at = Math.floor(chance.next() * 10);
    tenths[at] = (tenths[at] ?? 0) + 1;
  }
  for (const count of tenths) expect(Math.abs(count - 2000)).toBeLessThan(200);
});

it.each([
  ['seeded', seededChance(11)],
  ['system', systemChance],
] as const)('%s chance keeps the formats', (_, chance) => {
  expect(chance.uuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(chance.hexId(6)).toMatch(/^[0-9a-f]{12}$/);
  expect(chance.next()).toBeGreaterThanOrEqual(0);
  expect(chance.next()).toBeLessThan(1);
});
