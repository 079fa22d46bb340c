import type { Agent } from '../agents/index.ts';

/** Whether people may be called at `wallMs` (ms since 1970) by the hours and days of an agent, in its time zone. */
export function isWithinHours(
  { hours, days, timeZone }: Pick<Agent['outbound'], 'hours' | 'days' | 'timeZone'>,
  wallMs: number,
): boolean {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(wallMs);
  const part = (type: string): string => parts.find((found) => found.type === type)?.value ?? '';
  const minute = Number(part('hour')) * 60 + Number(part('minute'));
  const today = part('weekday').toLowerCase();
  const isDay = (day: string): boolean => days.length === 0 || days.includes(day);
  const [from = 0, to = 0] = hours.split('-').map(minuteOf);
  if (from < to) return isDay(today) && minute >= from && minute < to;
  // over midnight: what comes after it still belongs to the day before
  return (isDay(today) && minute >= from) || (isDay(dayBefore(today)) && minute < to);
}

function minuteOf(time: string): number {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  return hour * 60 + minute;
}

const week = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

function dayBefore(day: string): string {
  return week.at(week.indexOf(day) - 1) ?? '';
}
