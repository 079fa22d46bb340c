import type { CallRow, Health } from '../../inspection/format.ts';

/** What a list of calls may be put in order by; `came` is how they came. */
export type CallOrder = 'agent' | 'caller' | 'floor' | 'came' | 'latency' | 'health';

const healthRank: Record<Health, number> = { failing: 0, reconnecting: 1, slow: 2, good: 3 };
const floorRank: Record<CallRow['floor'], number> = { nobody: 0, caller: 1, agent: 2 };

const comparisons: Record<CallOrder, (a: CallRow, b: CallRow) => number> = {
  agent: (a, b) => a.agent.localeCompare(b.agent),
  caller: (a, b) => (a.caller ?? '').localeCompare(b.caller ?? ''),
  // who has it, and who has had it longest
  floor: (a, b) =>
    floorRank[a.floor] - floorRank[b.floor] ||
    a.acceptedWallMs + a.floorSinceMs - (b.acceptedWallMs + b.floorSinceMs),
  came: (a, b) => a.acceptedWallMs - b.acceptedWallMs,
  latency: (a, b) => lastLatencyOf(b) - lastLatencyOf(a),
  health: (a, b) => healthRank[a.health] - healthRank[b.health],
};

/** The calls in an order; what is equal stays as it came. */
export function sortedCalls(calls: readonly CallRow[], by: CallOrder, isReversed: boolean): CallRow[] {
  const sorted = calls.toSorted(comparisons[by]);
  return isReversed ? sorted.reverse() : sorted;
}

function lastLatencyOf({ latenciesMs }: CallRow): number {
  return latenciesMs.at(-1) ?? -1;
}
