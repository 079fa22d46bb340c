import type { CallEvent } from '../../machines/index.ts';
import type { Log } from '../observe/index.ts';
import type { Audience } from './audience.ts';
import type { CallerEar } from './caller-ear.ts';
import { type KeypadAsks, keyLine, withoutDigits } from './dtmf.ts';
import type { Transcript } from './transcript.ts';
import { TurnLog } from './turn-log.ts';

/** What events are noted with. */
export interface EventNotesOptions {
  readonly log: Log;
  readonly ear: CallerEar;
  readonly transcript: Transcript;
  readonly asks: KeypadAsks;
  readonly audience: Audience;
  /** Keys are told to nobody but the model. */
  readonly areKeysMasked: boolean;
  /** Ms since the call was accepted. */
  readonly nowMs: () => number;
  /** What is heard is no reply of the model's. */
  readonly isOwnSentence: () => boolean;
}

/** Writes down what happens in a call: for the log, the times of turns, the transcript of keys, and whoever follows it. */
export class EventNotes {
  readonly #o: EventNotesOptions;
  readonly #turns: TurnLog;
  #streamStartedMs = 0;
  /** When the entry that is this turn of the caller's began, ms since the call was accepted. */
  #keysBeganMs: number | undefined;

  constructor(options: EventNotesOptions) {
    this.#o = options;
    this.#turns = new TurnLog((times) => options.audience.tell((to) => to.turn?.(times)));
  }

  /** The caller's audio begins now. */
  streamStarted(): void {
    this.#streamStartedMs = this.#o.nowMs();
  }

  note(event: CallEvent): void {
    const { areKeysMasked, audience, isOwnSentence, nowMs } = this.#o;
    const atMs = nowMs();
    const isOfOwnSentence = event.type.startsWith('playout.') && isOwnSentence();
    this.#noteKeys(event, atMs);
    if (!isOfOwnSentence) this.#turns.note(event, atMs, this.#callerTurnTimes(atMs));
    if (event.type === 'gemini.endCallerTurn') this.#keysBeganMs = undefined;
    this.#log(event);
    const told = withoutDigits(event, areKeysMasked);
    audience.tell((to) => to.event?.(told, atMs));
  }

  #noteKeys(event: CallEvent, atMs: number): void {
    const { areKeysMasked, asks, transcript } = this.#o;
    if (event.type === 'keypad.began') this.#keysBeganMs ??= atMs;
    else if (event.type === 'keypad.answered') asks.answered(event);
    else if (event.type === 'keypad.entered') {
      this.#keysBeganMs ??= atMs;
      transcript.callerPressed(keyLine(event.digits, areKeysMasked));
    }
  }

  #callerTurnTimes(nowMs: number): { startedMs: number; endedMs: number } {
    if (this.#keysBeganMs !== undefined) return { startedMs: this.#keysBeganMs, endedMs: nowMs };
    const { onsetMs, endedMs } = this.#o.ear.lastSpeech;
    return { startedMs: this.#streamStartedMs + onsetMs, endedMs: this.#streamStartedMs + endedMs };
  }

  #log(event: CallEvent): void {
    const { log } = this.#o;
    if ('failure' in event && event.failure) log.error({ ...event.failure }, event.type);
    else if (event.type === 'turn.floor')
      log.info({ floor: event.floor, because: event.because }, event.type);
    else log.debug(event.type);
  }
}
