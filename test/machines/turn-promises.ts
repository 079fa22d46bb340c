import fc from 'fast-check';
import { turnPolicy } from '../helpers/machines.ts';
import {
  deadlineEvents,
  type TurnChart,
  TurnRig,
  turnEvents,
  turnStates,
  waysToEverything,
} from './turn-rig.ts';
import { turnTable } from './turn-table.ts';
import type { DeadlineName, TurnEventType, TurnState } from './turn-words.ts';

/** One thing that happens to a turn. */
export type Happening =
  | { readonly event: TurnEventType }
  | { readonly waitMs: number }
  | { readonly deadline: DeadlineName };

/** What is done to one turn. */
export interface Scenario {
  readonly agentGreets: boolean;
  readonly prefix: readonly Happening[];
  readonly suffix: readonly Happening[];
}

const deadlineNames = Object.keys(deadlineEvents).filter(
  (name): name is DeadlineName => name in deadlineEvents,
);
const isDeadline = (type: string): boolean => type.startsWith('deadline.');
/** Deadlines are not sent but waited for. */
const outside = turnEvents.map(({ type }) => type).filter((type) => !isDeadline(type));

const prefixes = [true, false].flatMap((agentGreets) => {
  const toEach = new Map(
    waysToEverything(agentGreets)
      .toReversed()
      .map((way) => [way.state, way.before]),
  );
  return [...toEach.values()].map((way) => ({
    agentGreets,
    prefix: way.map((event): Happening => {
      const deadline = deadlineNames.find((name) => deadlineEvents[name] === event);
      return deadline ? { deadline } : { event };
    }),
  }));
});

const waits = fc
  .oneof(
    { weight: 3, arbitrary: fc.integer({ min: 1, max: 400 }) },
    { weight: 2, arbitrary: fc.integer({ min: 400, max: 2000 }) },
    { weight: 1, arbitrary: fc.integer({ min: 2000, max: 13_000 }) },
  )
  .map((waitMs): Happening => ({ waitMs }));

const eventsOf = (room: string): fc.Arbitrary<Happening> =>
  fc.constantFrom(...outside.filter((type) => type.startsWith(room))).map((event) => ({ event }));

const happenings = fc.oneof(
  { weight: 4, arbitrary: waits },
  { weight: 4, arbitrary: eventsOf('speech.') },
  { weight: 4, arbitrary: eventsOf('playout.') },
  { weight: 2, arbitrary: eventsOf('gemini.') },
  { weight: 1, arbitrary: eventsOf('tool.') },
);

/** A state of the graph, then weighted random events and waits. */
export const scenarios: fc.Arbitrary<Scenario> = fc
  .record({ beginning: fc.constantFrom(...prefixes), suffix: fc.array(happenings, { maxLength: 12 }) })
  .map(({ beginning, suffix }) => ({ ...beginning, suffix }));

/** Watches one turn keep its promises, whatever happens. */
class Witness {
  readonly broken: string[] = [];
  readonly #rig: TurnRig;
  readonly #fired = new Set<DeadlineName>();
  #state: TurnState | undefined;
  #isFlushed = false;
  #isHeld = false;
  #isTurnOpen = false;
  #isSilent = false;
  #protectedUntilMs = 0;

  constructor(rig: TurnRig) {
    this.#rig = rig;
    rig.watch(({ type }) => {
      const deadline = deadlineNames.find((name) => deadlineEvents[name] === type);
      if (deadline) this.#tookDeadline(deadline);
      if (type === 'playout.primed') this.#isFlushed = false;
      if (type === 'playout.drained') this.#isHeld = false;
      // nothing is audible that could be protected
      if (type === 'playout.underran') this.#protectedUntilMs = 0;
      // deadlines fire within a wait; what they make the chart say belongs to the state before
      this.#note();
    });
  }

