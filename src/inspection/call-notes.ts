import type { CallEvent } from '../../machines/index.ts';
import type { CallObserver, CallParties, CallSummary, TranscriptLine, TurnTimes } from '../call/index.ts';
import { type CallRow, type Health, type Mark, type MarkKind, mostShown, type Turn } from './format.ts';

/** Replies whose latency stands in a row. */
const latenciesShown = 5;

/** Who follows the notes of a call while somebody watches it. */
export interface NotesReader {
  mark(mark: Mark): void;
  turn(turn: Turn): void;
  line(line: TranscriptLine): void;
}

/** Events that are marks as they are. */
const markOf: Partial<Record<CallEvent['type'], MarkKind>> = {
  'playout.underran': 'underrun',
  'playout.refilled': 'refill',
  'gemini.interrupted': 'interrupted',
  'gemini.lost': 'lost',
  'gemini.ready': 'ready',
  'gemini.replyTorn': 'torn',
  'gemini.nudge': 'nudge',
  'gemini.renew': 'newSession',
  'exotel.digit': 'key',
  'call.transfer': 'transfer',
  'call.mute': 'mute',
  'call.unmute': 'unmute',
  'call.end': 'end',
};

/** What events say of a call's health; all others leave it as it is. */
const healthAfter: Partial<Record<CallEvent['type'], Health>> = {
  'gemini.ready': 'good',
  'playout.started': 'good',
  'gemini.nudge': 'slow',
  'gemini.renew': 'slow',
  'gemini.lost': 'reconnecting',
  'gemini.replyTorn': 'reconnecting',
  'gemini.failed': 'failing',
  'turn.modelSilent': 'failing',
};

/**
 * What is kept of a live call whether or not anybody looks: a row of the list, its turns and its marks. A few events a second
 * come by here, and each costs a look into a table.
 */
export class CallNotes implements CallObserver {
  readonly #agent: string;
  readonly #callId: string;
  readonly #acceptedWallMs: number;
  readonly #over: (summary: CallSummary) => void;
  #parties: CallParties | undefined;
  #floor: Pick<CallRow, 'floor' | 'because' | 'floorSinceMs'> = {
    floor: 'nobody',
    because: 'arriving',
    floorSinceMs: 0,
  };
  #health: Health = 'good';
  #isMuted = false;
  #turns: Turn[] = [];
  #marks: Mark[] = [];
  #revision = 0;
  /** Who watches, when somebody does. */
  reader: NotesReader | undefined;

  /** @param over told when the call is */
  constructor(callId: string, agent: string, acceptedWallMs: number, over: (summary: CallSummary) => void) {
    this.#callId = callId;
    this.#agent = agent;
    this.#acceptedWallMs = acceptedWallMs;
    this.#over = over;
  }

  get agent(): string {
    return this.#agent;
  }

  get turns(): readonly Turn[] {
    return this.#turns;
  }

  get marks(): readonly Mark[] {
    return this.#marks;
  }

  /** Grows when the row is another. */
  get revision(): number {
    return this.#revision;
  }

  /** Samples a second of the line; undefined until the stream has started. */
  get sampleRateHz(): number | undefined {
    return this.#parties?.sampleRateHz;
  }

  /** The call in a line, with the caller's whole number. */
  get row(): CallRow {
    return {
      callId: this.#callId,
      callSid: this.#parties?.callSid,
      agent: this.#agent,
      caller: this.#parties?.from,
      acceptedWallMs: this.#acceptedWallMs,
      ...this.#floor,
      latenciesMs: this.#turns.flatMap(latencyOf).slice(-latenciesShown),
      health: this.#health,
      isMuted: this.#isMuted,
    };
  }

  started(parties: CallParties): void {
    this.#parties = parties;
    this.#revision += 1;
  }

  event(event: CallEvent, atMs: number): void {
    const health = healthAfter[event.type];
    if (health !== undefined && health !== this.#health) {
      this.#health = health;
      this.#revision += 1;
    }
    if (event.type === 'call.mute' || event.type === 'call.unmute') {
      this.#isMuted = event.type === 'call.mute';
      this.#revision += 1;
    }
    const kind = markOf[event.type];
    if (kind) return this.#mark({ atMs, kind });
    if (event.type === 'turn.floor') {
      const floorSinceMs = event.floor === this.#floor.floor ? this.#floor.floorSinceMs : atMs;
      this.#floor = { floor: event.floor, because: event.because, floorSinceMs };
      this.#revision += 1;
    } else if (event.type === 'turn.verdict') this.#mark({ atMs, kind: `bargeIn.${event.verdict}` });
    else if ('failure' in event) this.#mark({ atMs, kind: 'failure', what: event.failure.code });
  }

  playout(command: string, atMs: number): void {
    if (command === 'queue.hold') this.#mark({ atMs, kind: 'hold' });
    else if (command === 'queue.play') this.#mark({ atMs, kind: 'play' });
    else if (command === 'queue.flush') this.#mark({ atMs, kind: 'flush' });
  }

  tool({ name, outcome, durationMs }: { name: string; outcome: string; durationMs: number }, atMs: number) {
    // what was refused may bear any name that the model made up
    const tool = outcome === 'refused' ? '' : `${name} `;
    this.#mark({ atMs, kind: 'tool', what: `${tool}${outcome}`, tookMs: Math.round(durationMs) });
  }

  turn(times: TurnTimes): void {
    const turn = { ...times };
    this.#turns.push(turn);
    if (this.#turns.length > mostShown.turns) this.#turns.shift();
    this.#revision += 1;
    this.reader?.turn(turn);
  }

  line(line: TranscriptLine): void {
    this.reader?.line(line);
  }

  ended(summary: CallSummary): void {
    this.#over(summary);
  }

  #mark(mark: Mark): void {
    this.#marks.push(mark);
    if (this.#marks.length > mostShown.marks) this.#marks.shift();
    this.reader?.mark(mark);
  }
}

function latencyOf({ callerEndedMs, firstChunkMs }: Turn): number[] {
  if (callerEndedMs === undefined || firstChunkMs === undefined) return [];
  return [Math.max(0, Math.round(firstChunkMs - callerEndedMs))];
}
