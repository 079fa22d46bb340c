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
const furthestDays = 30;

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
  /** In the shop's time. */
  pick_up: z
    .string()
    .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d$/, 'expected a date and time such as 2026-01-31T17:00'),
  name: z.string().trim().min(1).max(80),
  /** Such as the name that goes on a cake. */
  note: z.string().trim().max(200).optional(),
});

/** What a customer asks for. */
export type Wish = z.infer<typeof wishSchema>;

/** An order that the shop has taken. */
export const orderSchema = wishSchema.extend({
  id: z.string(),
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

/** Why a wish cannot be had at its time; undefined when it can. */
export function pickUpFault({ pick_up, items }: Wish, nowMs: number): string | undefined {
  const asUtcMs = Date.parse(`${pick_up}:00Z`);
  // the 31st of February would be the 3rd of March
  const exists = !Number.isNaN(asUtcMs) && new Date(asUtcMs).toISOString().startsWith(pick_up);
  const atMs = asUtcMs - offsetMinutes * minuteMs;
  if (!exists) return `expected a day that exists, found ${pick_up}`;
  const now = shopDay(nowMs);
  const at = shopDay(atMs);
  if (at.minute < opensAt || at.minute > closesAt)
    return `expected a time from 08:00 to 21:00, found ${pick_up}`;
  if (at.day - now.day > furthestDays) return `expected a day within ${furthestDays} days, found ${pick_up}`;
  const hasCake = items.some(({ item }) => onMenu(item)?.isCake);
  if (hasCake && (at.day <= now.day || (at.day === now.day + 1 && at.minute < cakesAt))) {
    return `expected tomorrow from 11:00, or later, for a cake, found ${pick_up}`;
  }
  return atMs < nowMs + readyMs ? `expected at least 30 minutes from now, found ${pick_up}` : undefined;
}

/** Tomorrow at `time`, such as `17:00`, as an order says it. */
export function tomorrowAt(time: string, nowMs: number): string {
  const { day } = shopDay(nowMs);
  return `${new Date((day + 1) * dayMs).toISOString().slice(0, 10)}T${time}`;
}

/** Days since 1970-01-01 and minutes of the day, in the shop's time. */
function shopDay(ms: number): { day: number; minute: number } {
  const local = ms + offsetMinutes * minuteMs;
  const day = Math.floor(local / dayMs);
  return { day, minute: Math.floor((local - day * dayMs) / minuteMs) };
}

function onMenu(item: string): MenuItem | undefined {
  return menu.find((one) => one.item === item);
}
