import {
  type Actor,
  type AnyActorLogic,
  type AnyEventObject,
  type AnyStateMachine,
  createActor,
  createMachine,
  type EventObject,
  fromCallback,
  type InputFrom,
  type NonReducibleUnknown,
  type StateValue,
} from 'xstate';
import type { CallInput, TurnPolicy } from '../../machines/index.ts';
import { SimulatedClock, type Timer } from '../../src/time/index.ts';

/** A turn policy whose deadlines all differ, ms, so that a pending timer tells which one it is. */
export const turnPolicy = {
  greetingProtectedMs: 1500,
  verdictMs: 800,
  tailAnswerMs: 500,
  longestCallerTurnMs: 30_500,
  overdueMs: 1200,
  unansweredTurns: 3,
  nudgeMs: 4000,
  newSessionMs: 8000,
  apologyMs: 12_000,
  lastAnswerMs: 4500,
  phraseAfterMs: 1400,
  phraseEveryMs: 6000,
  longestToolMs: 65_000,
} satisfies TurnPolicy;

/** What a call is started with in tests; the deadlines are those of the default agent, ms. */
export const callInput = {
  callId: 'c1',
  turn: { agentGreets: true, policy: turnPolicy },
  exotelLink: { startMs: 20_000, closeMs: 2000, stopsFirst: false, stopMs: 700 },
  geminiLink: {
    setupMs: 10_000,
    resumeBudgetMs: 30_000,
    backoffMs: 500,
    longestBackoffMs: 4000,
    stableMs: 9000,
    mostAttempts: 10,
    mostResumptions: 3,
    mostRenewals: 2,
    rotateAfterMs: 4_000_000,
    rotateGraceMs: 50_000,
    silenceMs: 6000,
    poisonedMs: 8000,
    turnCompleteMs: 3000,
    handleMs: 500,
    mostEmptyTurns: 3,
  },
  keypad: {
    pauseMs: 1500,
    longestMs: 30_000,
    terminator: '#',
    mostDigits: 6,
    toldToModel: true,
    interrupts: true,
    actions: { '0': 'transfer', '*': 'end', '9': 'repeat' },
  },
  transferNumber: '+919000000009',
  apologyMs: 15_000,
  lastWordsMs: 10_000,
  repromptAfterMs: 8000,
  reprompts: 2,
  goodbyeAfterMs: 8000,
  goodbyeMs: 15_000,
  warnAfterMs: 3_240_000,
  warningMs: 60_000,
} satisfies CallInput;

/** A simulated clock that knows which delays are pending, ms. */
export class DeadlineClock extends SimulatedClock {
  readonly #pending = new Map<Timer, number>();

  override setTimeout(fn: () => void, delayMs: number): Timer {
    const timer = super.setTimeout(() => {
      this.#pending.delete(timer);
      fn();
    }, delayMs);
    this.#pending.set(timer, delayMs);
    return timer;
  }

  override clearTimeout(timer: Timer | undefined): void {
    if (timer) this.#pending.delete(timer);
    super.clearTimeout(timer);
  }

  /** The delays, as they were asked for, that have neither fired nor been cancelled. */
  get pendingDelaysMs(): readonly number[] {
    return [...this.#pending.values()];
  }

  /** Advances to the moment at which the timer that was set for `delayMs` fires; throws when there is none. */
  advanceToDeadline(delayMs: number): void {
    for (const [timer, pendingMs] of this.#pending) {
      if (pendingMs !== delayMs) continue;
      this.advance(timer.dueMs - this.nowMs());
      return;
    }
    throw new Error(
      `expected a deadline of ${delayMs} ms to be pending, got [${this.pendingDelaysMs.join(', ')}]`,
    );
  }
}

/** An event in one line: its type, then its values; of a failure only the code. */
export function inWords(event: AnyEventObject): string {
  const values = Object.entries(event)
    .filter(([key]) => key !== 'type')
    .map(([, value]) => (isFailure(value) ? value.code : String(value)));
  return [event.type, ...values].join(' ');
}

function isFailure(value: unknown): value is { code: string } {
  return typeof value === 'object' && value !== null && 'code' in value && typeof value.code === 'string';
}

/** The atomic states of a state value as dotted paths, such as `modelSpeaking.yielding`. */
export function leaves(value: StateValue): string[] {
  if (typeof value === 'string') return [value];
  return Object.entries(value).flatMap(([key, inner]) => {
    const below = inner === undefined ? [] : leaves(inner);
    return below.length === 0 ? [key] : below.map((leaf) => `${key}.${leaf}`);
  });
}

/** Dotted paths of all states of `machine` that have none below them. */
export function atomicStates(machine: AnyStateMachine): string[] {
  return allStates(machine)
    .filter((node) => node.type === 'atomic' || node.type === 'final')
    .map((node) => node.path.join('.'));
}

/** Every state node of `machine`, its root first. */
export function allStates(machine: AnyStateMachine): AnyStateMachine['root'][] {
  const below = (node: AnyStateMachine['root']): AnyStateMachine['root'][] => [
    node,
    ...Object.values(node.states).flatMap(below),
  ];
  return below(machine.root);
}

/** A child at work under a parent that only writes down what it is told. */
export interface Rig<TLogic extends AnyActorLogic> {
  readonly actor: Actor<TLogic>;
  readonly clock: DeadlineClock;
  /** What the parent was told and has not been taken yet, in words. */
  take(): string[];
  stop(): void;
}

/** Starts `logic` under a recording parent, on a clock of its own. */
export function startUnderParent<TLogic extends AnyActorLogic>(
  logic: TLogic,
  input: InputFrom<TLogic>,
): Rig<TLogic> {
  const clock = new DeadlineClock();
  let told: string[] = [];
  const note = ({ event }: { event: AnyEventObject }): void => {
    if (!event.type.startsWith('xstate.')) told.push(inWords(event));
  };
  const parent = createActor(
    createMachine({ invoke: { id: 'child', src: logic, input }, on: { '*': { actions: note } } }),
    { clock },
  );
  parent.subscribe({ error: () => undefined });
  parent.start();
  const actor = parent.getSnapshot().children.child as Actor<TLogic> | undefined;
  if (!actor) throw new Error('expected the parent to have started its child');
  return {
    actor,
    clock,
    take: () => {
      const taken = told;
      told = [];
      return taken;
    },
    stop: () => {
      parent.stop();
    },
  };
}

/** A fake of the actor at the edge of a chart: writes down commands, reports what the test says. */
export class FakeEdge<
  TCommand extends EventObject,
  TReport extends EventObject,
  TInput extends NonReducibleUnknown = NonReducibleUnknown,
> {
  /** Commands in words, with the time they came, ms. */
  readonly commands: { readonly atMs: number; readonly command: string }[] = [];
  isRunning = false;
  isDisposed = false;
  /** What makes it throw: its start, or a command of this type. */
  throwsOn: string | undefined;
  report: (report: TReport) => void = () => {
    throw new Error('expected the chart to have started this actor');
  };
  readonly #nowMs: () => number;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  readonly logic = fromCallback<TCommand, TInput, TReport>(({ sendBack, receive }) => {
    if (this.throwsOn === 'start') throw new Error('a defect of the edge');
    this.isRunning = true;
    this.report = sendBack;
    receive((command) => {
      if (this.throwsOn === command.type) throw new Error('a defect of the edge');
      this.commands.push({ atMs: this.#nowMs(), command: inWords(command) });
    });
    return () => {
      this.isRunning = false;
      this.isDisposed = true;
    };
  });

  /** The commands in words, all of them. */
  get words(): string[] {
    return this.commands.map(({ command }) => command);
  }
}
