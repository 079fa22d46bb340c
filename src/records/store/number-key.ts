import { createHmac } from 'node:crypto';

/** A number is known by its last ten digits, with or without a country code; hashed where there is a key. */
export function numberKey(number: string, key: string | undefined): string {
  const digits = number.replace(/\D/g, '').slice(-10);
  if (digits === '' || key === undefined) return digits;
  return createHmac('sha256', key).update(digits).digest('hex').slice(0, 32);
}
