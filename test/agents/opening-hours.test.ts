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
    ['2026-01-27T03:30:00Z', true, undefined],
    ['2026-01-27T07:30:00Z', false, 'Tuesday at 14:30'],
    ['2026-01-27T12:30:00Z', false, 'Wednesday at 09:00'],
    ['2026-01-26T05:00:00Z', false, 'Tuesday at 09:00'],
    ['2026-01-31T18:00:00Z', true, undefined],
    ['2026-01-31T18:30:00Z', false, 'Monday at 09:00'],
  ])('at %s: open %s, next %s', (at, isOpen, next) => {
    expect(isOpenAt(shop, Date.parse(at), kolkata)).toBe(isOpen);
    expect(nextOpening(shop, Date.parse(at), kolkata)).toBe(next);
  });

  const on = (day: 'mon' | 'sun', from: string, closed: string[] = []): OpeningHours => ({
    hours: [{ days: [day], from, to: '24:00' }],
    closed,
  });

  it.each([
    ['to the minute', on('mon', '09:07'), kolkata, '2026-01-26T03:36:59Z', 'Monday at 09:07'],
    ['five days away', on('sun', '08:10'), kolkata, '2026-01-27T03:30:00Z', 'Sunday at 08:10'],
    ['six days away', on('mon', '08:10'), kolkata, '2026-01-27T03:30:00Z', 'Monday at 08:10'],
    [
      'a week away',
      on('mon', '08:10', ['2026-01-26']),
      kolkata,
      '2026-01-26T03:30:00Z',
      'Monday 2 February at 08:10',
    ],
    [
      'after a holiday',
      on('mon', '08:10', ['2026-02-02', '2026-02-09']),
      kolkata,
      '2026-01-27T03:30:00Z',
      'Monday 16 February at 08:10',
    ],
    // clocks go forward at one in the morning
    [
      'over a change of clocks',
      on('sun', '08:00'),
      'Europe/London',
      '2026-03-28T20:00:00Z',
      'Sunday at 08:00',
    ],
  ])('are told %s', (_, opening, timeZone, at, next) => {
    expect(nextOpening(opening, Date.parse(at), timeZone)).toBe(next);
  });

  it('are always without any', () => {
    expect(isOpenAt({ hours: [], closed: [] }, 0, kolkata)).toBe(true);
    const never = { hours: [{ days: [], from: '09:00', to: '10:00' }], closed: [] };
    expect(nextOpening(never, 0, kolkata)).toBeUndefined();
  });
});
