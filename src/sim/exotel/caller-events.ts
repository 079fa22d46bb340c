/** Something that happened on the caller's side, for a log or a display; `atMs` is call time, 0 before the stream. */
export interface CallerEvent {
  readonly atMs: number;
  readonly kind:
    | 'dialled'
    | 'retried'
    | 'fault'
    | 'started'
    | 'firstMedia'
    | 'mark'
    | 'markReturned'
    | 'markLost'
    | 'clear'
    | 'bridgeStop'
    | 'saying'
    | 'said'
    | 'digit'
    | 'stop'
    | 'ended';
  readonly detail: string;
}

/** Reports one event. */
export type Note = (kind: CallerEvent['kind'], detail?: string) => void;

/** Events kept for reading afterwards; later ones are only reported. */
const MAX_KEPT_EVENTS = 50_000;

/** Keeps a call's events and passes them on. */
export class CallerEvents {
  readonly kept: CallerEvent[] = [];
  readonly #nowMs: () => number;
  readonly #onEvent: ((event: CallerEvent) => void) | undefined;

  constructor(nowMs: () => number, onEvent: ((event: CallerEvent) => void) | undefined) {
    this.#nowMs = nowMs;
    this.#onEvent = onEvent;
  }

  readonly note: Note = (kind, detail = '') => {
    const event = { atMs: this.#nowMs(), kind, detail };
    if (this.kept.length < MAX_KEPT_EVENTS) this.kept.push(event);
    this.#onEvent?.(event);
  };
}
