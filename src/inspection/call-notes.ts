import type { CallEvent } from '../../machines/index.ts';
import type { CallObserver, CallParties, CallSummary, TranscriptLine, TurnTimes } from '../call/index.ts';
import { type FinishedTool, markOfEvent, markOfTool } from './event-marks.ts';
import { type CallRow, type Health, type Mark, mostShown, type Turn } from './format.ts';

/** Replies whose latency stands in a row. */
const latenciesShown = 5;

/** Who follows the notes of a call while somebody watches it. */
export interface NotesReader {
  mark(mark: Mark): void;
  turn(turn: Turn): void;
  line(line: TranscriptLine): void;
}

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
    if (event.type === 'turn.floor') {
      const floorSinceMs = event.floor === this.#floor.floor ? this.#floor.floorSinceMs : atMs;
      this.#floor = { floor: event.floor, because: event.because, floorSinceMs };
      this.#revision += 1;
    } else this.#markIfAny(markOfEvent(event, atMs));
  }

  playout(command: string, atMs: number): void {
    this.#markIfAny(markOfEvent({ type: command }, atMs));
  }

  tool(tool: FinishedTool, atMs: number): void {
    this.#mark(markOfTool(tool, atMs));
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

  #markIfAny(mark: Mark | undefined): void {
    if (mark) this.#mark(mark);
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
