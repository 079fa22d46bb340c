import { levelDbov } from '../audio/index.ts';
import { wordGap } from './policy.ts';

const frameMs = 10;

/**
 * Where speech whose end is torn off is best ended: just inside its last pause between words.
 *
 * @param tail the last samples there are
 * @returns samples of `tail` to leave out; 0 when it holds no pause
 */
export function tornSamples(tail: Int16Array, rateHz: number): number {
  const frame = (frameMs * rateHz) / 1000;
  const wanted = wordGap.ms / frameMs;
  let quiet = 0;
  for (let end = tail.length; end >= frame; end -= frame) {
    quiet = levelDbov(tail.subarray(end - frame, end)) < wordGap.dbov ? quiet + 1 : 0;
    // the pause itself is played: its silence keeps the end from sounding chopped
    if (quiet === wanted) return tail.length - (end - frame) - wanted * frame;
  }
  return 0;
}
