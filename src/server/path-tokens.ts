import { errors, jwtVerify, SignJWT } from 'jose';
import type { Clock } from '../time/index.ts';

/** How long a stream's path is good for, ms: Exotel connects at once, within 10 s, and tries twice. */
const streamPathMs = 120_000;
/** How long a callback's path is good for, ms: the longest call (Exotel: 14,400 s), ringing and repeats. */
const callbackPathMs = 16_000_000;

/** What a path is for: a stream, or Exotel's status callbacks. */
export type PathUse = 'stream' | 'callback';

/** What a path was given out for. */
export interface PathGrant {
  readonly agent: string;
  /** The call that may use it; undefined when it was not known yet. */
  readonly callSid: string | undefined;
}

/** Signs and checks the part of a path that lets its bearer in; it survives where Exotel strips queries. */
export class PathTokens {
  readonly #key: Uint8Array;
  readonly #clock: Clock;

  /** @param secret at least 32 characters that nobody else knows */
  constructor(secret: string, clock: Clock) {
    this.#key = new TextEncoder().encode(secret);
    this.#clock = clock;
  }

  /** A token of about 200 letters, digits, dots, hyphens and underscores. */
  issue(use: PathUse, { agent, callSid }: PathGrant): Promise<string> {
    const lifeMs = use === 'stream' ? streamPathMs : callbackPathMs;
    const token = new SignJWT({ use })
      .setProtectedHeader({ alg: 'HS256' })
      .setAudience(agent)
      .setExpirationTime(Math.ceil((this.#clock.wallMs() + lifeMs) / 1000));
    return (callSid === undefined ? token : token.setSubject(callSid)).sign(this.#key);
  }

  /** What a token grants to the bearer at `agent`, or in words why it grants nothing. */
  async check(token: string, use: PathUse, agent: string): Promise<PathGrant | string> {
    try {
      const { payload } = await jwtVerify(token, this.#key, {
        algorithms: ['HS256'],
        audience: agent,
        currentDate: new Date(this.#clock.wallMs()),
        requiredClaims: ['exp'],
      });
      if (payload.use !== use) return 'it is for another use';
      return { agent, callSid: payload.sub };
    } catch (error) {
      if (error instanceof errors.JWTExpired) return 'it has expired';
      if (error instanceof errors.JWTClaimValidationFailed) return 'it is for another agent';
      return 'it is none of ours';
    }
  }
}
