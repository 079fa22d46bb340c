/** Where a piece of audio was found in a longer one. */
export interface Found {
  /** Sample of `within` at which `piece` begins. */
  readonly at: number;
  /** Normalised correlation, 1 for the same shape. */
  readonly likeness: number;
}

/**
 * Finds `piece` in `within` by normalised correlation, between `from` and `to` (first samples of candidates).
 * A coarse search on every fourth sample is made exact around the best place.
 */
export function findAudio(piece: Int16Array, within: Int16Array, from = 0, to = within.length): Found {
  const last = Math.min(to, within.length - piece.length);
  let best: Found = { at: Math.max(0, from), likeness: 0 };
  const coarse = likenessWith(piece, within, 4);
  for (let at = Math.max(0, from); at <= last; at += 2) {
    const likeness = coarse(at);
    if (likeness > best.likeness) best = { at, likeness };
  }
  const exact = likenessWith(piece, within, 1);
  let found: Found = { at: best.at, likeness: 0 };
  for (let at = Math.max(0, best.at - 4); at <= Math.min(last, best.at + 4); at += 1) {
    const likeness = exact(at);
    if (likeness > found.likeness) found = { at, likeness };
  }
  return found;
}

function likenessWith(piece: Int16Array, within: Int16Array, step: number): (at: number) => number {
  let pieceEnergy = 0;
  for (let i = 0; i < piece.length; i += step) pieceEnergy += (piece[i] ?? 0) ** 2;
  return (at) => {
    let product = 0;
    let energy = 0;
    for (let i = 0; i < piece.length; i += step) {
      const sample = within[at + i] ?? 0;
      product += sample * (piece[i] ?? 0);
      energy += sample ** 2;
    }
    return energy > 0 && pieceEnergy > 0 ? product / Math.sqrt(energy * pieceEnergy) : 0;
  };
}
