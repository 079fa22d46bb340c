/** The days of the week as agent files name them. */
export const dayNames = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

type DayName = (typeof dayNames)[number];

/** When somebody is there: spans of days and times of day (`09:00`), and dates on which they are not (`2026-08-15`). */
export interface OpeningHours {
  /** Always without any. */
  readonly hours: readonly {
    readonly days: readonly DayName[];
    readonly from: string;
    readonly to: string;
  }[];
  readonly closed: readonly string[];
}

const dayMs = 86_400_000;
const minuteMs = 60_000;

/** Whether somebody is there at `wallMs`, ms since 1970, by the clocks of a time zone. */
export function isOpenAt(opening: OpeningHours, wallMs: number, timeZone: string): boolean {
  const { day, time, date } = local(wallMs, timeZone);
  if (opening.closed.includes(date)) return false;
  if (opening.hours.length === 0) return true;
  return opening.hours.some(({ days, from, to }) => days.includes(day) && from <= time && time < to);
}

/** When somebody is there next, in words such as `Monday at 09:00`; undefined when not within two weeks. */
export function nextOpening(opening: OpeningHours, wallMs: number, timeZone: string): string | undefined {
  const startMs = Math.ceil(wallMs / minuteMs) * minuteMs;
  for (let ms = startMs; ms < startMs + 14 * dayMs; ms += 15 * minuteMs) {
    // zones differ from UTC by quarters of an hour at the least
    const quarterMs = Math.floor(ms / (15 * minuteMs)) * 15 * minuteMs;
    if (quarterMs < wallMs || !isOpenAt(opening, quarterMs, timeZone)) continue;
    const { time } = local(quarterMs, timeZone);
    const weekday = new Intl.DateTimeFormat('en-GB', { timeZone, weekday: 'long' }).format(quarterMs);
    return `${weekday} at ${time}`;
  }
  return undefined;
}

function local(wallMs: number, timeZone: string): { day: DayName; time: string; date: string } {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(wallMs);
  const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? '';
  const day = dayNames.find((name) => part('weekday').toLowerCase().startsWith(name)) ?? 'mon';
  return {
    day,
    time: `${part('hour')}:${part('minute')}`,
    date: `${part('year')}-${part('month')}-${part('day')}`,
  };
}
