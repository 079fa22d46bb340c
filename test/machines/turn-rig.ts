import type { AnyEventObject } from 'xstate';
import type { TurnEvent, turnMachine } from '../../machines/index.ts';
import { leaves, type Rig, startUnderParent, turnPolicy } from '../helpers/machines.ts';
import { beginnings, TableReader, turnTable } from './turn-table.ts';
import type { Circumstance, DeadlineName, TurnEventType, TurnState } from './turn-words.ts';

/** The turn chart, or a copy of it with a fault. */
export type TurnChart = typeof turnMachine;

/** One of each event; onsets are given out by the rig. */
const samples: { readonly [T in TurnEventType]: Extract<TurnEvent, { type: T }> } = {
  'speech.started': { type: 'speech.started', onsetSample: 0 },
  'speech.sustained': { type: 'speech.sustained', onsetSample: 0 },
  'speech.paused': { type: 'speech.paused' },
  'speech.resumed': { type: 'speech.resumed', onsetSample: 0 },
  'speech.ended': { type: 'speech.ended' },
  'playout.primed': { type: 'playout.primed' },
  'playout.started': { type: 'playout.started' },
  'playout.underran': { type: 'playout.underran' },
  'playout.refilled': { type: 'playout.refilled' },
  'playout.flushed': { type: 'playout.flushed' },
  'playout.drained': { type: 'playout.drained' },
  'gemini.ready': { type: 'gemini.ready', resumed: true },
  'gemini.generationComplete': { type: 'gemini.generationComplete' },
  'gemini.interrupted': { type: 'gemini.interrupted' },
  'gemini.turnComplete': { type: 'gemini.turnComplete' },
  'gemini.lost': { type: 'gemini.lost' },
  'gemini.replyTorn': { type: 'gemini.replyTorn' },
  'gemini.failed': { type: 'gemini.failed', failure: { code: 'gemini.closed', message: 'gone' } },
  'deadline.greetingProtection': { type: 'deadline.greetingProtection' },
  'deadline.verdict': { type: 'deadline.verdict' },
  'tool.started': { type: 'tool.started' },
  'tool.finished': { type: 'tool.finished' },
  'deadline.tailAnswer': { type: 'deadline.tailAnswer' },
  'deadline.callerTurn': { type: 'deadline.callerTurn' },
  'deadline.overdue': { type: 'deadline.overdue' },
  'deadline.nudge': { type: 'deadline.nudge' },
  'deadline.newSession': { type: 'deadline.newSession' },
  'deadline.apology': { type: 'deadline.apology' },
  'deadline.lastAnswer': { type: 'deadline.lastAnswer' },
  'deadline.phrase': { type: 'deadline.phrase' },
  'deadline.tool': { type: 'deadline.tool' },
};

/** One of each event that the turn chart can be told. */
export const turnEvents: readonly TurnEvent[] = Object.values(samples);

/** The states a turn can rest in, by the table. */
export const turnStates = Object.keys(turnTable).filter((name): name is TurnState => name in turnTable);

const delayMs: Readonly<Record<DeadlineName, number>> = {
  greetingProtection: turnPolicy.greetingProtectedMs,
  verdict: turnPolicy.verdictMs,
  tailAnswer: turnPolicy.tailAnswerMs,
  longestCallerTurn: turnPolicy.longestCallerTurnMs,
  overdue: turnPolicy.overdueMs,
  nudge: turnPolicy.nudgeMs,
  newSession: turnPolicy.newSessionMs,
  apology: turnPolicy.apologyMs,
  lastAnswer: turnPolicy.lastAnswerMs,
  phrase: turnPolicy.phraseAfterMs,
  longestTool: turnPolicy.longestToolMs,
};

/** Each deadline's event. */
export const deadlineEvents: Readonly<Record<DeadlineName, TurnEventType>> = {
  greetingProtection: 'deadline.greetingProtection',
  verdict: 'deadline.verdict',
  tailAnswer: 'deadline.tailAnswer',
  longestCallerTurn: 'deadline.callerTurn',
  overdue: 'deadline.overdue',
  nudge: 'deadline.nudge',
  newSession: 'deadline.newSession',
  apology: 'deadline.apology',
  lastAnswer: 'deadline.lastAnswer',
  phrase: 'deadline.phrase',
  longestTool: 'deadline.tool',
};

const deadlineNames = Object.keys(delayMs).filter((name): name is DeadlineName => name in delayMs);

/** A turn at work: driven by event types, read in words. */
export class TurnRig {
  readonly #rig: Rig<TurnChart>;
  #onsets = 0;
  #rememberedOnset = 0;

  constructor(chart: TurnChart, agentGreets: boolean) {
    this.#rig = startUnderParent(chart, { agentGreets, policy: turnPolicy });
  }

