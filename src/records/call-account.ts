import type { CallEnd, CallOpening, CallRecord, JournalEntry } from './call-record.ts';
import { messagesIn, summaryIn } from './told-by-tools.ts';

type Turn = Extract<JournalEntry, { kind: 'turn' }>['turn'];

/** Adds up the lines of a journal, while the call runs or after it was cut off: both make the same record. */
export class CallAccount {
  #opening: CallOpening | undefined;
  #parties: CallRecord['parties'];
  #lastMs = 0;
  /** Since when nobody has had the floor. */
  #silentFromMs: number | undefined;
  #isCallerSpeaking = false;
  #sessions = 0;
  readonly #verdicts = { confirmed: 0, rejected: 0 };
  readonly #silence = { totalMs: 0, longestMs: 0 };
  readonly #reconnects = { lost: 0, resumed: 0, fresh: 0 };
  readonly #turns: CallRecord['turns'] = [];
  readonly #replies: CallRecord['replies'] = [];
  readonly #tools: CallRecord['tools'] = [];
  readonly #commands: NonNullable<CallRecord['commands']> = [];
  #byAgent = 0;

  /** The time of the latest line, ms since the call was accepted. */
  get lastMs(): number {
    return this.#lastMs;
  }

  add(entry: JournalEntry): void {
    this.#lastMs = Math.max(this.#lastMs, entry.atMs);
    if (entry.kind === 'opened') this.#opening = entry.opening;
    else if (entry.kind === 'started') {
      this.#parties = entry.parties;
      this.#silentFromMs = entry.atMs;
    } else if (entry.kind === 'turn') this.#turns.push(withLatency(entry.turn));
    else if (entry.kind === 'reply') this.#replies.push(entry.reply);
    else if (entry.kind === 'tool') this.#tools.push(entry.tool);
    else if (entry.kind === 'command') {
      const { atMs, command, by } = entry;
      this.#commands.push({ atMs, command, by });
    } else this.#event(entry);
  }

  /** The record so far; undefined without the journal's first line. */
  record(end: CallEnd): CallRecord | undefined {
    if (!this.#opening) return undefined;
    this.#floorTaken(Math.max(end.durationMs, this.#silentFromMs ?? 0));
    const messages = messagesIn(this.#tools);
    const summary = summaryIn(this.#tools);
    return {
      version: 1,
      ...this.#opening,
      ...end,
      ...(this.#parties ? { parties: this.#parties } : {}),
      verdicts: this.#verdicts,
      interruptions: { byCaller: this.#verdicts.confirmed, byAgent: this.#byAgent },
      silence: this.#silence,
      reconnects: this.#reconnects,
      turns: this.#turns,
      replies: this.#replies,
      tools: this.#tools,
      ...(this.#commands.length > 0 && { commands: this.#commands }),
      ...(messages.length > 0 && { messages }),
      ...(summary !== undefined && end.transferTo !== undefined && { summary }),
    };
  }

  #event(event: Extract<JournalEntry, { kind: 'event' }>): void {
    const { type, atMs } = event;
    if (type === 'turn.verdict' && event.verdict === 'confirmed') this.#verdicts.confirmed += 1;
    else if (type === 'turn.verdict') this.#verdicts.rejected += 1;
    else if (type === 'turn.floor' && event.floor === 'nobody') this.#silentFromMs ??= atMs;
    else if (type === 'turn.floor') this.#floorTaken(atMs);
    else if (type === 'speech.started' || type === 'speech.resumed') this.#isCallerSpeaking = true;
    else if (type === 'speech.paused' || type === 'speech.ended') this.#isCallerSpeaking = false;
    else if (type === 'playout.started' && this.#isCallerSpeaking) this.#byAgent += 1;
    else if (type === 'gemini.lost') this.#reconnects.lost += 1;
    else if (type === 'gemini.ready') this.#ready(event.resumed === true);
  }

  #ready(isResumed: boolean): void {
    this.#sessions += 1;
    if (isResumed) this.#reconnects.resumed += 1;
    else if (this.#sessions > 1) this.#reconnects.fresh += 1;
  }

  #floorTaken(atMs: number): void {
    if (this.#silentFromMs === undefined) return;
    const ms = round(atMs - this.#silentFromMs);
    this.#silentFromMs = undefined;
    this.#silence.totalMs = round(this.#silence.totalMs + ms);
    this.#silence.longestMs = Math.max(this.#silence.longestMs, ms);
  }
}

function withLatency(turn: Turn): CallRecord['turns'][number] {
  const { callerEndedMs, toldMs, firstAudioMs, firstChunkMs } = turn;
  if (
    callerEndedMs === undefined ||
    toldMs === undefined ||
    firstAudioMs === undefined ||
    firstChunkMs === undefined
  )
    return turn;
  const latency = {
    endpointingMs: round(toldMs - callerEndedMs),
    modelMs: round(firstAudioMs - toldMs),
    playoutMs: round(firstChunkMs - firstAudioMs),
    totalMs: round(firstChunkMs - callerEndedMs),
  };
  return { ...turn, latency };
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10;
}
