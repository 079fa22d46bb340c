import type { JournalEntry } from '../records/index.ts';
import { markOfEvent, markOfTool } from './event-marks.ts';
import type { Mark } from './format.ts';

/** Marks of a past call that are told at most; later ones are left out. */
const mostMarks = 5000;

/** What a past call's time axis needs beyond its record; times are ms since the call was accepted. */
export interface PastMarks {
  /** When its stream, and with it the recording, began; undefined when it never did. */
  readonly startedMs: number | undefined;
  /** The same marks as were shown while it was live; digits of keys are not told. */
  readonly marks: readonly Mark[];
}

/** Reads off a call's journal what was marked on its time axis. */
export async function marksOfJournal(entries: AsyncIterable<JournalEntry>): Promise<PastMarks> {
  const marks: Mark[] = [];
  let startedMs: number | undefined;
  for await (const entry of entries) {
    if (entry.kind === 'started') startedMs ??= entry.atMs;
    const mark = markOf(entry);
    if (mark && marks.length < mostMarks) marks.push(mark);
  }
  return { startedMs, marks };
}

function markOf(entry: JournalEntry): Mark | undefined {
  if (entry.kind === 'event') return markOfEvent(entry, entry.atMs);
  return entry.kind === 'tool' ? markOfTool(entry.tool, entry.atMs) : undefined;
}
