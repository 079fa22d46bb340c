import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js';

/** `text` as E.164, a number without a country code being one of `country`'s; undefined when it is no possible number. */
export function normalNumber(text: string, country: string): string | undefined {
  if (!isSupportedCountry(country)) return undefined;
  const number = parsePhoneNumberFromString(text, { defaultCountry: country, extract: false });
  return number?.isPossible() && !number.ext ? number.number : undefined;
}

/** A number as logs may have it: its last two digits. */
export function maskedNumber(number: string): string {
  return `••••${number.slice(-2)}`;
}
