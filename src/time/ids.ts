import { randomBytes, randomUUID } from 'node:crypto';

/** The only source of chance: injected, so that a simulated run can repeat. */
export interface Chance {
  /** A uniformly distributed number in [0, 1). */
  next(): number;
  /** A hexadecimal identifier of `bytes` random bytes. */
  hexId(bytes: number): string;
  /** A version 4 UUID. */
  uuid(): string;
}

/** Chance from the operating system. */
export const systemChance: Chance = {
  next: () => Math.random(),
  hexId: (bytes) => randomBytes(bytes).toString('hex'),
  uuid: () => randomUUID(),
};

/** Repeatable chance: the same `seed` (an integer) gives the same sequence. */
export function seededChance(seed: number): Chance {
  let state = seed >>> 0;
  // mulberry32: small, public domain, even enough for jitter and names
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const hexId = (bytes: number): string =>
    Array.from({ length: bytes }, () =>
      Math.floor(next() * 256)
        .toString(16)
        .padStart(2, '0'),
    ).join('');
  return {
    next,
    hexId,
    uuid: () => {
      const hex = hexId(16);
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
    },
  };
}
