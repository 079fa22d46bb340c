import type { Line, Mark, Turn } from '../../inspection/format.ts';
import type { TimelineData } from '../timeline/timeline-data.ts';
import { everyMs, type Recording } from './use-recording.ts';

/** What a past call’s time axis is made of; times are ms since the call was accepted. */
export interface PastCall {
  readonly durationMs: number;
  readonly turns: readonly Turn[];
  readonly marks: readonly Mark[];
  /** When the recording began. */
  readonly startedMs: number;
  readonly recording: Recording;
}

/** A past call as the timeline of live calls draws it. */
export function pastTimeline({ durationMs, turns, marks, startedMs, recording }: PastCall): TimelineData {
  return {
    durationMs: Math.max(durationMs, startedMs + recording.durationMs),
    levelEveryMs: everyMs,
    caller: { fromMs: startedMs, peaks: recording.caller },
    agent: { fromMs: startedMs, peaks: recording.agent },
    turns,
    marks,
  };
}

/**
 * The lines of a transcript by when they were spoken: a caller’s words are written down when their turn is over, and belong to
 * where it began.
 */
export function spokenLines(lines: readonly Line[], turns: readonly Turn[]): readonly Line[] {
  const starts = turns.flatMap(({ callerStartedMs }) =>
    callerStartedMs === undefined ? [] : [callerStartedMs],
  );
  let lastMs = 0;
  return lines.map((line) => {
    if (line.who === 'agent') {
      lastMs = Math.max(lastMs, line.atMs);
      return line;
    }
    const startMs = starts.findLast((ms) => ms <= line.atMs && ms >= lastMs) ?? line.atMs;
    lastMs = startMs;
    return { ...line, atMs: startMs };
  });
}

/** Which line is spoken at `atMs`: the last that has begun; undefined before the first. */
export function lineAt(lines: readonly Line[], atMs: number): number | undefined {
  const at = lines.findLastIndex((line) => line.atMs <= atMs);
  return at < 0 ? undefined : at;
}
