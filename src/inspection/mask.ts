/** Digits at the end of a number that tell callers apart and nobody from them. */
const shown = 3;

/** A phone number whose digits but the last three are dots. */
export function maskNumber(number: string): string {
  const digits = number.replace(/\D/g, '').length;
  let seen = 0;
  return number.replace(/\d/g, (digit) => {
    seen += 1;
    return seen > digits - shown && digits > shown ? digit : '•';
  });
}