  look(): void {
    this.#note();
    const { status } = this.#rig;
    if (status !== 'active') this.broken.push(`the chart is ${status}`);
    const state = turnStates.find((name) => name === this.#rig.state);
    if (!state) {
      this.broken.push(`rests in ${this.#rig.state}, which the table does not know`);
      return;
    }
    const owned = turnTable[state].deadlines;
    for (const name of this.#fired) if (!owned.includes(name)) this.#fired.delete(name);
    const pending = this.#rig.deadlines;
    for (const name of pending) {
      if (!owned.some((own) => own === name)) this.broken.push(`${name} is pending in ${state}`);
    }
    for (const name of owned) {
      if (!pending.includes(name) && !this.#fired.has(name))
        this.broken.push(`${state} waits without ${name}`);
    }
    this.#state = state;
  }

  stopped(): void {
    this.#note();
    if (this.#rig.pendingTimers > 0) this.broken.push(`${this.#rig.pendingTimers} timers outlive the turn`);
  }

  #tookDeadline(name: DeadlineName): void {
    const state = turnStates.find((candidate) => candidate === this.#rig.state) ?? this.#state;
    if (state && !turnTable[state].deadlines.includes(name)) {
      this.broken.push(`${name} is taken in ${state}, which did not start it`);
    }
    this.#fired.add(name);
  }

  #note(): void {
    const told = this.#rig.told();
    for (const words of told) this.#heard(words);
    if (!told.includes('turn.verdict confirmed')) return;
    for (const owed of ['gemini.cancelReply', 'gemini.startCallerTurn', 'playout.flush']) {
      if (!told.some((words) => words.startsWith(owed))) this.broken.push(`confirmed without ${owed}`);
    }
    if (told.includes('playout.release')) this.broken.push('confirmed and released at once');
  }

  #heard(words: string): void {
    const what = words.split(' (')[0];
    if (this.#isSilent) this.broken.push(`${words} after the model was given up`);
    switch (what) {
      case 'playout.hold':
        if (this.#isHeld) this.broken.push('held twice');
        this.#isHeld = true;
        this.#checkProtection(words);
        return;
      case 'playout.release':
        if (!this.#isHeld) this.broken.push('released what is not held');
        if (this.#isFlushed) this.broken.push('released after a flush, before anything was primed');
        this.#isHeld = false;
        return;
      case 'playout.flush':
        this.#isFlushed = true;
        this.#isHeld = false;
        this.#checkProtection(words);
        return;
      case 'gemini.startCallerTurn':
        if (this.#isTurnOpen) this.broken.push('a caller turn is started twice');
        this.#isTurnOpen = true;
        return;
      case 'gemini.endCallerTurn':
        if (!this.#isTurnOpen) this.broken.push('a caller turn is ended that was not started');
        this.#isTurnOpen = false;
        return;
      case 'turn.floor agent greeting':
        this.#protectedUntilMs = this.#rig.nowMs + turnPolicy.greetingProtectedMs;
        return;
      case 'gemini.nudge':
        if (this.#isTurnOpen) this.broken.push('the model is reminded in the middle of the caller’s turn');
        return;
      case 'turn.modelSilent gemini.silent':
        if (this.#isTurnOpen) this.broken.push('the apology cuts into the caller’s turn');
        this.#isSilent = true;
        return;
      default:
        // whoever has the floor next, the greeting is over
        if (what?.startsWith('turn.floor')) this.#protectedUntilMs = 0;
    }
  }

  #checkProtection(words: string): void {
    if (this.#rig.nowMs < this.#protectedUntilMs) this.broken.push(`${words} into the protected greeting`);
  }
}

/** Plays `scenario` to `chart` and returns the promises that it breaks. */
export function promisesBroken(
  chart: TurnChart,
  { agentGreets, prefix, suffix }: Scenario,
): readonly string[] {
  const rig = new TurnRig(chart, agentGreets);
  const witness = new Witness(rig);
  witness.look();
  try {
    for (const happening of [...prefix, ...suffix]) {
      if ('event' in happening) rig.send(happening.event);
      else if ('waitMs' in happening) rig.wait(happening.waitMs);
      else rig.waitFor(happening.deadline);
      witness.look();
      if (witness.broken.length > 0) break;
    }
  } catch (error) {
    witness.broken.push(error instanceof Error ? error.message : String(error));
  }
  rig.stop();
  witness.stopped();
  return witness.broken;
}
