import type { Chance } from '../time/index.ts';

/** Pauses after a failure, ms: doubled from the first to the longest. */
const pauses = {
  /** Before the same message is tried again. */
  message: { firstMs: 5_000, longestMs: 3_600_000 },
  /** Before anything is posted to the receiver again. */
  receiver: { firstMs: 1_000, longestMs: 60_000 },
};

/** The pause after so many failures in a row, ms; between half and all of it by chance, so that senders do not march in step. */
export function pauseMs(of: keyof typeof pauses, failures: number, chance: Chance): number {
  const { firstMs, longestMs } = pauses[of];
  const full = Math.min(longestMs, firstMs * 2 ** Math.min(30, failures - 1));
  return full * (0.5 + chance.next() / 2);
}
