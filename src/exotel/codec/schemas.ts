import { z } from 'zod';
import { toNumber, toText } from './fields.ts';
import { exotelSampleRatesHz, isExotelSampleRateHz } from './limits.ts';

// Each schema reads the fields of one event under their snake_case names; its messages say what was expected.

const optional = <T>(read: (value: unknown) => T | undefined) =>
  z
    .unknown()
    .optional()
    .transform((value) => read(value));

const required = <T>(read: (value: unknown) => T | undefined, expected: string) =>
  z
    .unknown()
    .optional()
    .transform((value, context) => {
      const found = read(value);
      if (found !== undefined) return found;
      context.issues.push({ code: 'custom', message: expected, input: value });
      return z.NEVER;
    });

export const startSchema = z.object({
  stream_sid: required(toText, "the stream's identifier: text or a number"),
  call_sid: required(toText, "the call's identifier: text or a number"),
  account_sid: optional(toText),
  from: optional(toText),
  to: optional(toText),
  sample_rate: required(toSampleRateHz, `${exotelSampleRatesHz.join(', ')} Hz`),
});

export const dtmfSchema = z.object({
  digit: required(toKey, 'one key of 0–9, *, #'),
  duration: optional(toNumber),
});

export const markSchema = z.object({ name: required(toText, "the mark's name: text or a number") });

export const stopSchema = z.object({
  call_sid: optional(toText),
  account_sid: optional(toText),
  reason: optional(toText),
});

/** Exotel: 8000 Hz unless the applet's address asks for another rate. */
function toSampleRateHz(value: unknown) {
  const rateHz = value === undefined ? 8000 : toNumber(value);
  return isExotelSampleRateHz(rateHz) ? rateHz : undefined;
}

function toKey(value: unknown): string | undefined {
  const key = toText(value);
  return key !== undefined && /^[0-9*#A-D]$/.test(key) ? key : undefined;
}
