import type { Turn } from '../../inspection/format.ts';

/** What a reply's delay was made of, ms. */
export interface ReplyParts {
  readonly turn: number;
  readonly totalMs: number;
  readonly parts: readonly ReplyPart[];
}

/** One of its parts: until the turn was taken as over, until the model spoke, until enough of it had come. */
export interface ReplyPart {
  readonly part: 'endOfTurn' | 'model' | 'prebuffer';
  readonly name: string;
  readonly ms: number;
}

/** The parts of a turn's delay; none for what the agent said unasked. */
export function replyParts({ turn, callerEndedMs, toldMs, firstAudioMs, firstChunkMs }: Turn): ReplyParts[] {
  if (callerEndedMs === undefined || firstChunkMs === undefined) return [];
  const told = within(toldMs ?? callerEndedMs, callerEndedMs, firstChunkMs);
  const audio = within(firstAudioMs ?? firstChunkMs, told, firstChunkMs);
  const parts: ReplyPart[] = [
    { part: 'endOfTurn', name: 'end of turn', ms: Math.round(told - callerEndedMs) },
    { part: 'model', name: 'model', ms: Math.round(audio - told) },
    { part: 'prebuffer', name: 'prebuffer', ms: Math.round(firstChunkMs - audio) },
  ];
  return [{ turn, totalMs: Math.max(0, Math.round(firstChunkMs - callerEndedMs)), parts }];
}

function within(ms: number, leastMs: number, mostMs: number): number {
  return Math.max(leastMs, Math.min(ms, Math.max(leastMs, mostMs)));
}
