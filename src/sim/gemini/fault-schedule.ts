import type { Clock, Timer } from '../../time/index.ts';
import type { GeminiFault, LastingFault, Moment, MomentaryFault } from './faults.ts';

interface Armed {
  readonly fault: MomentaryFault;
  /** The occurrence of the moment that sets the fault off. */
  readonly count: number;
}

/** The faults of one connection: which are in force, and which are still to happen. */
export class FaultSchedule {
  readonly #clock: Clock;
  readonly #happen: (fault: MomentaryFault) => void;
  readonly #reached = new Map<Moment['at'], number>();
  readonly #timers = new Set<Timer>();
  readonly #turnsLeft = new Map<LastingFault, number>();
  #armed: Armed[] = [];
  #lasting: LastingFault[] = [];

  constructor(clock: Clock, happen: (fault: MomentaryFault) => void) {
    this.#clock = clock;
    this.#happen = happen;
  }

  arm(fault: GeminiFault): void {
    if (!('at' in fault)) {
      this.#lasting.push(fault);
      if ('turns' in fault && fault.turns !== undefined) this.#turnsLeft.set(fault, fault.turns);
      return;
    }
    if (fault.at.at === 'now') {
      this.#setOff(fault);
      return;
    }
    this.#armed.push({ fault, count: fault.at.count ?? (this.#reached.get(fault.at.at) ?? 0) + 1 });
  }

  /** The first fault of this kind that is in force. */
  find<K extends LastingFault['kind']>(kind: K): Extract<LastingFault, { kind: K }> | undefined {
    const isThis = (fault: LastingFault): fault is Extract<LastingFault, { kind: K }> => fault.kind === kind;
    return this.#lasting.find(isThis);
  }

  /** As {@link find}, and counts the turn against the fault's `turns`. */
  spend<K extends LastingFault['kind']>(kind: K): Extract<LastingFault, { kind: K }> | undefined {
    const fault = this.find(kind);
    if (!fault) return undefined;
    const left = (this.#turnsLeft.get(fault) ?? Number.POSITIVE_INFINITY) - 1;
    this.#turnsLeft.set(fault, left);
    if (left <= 0) this.#lasting = this.#lasting.filter((other) => other !== fault);
    return fault;
  }

  /** Tells that a moment has come. */
  reach(at: Moment['at']): void {
    const count = (this.#reached.get(at) ?? 0) + 1;
    this.#reached.set(at, count);
    const due = this.#armed.filter((armed) => armed.fault.at.at === at && armed.count === count);
    this.#armed = this.#armed.filter((armed) => !due.includes(armed));
    for (const { fault } of due) this.#setOff(fault);
  }

  stop(): void {
    for (const timer of this.#timers) this.#clock.clearTimeout(timer);
    this.#timers.clear();
    this.#armed = [];
  }

  #setOff(fault: MomentaryFault): void {
    if (!fault.at.afterMs) {
      this.#happen(fault);
      return;
    }
    const timer = this.#clock.setTimeout(() => {
      this.#timers.delete(timer);
      this.#happen(fault);
    }, fault.at.afterMs);
    this.#timers.add(timer);
  }
}
