import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import type { CallFields } from './call-fields.ts';

/** A phone number in E.164, such as `+918012345678`; without a country code it is Indian. Undefined when it is none. */
export function asE164(number: string): string | undefined {
  // a plus sign in a query that was not encoded arrives as a space
  return parsePhoneNumberFromString(number.trim().slice(0, 40), 'IN')?.number;
}

/** Numbers that may be ours, most likely first: on live calls `To` and `CallTo` differ, and either may be the ExoPhone. */
export function calledNumbers(fields: CallFields): string[] {
  const names = ['CallTo', 'To'];
  // of a call that we placed the ExoPhone is the other end
  if (fields.get('Direction')?.startsWith('outbound')) names.push('CallFrom', 'From');
  return names.flatMap((name) => asE164(fields.get(name) ?? '') ?? []);
}
