import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

/** What one token may ask of one process within {@link withinS}, unless otherwise configured: far more than a console does. */
const mostRequests = 1200;
const withinS = 60;

/** Bounds how often each token asks, so that one program gone wild keeps nobody else waiting. */
export class RequestRate {
  readonly most: number;
  readonly withinS = withinS;
  readonly #limiter: RateLimiterMemory;

  /** @param most requests of a token in a minute */
  constructor(most = mostRequests) {
    this.most = most;
    this.#limiter = new RateLimiterMemory({ points: most, duration: withinS });
  }

  /** Counts a request of the token with this name; how long it has to wait, whole seconds, 0 when it may go on. */
  async waitS(name: string): Promise<number> {
    try {
      await this.#limiter.consume(name);
      return 0;
    } catch (refused) {
      if (refused instanceof RateLimiterRes) return Math.max(1, Math.ceil(refused.msBeforeNext / 1000));
      throw refused;
    }
  }
}
