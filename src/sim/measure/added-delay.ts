/** Times on one clock, ms. */
type Times = readonly number[];

/**
 * For each arrival on the far side, how long ago the last departure on the near side was; arrivals that belong to the
 * same departure count once (the pre-roll of a turn arrives as a burst).
 */
export function delaysBetween(departedMs: Times, arrivedMs: Times): number[] {
  const delays: number[] = [];
  let departure = 0;
  let lastCounted = -1;
  for (const atMs of arrivedMs) {
    while ((departedMs[departure + 1] ?? Number.POSITIVE_INFINITY) <= atMs) departure += 1;
    const leftMs = departedMs[departure];
    if (leftMs === undefined || leftMs > atMs || departure === lastCounted) continue;
    lastCounted = departure;
    delays.push(atMs - leftMs);
  }
  return delays;
}

/** The middle value; NaN when there is none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