  /** Sends one event; those with an onset get one of their own. */
  send(type: TurnEventType): void {
    const event = samples[type];
    if ('onsetSample' in event) {
      this.#onsets += 1;
      const onsetSample = this.#onsets * 1000;
      this.#rig.actor.send({ ...event, onsetSample });
      if (event.type !== 'speech.sustained') this.#rememberedOnset = onsetSample;
    } else {
      this.#rig.actor.send(event);
    }
  }

  /** What the call was told since the last time it was asked, with onsets told apart. */
  told(justSent?: TurnEventType): string[] {
    const thisOnset = this.#onsets * 1000;
    const hasOnset = justSent !== undefined && 'onsetSample' in samples[justSent];
    return this.#rig.take().map((words) => {
      if (!words.startsWith('gemini.startCallerTurn')) return words;
      const onset = Number(words.split(' ')[1]);
      const isThis = hasOnset && onset === thisOnset;
      const whose = isThis ? 'this' : onset === this.#rememberedOnset ? 'remembered' : 'wrong';
      return `gemini.startCallerTurn (${whose} onset)`;
    });
  }

  wait(ms: number): void {
    this.#rig.clock.advance(ms);
  }

  /** Lets time pass until the deadline fires. */
  waitFor(deadline: DeadlineName): void {
    this.#rig.clock.advanceToDeadline(delayMs[deadline]);
  }

  /** Pending deadlines, by name; `unknown` for a timer that no policy names. */
  get deadlines(): string[] {
    const nameOf = (ms: number): string | undefined =>
      ms === turnPolicy.phraseEveryMs ? 'phrase' : deadlineNames.find((name) => delayMs[name] === ms);
    return this.#rig.clock.pendingDelaysMs.map((ms) => nameOf(ms) ?? `unknown (${ms} ms)`);
  }

  get state(): string {
    return leaves(this.#rig.actor.getSnapshot().value).join(' + ');
  }

  get tags(): string[] {
    return [...this.#rig.actor.getSnapshot().tags];
  }

  get status(): string {
    return this.#rig.actor.getSnapshot().status;
  }

  get nowMs(): number {
    return this.#rig.clock.nowMs();
  }

  get pendingTimers(): number {
    return this.#rig.clock.pendingTimers;
  }

  /** Tells of every event that the chart takes, its own deadlines included. */
  watch(onEvent: (event: AnyEventObject) => void): void {
    const { actor } = this.#rig;
    actor.system.inspect((inspection) => {
      if (inspection.type === '@xstate.event' && inspection.actorRef === actor) onEvent(inspection.event);
    });
  }

  stop(): void {
    this.#rig.stop();
  }
}

/** A way from the beginning of a turn to one event in one state. */
export interface Way {
  readonly state: TurnState;
  readonly event: TurnEventType;
  /** What the event's effect hangs on beside the state. */
  readonly circumstance: Circumstance | undefined;
  /** All events before it. */
  readonly before: readonly TurnEventType[];
}

/** Shortest ways, by the table, to every event in every state, in every circumstance that makes a difference there. */
export function waysToEverything(agentGreets: boolean): readonly Way[] {
  const known = waysByBeginning.get(agentGreets) ?? findWays(agentGreets);
  waysByBeginning.set(agentGreets, known);
  return known;
}

const waysByBeginning = new Map<boolean, readonly Way[]>();

function findWays(agentGreets: boolean): readonly Way[] {
  const [first] = beginnings[agentGreets ? 'agentGreets' : 'callerFirst'];
  const ways = new Map<string, Way>();
  const seen = new Set<string>();
  let places = [{ state: first, reader: new TableReader(), before: [] as readonly TurnEventType[] }];
  while (places.length > 0) {
    const next: typeof places = [];
    for (const { state, reader, before } of places) {
      for (const { type: event } of turnEvents) {
        const ahead = reader.fork();
        const { reaction, circumstance } = ahead.take(state, event);
        const name = wayName(state, event, circumstance);
        if (!ways.has(name)) ways.set(name, { state, event, circumstance, before });
        const place = `${reaction[0]} ${ahead.memory}`;
        if (seen.has(place)) continue;
        seen.add(place);
        next.push({ state: reaction[0], reader: ahead, before: [...before, event] });
      }
    }
    places = next;
  }
  return [...ways.values()];
}

/** One event in one state, and the circumstance if it makes a difference. */
export function wayName(state: TurnState, event: TurnEventType, circumstance?: Circumstance): string {
  return circumstance ? `${state} × ${event}, when ${circumstance}` : `${state} × ${event}`;
}

/** Every event in every state, and again for each circumstance that makes a difference there, by the table. */
export const wayNames: readonly string[] = turnStates.flatMap((state) =>
  turnEvents.flatMap(({ type }) => [
    wayName(state, type),
    ...(turnTable[state].unless ?? [])
      .filter(([, what]) => what[type])
      .map(([circumstance]) => wayName(state, type, circumstance)),
  ]),
);
