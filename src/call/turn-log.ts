import type { CallEvent } from '../../machines/index.ts';

/** One exchange of the floor as the call's clock saw it; ms since the call was accepted. */
export interface TurnTimes {
  readonly turn: number;
  /** When the turn began by an interruption of the agent. */
  readonly isBargeIn: boolean;
  /** First sound of the caller; undefined for what the agent said unasked. */
  readonly callerStartedMs: number | undefined;
  /** Last sound of the caller. */
  readonly callerEndedMs: number | undefined;
  /** When the model was told that the turn is over. */
  readonly toldMs: number | undefined;
  /** First audible audio of the model. */
  readonly firstAudioMs: number | undefined;
  /** First sample on the wire to the caller. */
  readonly firstChunkMs: number | undefined;
}

type OpenTurn = { -readonly [Field in keyof TurnTimes]: TurnTimes[Field] };

/** Reads turn times off the events of a call. */
export class TurnLog {
  readonly #onTurn: (times: TurnTimes) => void;
  #turn = 0;
  #open: OpenTurn | undefined;
  #wasConfirmed = false;

  constructor(onTurn: (times: TurnTimes) => void) {
    this.#onTurn = onTurn;
  }

  /** Takes an event; `speech` says when the caller's current speech began and when it was last heard. */
  note(event: CallEvent, nowMs: number, speech: { startedMs: number; endedMs: number }): void {
    switch (event.type) {
      case 'turn.verdict':
        this.#wasConfirmed = event.verdict === 'confirmed';
        return;
      case 'gemini.endCallerTurn':
        this.#open = {
          ...this.#begin(),
          isBargeIn: this.#wasConfirmed,
          callerStartedMs: speech.startedMs,
          callerEndedMs: speech.endedMs,
          toldMs: nowMs,
        };
        this.#wasConfirmed = false;
        return;
      case 'playout.primed':
        this.#open ??= this.#begin();
        this.#open.firstAudioMs ??= nowMs;
        return;
      case 'playout.started':
        this.#open ??= this.#begin();
        this.#open.firstChunkMs ??= nowMs;
        this.#onTurn(this.#open);
        this.#open = undefined;
        return;
      default:
        return;
    }
  }

  #begin(): OpenTurn {
    this.#turn += 1;
    return {
      turn: this.#turn,
      isBargeIn: false,
      callerStartedMs: undefined,
      callerEndedMs: undefined,
      toldMs: undefined,
      firstAudioMs: undefined,
      firstChunkMs: undefined,
    };
  }
}
