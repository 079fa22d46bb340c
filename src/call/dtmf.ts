import type { CallEvent, KeypadAsk, KeypadCommand, KeypadReport } from '../../machines/index.ts';

type AskCommand = Exclude<KeypadCommand, { type: 'exotel.digit' | 'turn.floor' }>;

/** What stands for digits that are not to be read. */
const mask = '••••';

/** What came of asking the caller for a number; the digits are personal data. */
export interface KeypadAnswer {
  readonly digits: string;
  /** Why it is over; `busy`: another number is being waited for. */
  readonly because: 'complete' | 'terminator' | 'timeout' | 'withdrawn' | 'callEnded' | 'busy';
}

/** The caller's keys as a line of the transcript. */
export function keyLine(digits: string, isMasked: boolean): string {
  return `[pressed ${isMasked ? mask : digits} on the keypad]`;
}

/** `event` as observers may see it: with `isMasked`, digits are not told. */
export function withoutDigits(event: CallEvent, isMasked: boolean): CallEvent {
  if (!isMasked) return event;
  if (event.type === 'exotel.digit') return { ...event, digit: mask };
  return 'digits' in event ? { ...event, digits: mask } : event;
}

/**
 * Numbers that tools wait for, such as a one-time password.
 *
 * Invariant: at most one is waited for, and its promise settles: by the keys, by its time-out, or by the end of the call.
 */
export class KeypadAsks {
  readonly #tell: (command: AskCommand) => void;
  #settle: ((answer: KeypadAnswer) => void) | undefined;
  #isOver = false;

  /** @param tell hands a command to the call's chart */
  constructor(tell: (command: AskCommand) => void) {
    this.#tell = tell;
  }

  /** Waits for a number; `signal` withdraws the question. Never rejects. */
  ask(ask: KeypadAsk, signal?: AbortSignal): Promise<KeypadAnswer> {
    if (this.#isOver) return Promise.resolve({ digits: '', because: 'callEnded' });
    if (this.#settle) return Promise.resolve({ digits: '', because: 'busy' });
    if (signal?.aborted) return Promise.resolve({ digits: '', because: 'withdrawn' });
    return new Promise((resolve) => {
      const withdraw = (): void => {
        this.#tell({ type: 'keypad.withdraw' });
        this.#answer({ digits: '', because: 'withdrawn' });
      };
      this.#settle = (answer) => {
        signal?.removeEventListener('abort', withdraw);
        resolve(answer);
      };
      signal?.addEventListener('abort', withdraw, { once: true });
      this.#tell({ type: 'keypad.ask', ask });
    });
  }

  /** Takes what the keypad reports. */
  answered({ digits, because }: Extract<KeypadReport, { type: 'keypad.answered' }>): void {
    this.#answer({ digits, because });
  }

  /** The call is over. */
  end(): void {
    this.#isOver = true;
    this.#answer({ digits: '', because: 'callEnded' });
  }

  #answer(answer: KeypadAnswer): void {
    const settle = this.#settle;
    this.#settle = undefined;
    settle?.(answer);
  }
}
