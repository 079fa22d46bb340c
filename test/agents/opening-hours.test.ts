import { describe, expect, it } from 'vitest';
import { isOpenAt, nextOpening, type OpeningHours } from '../../src/agents/opening-hours.ts';

const shop: OpeningHours = {
  hours: [
    { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '09:00', to: '13:00' },
    { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '14:30', to: '18:00' },
    { days: ['sat'], from: '22:00', to: '24:00' },
  ],
  closed: ['2026-01-26'],
};
const kolkata = 'Asia/Kolkata';

describe('opening hours', () => {
  // 2026-01-26 is a Monday; 05:30 ahead of UTC
  it.each([
    ['2026-01-27T03:29:59Z', false, 'Tuesday at 09:00'],
    ['2026-01-27T03:30:00Z', true, 'Tuesday at 09:00'],
    ['2026-01-27T07:30:00Z', false, 'Tuesday at 14:30'],
    ['2026-01-27T12:30:00Z', false, 'Wednesday at 09:00'],
    ['2026-01-26T05:00:00Z', false, 'Tuesday at 09:00'],
    ['2026-01-31T18:00:00Z', true, 'Saturday at 23:30'],
    ['2026-01-31T18:30:00Z', false, 'Monday at 09:00'],
  ])('at %s: open %s, next %s', (at, isOpen, next) => {
    expect(isOpenAt(shop, Date.parse(at), kolkata)).toBe(isOpen);
    expect(nextOpening(shop, Date.parse(at), kolkata)).toBe(next);
  });

  it('are always without any', () => {
    expect(isOpenAt({ hours: [], closed: [] }, 0, kolkata)).toBe(true);
    const never = { hours: [{ days: [], from: '09:00', to: '10:00' }], closed: [] };
    expect(nextOpening(never, 0, kolkata)).toBeUndefined();
  });
});
