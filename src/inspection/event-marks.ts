import type { Mark, MarkKind } from './format.ts';

/** An event of a call, as it happens or as its journal tells it. */
export interface MarkableEvent {
  readonly type: string;
  readonly verdict?: unknown;
  readonly failure?: unknown;
}

/** A tool's call that is over. */
export interface FinishedTool {
  readonly name: string;
  readonly outcome: string;
  readonly durationMs: number;
}

/** Events, and commands to the playout, that are marks as they are. */
const kinds: ReadonlyMap<string, MarkKind> = new Map<string, MarkKind>([
  ['playout.underran', 'underrun'],
  ['playout.refilled', 'refill'],
  ['gemini.interrupted', 'interrupted'],
  ['gemini.lost', 'lost'],
  ['gemini.ready', 'ready'],
  ['gemini.replyTorn', 'torn'],
  ['gemini.nudge', 'nudge'],
  ['gemini.renew', 'newSession'],
  ['exotel.digit', 'key'],
  ['call.transfer', 'transfer'],
  ['call.mute', 'mute'],
  ['call.unmute', 'unmute'],
  ['call.end', 'end'],
  ['queue.hold', 'hold'],
  ['queue.play', 'play'],
  ['queue.flush', 'flush'],
]);

/** The mark that an event leaves on the time axis; most leave none. */
export function markOfEvent({ type, verdict, failure }: MarkableEvent, atMs: number): Mark | undefined {
  const kind = kinds.get(type);
  if (kind) return { atMs, kind };
  if (type === 'turn.verdict')
    return { atMs, kind: verdict === 'confirmed' ? 'bargeIn.confirmed' : 'bargeIn.rejected' };
  const code = codeOf(failure);
  return code === undefined ? undefined : { atMs, kind: 'failure', what: code };
}

/** The mark that a tool leaves when it has answered, or has not. */
export function markOfTool({ name, outcome, durationMs }: FinishedTool, atMs: number): Mark {
  // what was refused may bear any name that the model made up
  const tool = outcome === 'refused' ? '' : `${name} `;
  return { atMs, kind: 'tool', what: `${tool}${outcome}`, tookMs: Math.round(durationMs) };
}

function codeOf(failure: unknown): string | undefined {
  if (typeof failure !== 'object' || failure === null || !('code' in failure)) return undefined;
  return typeof failure.code === 'string' ? failure.code : undefined;
}
