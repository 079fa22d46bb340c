import { z } from 'zod';
import { toNumber, toText } from './fields.ts';
import { exotelSampleRatesHz, isExotelSampleRateHz } from './limits.ts';

/** Each schema reads the fields of one event under snake_case names; its error messages say what was expected. */

const someText = (what: string) =>
  z.unknown().transform((value, context) => {
    const text = toText(value);
    if (text !== undefined) return text;
    context.issues.push({ code: 'custom', message: `${what}: text or a number`, input: value });
    return z.NEVER;
  });

const anyText = z.unknown().transform((value) => toText(value));
const anyNumber = z.unknown().transform((value) => toNumber(value));

const sampleRateHz = z.unknown().transform((value, context) => {
  // Exotel: 8000 Hz unless the applet's address asks for another rate
  if (value === undefined) return 8000;
  const rateHz = toNumber(value);
  if (isExotelSampleRateHz(rateHz)) return rateHz;
  context.issues.push({ code: 'custom', message: `${exotelSampleRatesHz.join(', ')} Hz`, input: value });
  return z.NEVER;
});

export const startSchema = z.object({
  stream_sid: someText("the stream's identifier"),
  call_sid: someText("the call's identifier"),
  account_sid: anyText,
  from: anyText,
  to: anyText,
  sample_rate: sampleRateHz,
});

export const dtmfSchema = z.object({
  digit: z
    .unknown()
    .transform((value) => toText(value))
    .pipe(z.string({ error: 'one key of 0–9, *, #' }).regex(/^[0-9*#A-D]$/, { error: 'one key of 0–9, *, #' })),
  duration: anyNumber,
});

export const markSchema = z.object({ name: someText("the mark's name") });

export const stopSchema = z.object({ call_sid: anyText, account_sid: anyText, reason: anyText });
