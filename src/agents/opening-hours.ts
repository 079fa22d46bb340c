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
/** How far ahead it is looked for an opening, days. */
const daysAhead = 60;
/** Beyond so many days a weekday alone could be that of another week. */
const undatedDays = 6;

/** Whether somebody is there at `wallMs`, ms since 1970, by the clocks of a time zone. */
export function isOpenAt(opening: OpeningHours, wallMs: number, timeZone: string): boolean {
  const { day, time, date } = local(wallMs, timeZone);
  return spansOn(opening, day, date).some(({ from, to }) => from <= time && time < to);
}

/**
 * When somebody who is away comes next, in words such as `Monday at 09:00`, with the date when that is more than six days away;
 * undefined when they are there, or do not come within 60 days.
 */
export function nextOpening(opening: OpeningHours, wallMs: number, timeZone: string): string | undefined {
  if (isOpenAt(opening, wallMs, timeZone)) return undefined;
  const today = local(wallMs, timeZone);
  // dates are counted at noon UTC, where no clock is ever put forward or back
  const noonMs = Date.parse(`${today.date}T12:00:00Z`);
  for (let days = 0; days <= daysAhead; days += 1) {
    const { day, date } = local(noonMs + days * dayMs, 'UTC');
    const [first] = spansOn(opening, day, date)
      .map(({ from }) => from)
      .filter((from) => days > 0 || from > today.time)
      .toSorted();
    if (first === undefined) continue;
    const dated = days > undatedDays ? ({ day: 'numeric', month: 'long' } as const) : {};
    const told = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', weekday: 'long', ...dated });
    return `${told.format(noonMs + days * dayMs)} at ${first}`;
  }
  return undefined;
}

function spansOn(
  { hours, closed }: OpeningHours,
  day: DayName,
  date: string,
): readonly { readonly from: string; readonly to: string }[] {
  if (closed.includes(date)) return [];
  if (hours.length === 0) return [{ from: '00:00', to: '24:00' }];
  return hours.filter(({ days }) => days.includes(day));
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
