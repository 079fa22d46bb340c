/** Why Exotel did not do what it was asked for. */
export type ExotelApiCode =
  | 'exotel.unauthorised'
  | 'exotel.refused'
  | 'exotel.rate-limited'
  | 'exotel.unavailable'
  | 'exotel.timeout'
  | 'exotel.unreachable'
  | 'exotel.bad-answer';

/** A request to Exotel that failed; the message holds no secret and no number. */
export class ExotelApiError extends Error {
  readonly code: ExotelApiCode;
  /** The request may have been carried out all the same. */
  readonly isOutcomeUnknown: boolean;
  /** How long Exotel asked us to wait, ms. */
  readonly retryAfterMs: number | undefined;

  constructor(
    code: ExotelApiCode,
    message: string,
    more: { readonly isOutcomeUnknown?: boolean; readonly retryAfterMs?: number | undefined } = {},
  ) {
    super(message);
    this.name = 'ExotelApiError';
    this.code = code;
    this.isOutcomeUnknown = more.isOutcomeUnknown ?? false;
    this.retryAfterMs = more.retryAfterMs;
  }
}

/** `text` in one short line, without anything that could be a telephone number or a secret. */
export function withoutNumbers(text: string, secrets: readonly string[]): string {
  let safe = text.replace(/\s+/g, ' ').trim();
  for (const secret of secrets) if (secret) safe = safe.replaceAll(secret, '[secret]');
  return safe.replace(/\+?\d[\d -]{5,}\d/g, '[number]').slice(0, 300);
}
