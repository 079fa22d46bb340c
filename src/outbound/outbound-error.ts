import type { ExotelApiCode } from '../exotel/index.ts';

/** Why a call was not placed, or it is not known whether it was. */
export type OutboundCode =
  | 'outbound.bad-number'
  | 'outbound.not-configured'
  | 'outbound.bad-fields'
  | 'outbound.outside-hours'
  | 'outbound.do-not-call'
  | 'outbound.do-not-call-unreadable'
  | 'outbound.rate-limited'
  | 'outbound.outcome-unknown'
  | 'outbound.key-reused'
  | 'outbound.too-many'
  | ExotelApiCode;

/** A call that was not placed; the message holds no secret and no number. */
export class OutboundError extends Error {
  readonly code: OutboundCode;
  readonly retryAfterMs: number | undefined;

  constructor(code: OutboundCode, message: string, retryAfterMs?: number) {
    super(message);
    this.name = 'OutboundError';
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}
