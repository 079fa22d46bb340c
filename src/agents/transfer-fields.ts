import * as z from 'zod';
import { data, inCode, section, text } from './field.ts';
import { dayNames } from './opening-hours.ts';

/** Most people to pass a call on to: more only confuse a model. */
const mostTargets = 20;

const phoneNumber = /^\+?[0-9](?:[ -]?[0-9]){5,15}$/;
const expectedNumber = 'a telephone number, such as +919000000001';
const timeOfDay = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, { error: 'a time such as "09:30", in quotes' });

const hours = z
  .strictObject({
    days: z
      .array(z.enum(dayNames))
      .min(1)
      .max(7)
      .default([...dayNames])
      .meta({ description: 'Days of the week; all without it.' }),
    from: timeOfDay.meta({ description: 'In the time zone of the agent.' }),
    to: timeOfDay.meta({ description: 'Later than from; 24:00 for midnight.' }),
  })
  .refine(({ from, to }) => from < to, { error: 'from before to; hours past midnight as two spans' });

const target = z
  .strictObject({
    name: z
      .string()
      .regex(/^[A-Za-z][\w -]{0,39}$/, { error: 'a name of at most 40 letters, digits, spaces, _ and -' })
      .meta({ description: 'What the model calls them.' }),
    number: z.string().regex(phoneNumber, { error: expectedNumber }),
    description: z
      .string()
      .max(300)
      .default('')
      .meta({ description: 'Tells the model when to pass a caller on to them.' }),
    hours: z
      .array(hours)
      .max(20)
      .default([])
      .meta({ description: 'When they are there; always without it.' }),
    closed: z
      .array(z.iso.date({ error: 'a date such as 2026-08-15' }))
      .max(100)
      .default([])
      .meta({ description: 'Days on which they are not there, whatever the hours.' }),
  })
  .transform((one) => inCode(one));

/** Somebody whom a call can be passed on to. */
export type TransferTarget = z.output<typeof target>;

export const transfer = section('Whom the agent passes a call on to.', {
  number: text<string | undefined>(
    undefined,
    { maxLength: 20, pattern: phoneNumber, expected: expectedNumber },
    'The number that the flow’s Connect applet is to dial where no other was chosen.',
  ),
  targets: data<readonly TransferTarget[]>(
    {
      schema: z
        .array(target)
        .max(mostTargets)
        .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, {
          error: 'people with different names',
        }),
      default: [],
      expected: `a list of at most ${mostTargets} people, each with name and number`,
      shown: (all) => all.map(({ name, hours: open }) => `${name}${open.length > 0 ? ' (hours)' : ''}`),
    },
    'People to pass a caller on to, by the tool transfer_to_person.',
  ),
});
