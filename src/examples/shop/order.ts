import { z } from 'zod';
import { type MenuItem, menu } from './menu.ts';

/** The shop's time is India's, which has had no other offset since 1945, minutes. */
const offsetMinutes = 330;
const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
/** Opening hours, minutes of the day. */
const opensAt = 8 * 60;
const closesAt = 21 * 60;
/** Cakes can be collected from this minute of the next day on. */
const cakesAt = 11 * 60;
/** Anything else is ready this long after the order. */
const readyMs = 30 * minuteMs;

/** From Thursday on, the first of 1970. */
const weekdays = ['thursday', 'friday', 'saturday', 'sunday', 'monday', 'tuesday', 'wednesday'] as const;
const days = ['today', 'tomorrow', ...weekdays] as const;
const wanted = menu.map(({ item }) => item);

/** What a customer asks for. */
export const wishSchema = z.strictObject({
  items: z
    .array(
      z.strictObject({
        item: z
          .string()
          .refine((item) => wanted.includes(item), { error: `expected one of ${wanted.join(', ')}` }),
        quantity: z.int().min(1).max(50),
      }),
    )
    .min(1)
    .max(20),
  /** A weekday is the next one of that name: who orders need not know the date. */
  day: z.enum(days, { error: `expected one of ${days.join(', ')}` }),
  /** In the shop's time. */
  time: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected a time such as 17:00'),
  name: z.string().trim().min(1).max(80),
  /** Such as the name that goes on a cake. */
  note: z.string().trim().max(200).optional(),
});

/** What a customer asks for. */
export type Wish = z.infer<typeof wishSchema>;

/** An order that the shop has taken. */
export const orderSchema = wishSchema.extend({
  id: z.string(),
  /** Day and time, in the shop's time. */
  pick_up: z.string(),
  /** Indian rupees. */
  total: z.number(),
  /** ISO 8601, UTC. */
  taken_at: z.string(),
  /** The Idempotency-Key it came with. */
  key: z.string().optional(),
});

/** An order that the shop has taken. */
export type Order = z.infer<typeof orderSchema>;

/** What the items of a wish cost, Indian rupees. */
export function totalOf({ items }: Pick<Wish, 'items'>): number {
  return items.reduce((sum, { item, quantity }) => sum + (onMenu(item)?.price ?? 0) * quantity, 0);
}

/** When a wish is collected, such as `2026-01-31T17:00`, or why it cannot be had then. */
export function pickUpOf({ day, time, items }: Wish, nowMs: number): { at: string } | { fault: string } {
  const localMs = nowMs + offsetMinutes * minuteMs;
  const today = Math.floor(localMs / dayMs);
  const at = dayNumber(day, today);
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  const minute = hours * 60 + minutes;
  const found = `${day} at ${time}`;
  if (minute < opensAt || minute > closesAt)
    return { fault: `expected a time from 08:00 to 21:00, found ${found}` };
  const hasCake = items.some(({ item }) => onMenu(item)?.isCake);
  if (hasCake && (at === today || (at === today + 1 && minute < cakesAt))) {
    return { fault: `expected tomorrow from 11:00, or later, for a cake, found ${found}` };
  }
  const isSoon = at * dayMs + minute * minuteMs < localMs + readyMs;
  if (isSoon) return { fault: `expected at least 30 minutes from now, found ${found}` };
  return { at: `${new Date(at * dayMs).toISOString().slice(0, 10)}T${time}` };
}

/** Days since 1970-01-01, in the shop's time. */
function dayNumber(day: Wish['day'], today: number): number {
  if (day === 'today') return today;
  if (day === 'tomorrow') return today + 1;
  const ahead = (weekdays.indexOf(day) - (today % weekdays.length) + weekdays.length) % weekdays.length;
  return today + (ahead === 0 ? weekdays.length : ahead);
}

function onMenu(item: string): MenuItem | undefined {
  return menu.find((one) => one.item === item);
}
