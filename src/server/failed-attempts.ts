import { isIPv6 } from 'node:net';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

/** Failed attempts of one address within {@link withinS}; beyond it the address is locked out until they are over. */
const mostOfOne = 10;
/** Failed attempts of all addresses within {@link withinS}: bounds what is remembered of them. */
const mostOfAll = 10_000;
const withinS = 60;

/** Remembers the addresses that tried to get in and failed. */
export class FailedAttempts {
  readonly #ofOne = new RateLimiterMemory({ points: mostOfOne, duration: withinS });
  readonly #ofAll = new RateLimiterMemory({ points: mostOfAll, duration: withinS });

  /** How long the address has to wait before it may try again, whole seconds; 0 when it need not. */
  async waitS(address: string): Promise<number> {
    const known = await this.#ofOne.get(placeOf(address));
    return known && known.consumedPoints >= mostOfOne ? Math.max(1, Math.ceil(known.msBeforeNext / 1000)) : 0;
  }

  /** Counts a failure; when all addresses together fail too often nothing more is remembered of single ones. */
  async note(address: string): Promise<void> {
    if (!(await consumed(this.#ofAll, 'all'))) return;
    await consumed(this.#ofOne, placeOf(address));
  }
}

async function consumed(limiter: RateLimiterMemory, key: string): Promise<boolean> {
  try {
    await limiter.consume(key);
    return true;
  } catch (refused) {
    if (refused instanceof RateLimiterRes) return false;
    throw refused;
  }
}

/** One customer usually holds a whole /64 of IPv6: it counts as one address. */
function placeOf(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('::');
  const groups = head.split(':').filter(Boolean);
  const rest = tail === undefined ? [] : tail.split(':').filter(Boolean);
  const gap = Array.from({ length: Math.max(0, 8 - groups.length - rest.length) }, () => '0');
  return `${[...groups, ...gap, ...rest].slice(0, 4).join(':')}::/64`;
}
