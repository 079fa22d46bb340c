import type { Bridge } from './bridge.ts';
import type { Child } from './child.ts';
import { type Lateness, latenessOf } from './lateness.ts';
import { isPinned } from './pinned.ts';
import { coreBusyMs, usageOf } from './process-tree.ts';
import type { CallersOrder, CallersReport, GeminiOrder, GeminiReport, Moment } from './wire.ts';

/** Everything that is run to measure a bridge. */
export interface Load {
  readonly callers: Child<CallersOrder>;
  readonly gemini: Child<GeminiOrder>;
}

/** What a bridge did with so many calls. */
export interface Measured {
  readonly calls: number;
  /** Of a core, percent. */
  readonly cpu: number;
  readonly cpuPerCall: number;
  readonly rssMb: number;
  /** Lateness of outgoing chunks by the bridge's own clock, ms, where it tells it. */
  readonly late?: Lateness;
  /** Time between two looks of 10 ms at the bridge's event loop at p99, ms, where it tells it. */
  readonly loopMs?: number;
  readonly gaps: number;
  /** Gaps longer than a frame of 20 ms. */
  readonly longGaps: number;
  readonly replies: number;
  readonly short: number;
  readonly lost: number;
  readonly clears: number;
  readonly chunks: number;
  /** From a caller's frame to Gemini's socket, ms. */
  readonly up: Spread;
  /** From Gemini's first chunk of a reply to the phone, ms. */
  readonly down: Spread;
  /** What others used of the bridge's core, percent: noise. */
  readonly foreign: number;
  /** What the load used of its cores, percent of one: near 100 it measures itself. */
  readonly load: number;
}

/** Of how many values, and where 50, 95 and 99 of 100 lie. */
export interface Spread {
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** Measures what is going on for `seconds`. */
export async function measure(bridge: Bridge, { callers, gemini }: Load, seconds: number): Promise<Measured> {
  await gemini.ask({ do: 'measure' });
  await callers.ask({ do: 'measure' });
  const used = (): { own: number; busy: number; load: number; atMs: number } => ({
    own: bridge.usage.cpuMs,
    busy: coreBusyMs(0),
    load: usageOf(callers.pid).cpuMs + usageOf(gemini.pid).cpuMs,
    atMs: performance.now(),
  });
  const late = await latenessOf(bridge);
  const before = used();
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const after = used();
  const { rssMb } = bridge.usage;
  const heard = await callers.ask<CallersReport>({ do: 'tell' });
  const said = await gemini.ask<GeminiReport>({ do: 'tell' });
  const lateNow = await latenessOf(bridge);
  const percent = (from: number, to: number): number => ((to - from) / (after.atMs - before.atMs)) * 100;
  const cpu = percent(before.own, after.own);
  return {
    calls: heard.open,
    cpu,
    cpuPerCall: cpu / Math.max(1, heard.open),
    rssMb,
    ...(late.slots && lateNow.slots && { late: lateNow.slots.since(late.slots) }),
    ...(lateNow.loopMs !== undefined && { loopMs: lateNow.loopMs }),
    gaps: heard.gaps,
    longGaps: heard.longGaps,
    replies: heard.replies,
    short: heard.short,
    lost: heard.lost,
    clears: heard.clears,
    chunks: heard.chunks,
    up: spreadOf(delays(heard.peaks, said.peaks, 2000)),
    down: spreadOf(delays(said.said, heard.heard, 10_000)),
    foreign: isPinned ? percent(before.busy, after.busy) - cpu : Number.NaN,
    load: percent(before.load, after.load),
  };
}

/** From each moment to the next of the same caller, if it comes within `longestMs`. */
export function delays(from: readonly Moment[], to: readonly Moment[], longestMs: number): number[] {
  const times = Map.groupBy(to, ({ caller }) => caller);
  return from.flatMap(({ caller, atMs }) => {
    const next = times.get(caller)?.find((one) => one.atMs >= atMs);
    return next && next.atMs - atMs <= longestMs ? [next.atMs - atMs] : [];
  });
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return { count: sorted.length, p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}
