import type { Levels, Mark, Turn } from '../../inspection/format.ts';

/** What is drawn of a call, live or past, on one time axis; times are ms since the call was accepted. */
export interface TimelineData {
  readonly durationMs: number;
  /** What is between two levels of a waveform, ms. */
  readonly levelEveryMs: number;
  readonly caller: Levels;
  /** As heard: what was cleared before it was played is silence. */
  readonly agent: Levels;
  readonly turns: readonly Turn[];
  readonly marks: readonly Mark[];
}

/** A stretch of the time axis, ms. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A tool from its call to its answer. */
export interface ToolSpan extends Span {
  readonly what: string;
}

/** What lasts, read off turns and marks. */
export interface Spans {
  /** The caller speaks. */
  readonly caller: readonly (Span & { readonly isBargeIn: boolean })[];
  /** From the caller's last sound to the first of the reply that is sent. */
  readonly waits: readonly Span[];
  /** The agent's voice is held back until it is known whether the caller interrupts. */
  readonly holds: readonly Span[];
  /** The agent does not hear the caller. */
  readonly mutes: readonly Span[];
  /** There is no connection to the model. */
  readonly outages: readonly Span[];
  readonly tools: readonly ToolSpan[];
}

/** What of a call lasts; what has not ended lasts until now. */
export function spansOf({ turns, marks, durationMs }: TimelineData): Spans {
  return {
    caller: turns.flatMap(({ callerStartedMs, callerEndedMs, isBargeIn }) =>
      callerStartedMs === undefined
        ? []
        : [{ fromMs: callerStartedMs, toMs: callerEndedMs ?? durationMs, isBargeIn }],
    ),
    waits: turns.flatMap(({ callerEndedMs, firstChunkMs }) =>
      callerEndedMs === undefined || firstChunkMs === undefined || firstChunkMs < callerEndedMs
        ? []
        : [{ fromMs: callerEndedMs, toMs: firstChunkMs }],
    ),
    holds: between(marks, ['hold'], ['play', 'flush'], durationMs),
    mutes: between(marks, ['mute'], ['unmute'], durationMs),
    outages: between(marks, ['lost'], ['ready'], durationMs),
    tools: marks.flatMap(({ kind, atMs, tookMs = 0, what = 'tool' }) =>
      kind === 'tool' ? [{ fromMs: Math.max(0, atMs - tookMs), toMs: atMs, what }] : [],
    ),
  };
}

/** The mark that is nearest to a time, of those that are drawn and not further from it than `withinMs`. */
export function markNear(marks: readonly Mark[], atMs: number, withinMs: number): Mark | undefined {
  let nearest: Mark | undefined;
  for (const mark of marks) {
    const distance = Math.abs(mark.atMs - atMs);
    if (distance <= withinMs && (!nearest || distance < Math.abs(nearest.atMs - atMs))) nearest = mark;
  }
  return nearest;
}

function between(
  marks: readonly Mark[],
  begins: readonly Mark['kind'][],
  ends: readonly Mark['kind'][],
  endMs: number,
): Span[] {
  const spans: Span[] = [];
  let fromMs: number | undefined;
  for (const { kind, atMs } of marks) {
    if (begins.includes(kind)) fromMs ??= atMs;
    else if (fromMs !== undefined && ends.includes(kind)) {
      spans.push({ fromMs, toMs: atMs });
      fromMs = undefined;
    }
  }
  if (fromMs !== undefined) spans.push({ fromMs, toMs: Math.max(fromMs, endMs) });
  return spans;
}
