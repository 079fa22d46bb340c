import { type TurnChart, TurnRig, wayName, waysToEverything } from './turn-rig.ts';
import { beginnings, TableReader, turnTable } from './turn-table.ts';
import type { Circumstance, Reaction, TurnEventType, TurnState } from './turn-words.ts';

/** Follows one chart along the table and says where it leaves it. */
export class TableWalk {
  readonly rig: TurnRig;
  readonly #table = new TableReader();
  readonly #differences: string[] = [];
  #expected: Reaction;

  constructor(chart: TurnChart, agentGreets: boolean) {
    this.rig = new TurnRig(chart, agentGreets);
    this.#expected = beginnings[agentGreets ? 'agentGreets' : 'callerFirst'];
    this.#compare('the beginning');
  }

  /** Where the table says the turn is. */
  get state(): TurnState {
    return this.#expected[0];
  }

  /** How the chart has differed from the table so far. */
  get differences(): readonly string[] {
    return this.#differences;
  }

  /** Sends an event to the chart and compares what it does with the table; returns what that hung on. */
  send(type: TurnEventType): Circumstance | undefined {
    const from = this.state;
    const { reaction, circumstance } = this.#table.take(from, type);
    this.#expected = reaction;
    this.rig.send(type);
    this.#compare(wayName(from, type, circumstance), type);
    return circumstance;
  }

  #compare(at: string, type?: TurnEventType): void {
    const [state, ...told] = this.#expected;
    const { deadlines, tags } = turnTable[state];
    const wanted = { state, told, deadlines: [...deadlines].sort(), tags: [...tags].sort() };
    const got = {
      state: this.rig.state,
      told: this.rig.told(type),
      deadlines: this.rig.deadlines.sort(),
      tags: this.rig.tags.sort(),
    };
    for (const what of ['state', 'told', 'deadlines', 'tags'] as const) {
      if (String(wanted[what]) !== String(got[what]))
        this.#differences.push(
          `${at}: ${what}: expected [${String(wanted[what])}], got [${String(got[what])}]`,
        );
    }
  }
}

/** One event in one state, and how what it did differs from the table. */
export interface PairResult {
  readonly pair: string;
  readonly mismatches: readonly string[];
}

/** Sends every event in every state and circumstance, each to a fresh chart; compares each step with the table. */
export function* pairs(chart: TurnChart, agentGreets: boolean): Generator<PairResult> {
  for (const { state, event, circumstance, before } of waysToEverything(agentGreets)) {
    yield {
      pair: wayName(state, event, circumstance),
      mismatches: runPath(chart, agentGreets, [...before, event]),
    };
  }
  const toListening: readonly TurnEventType[] = agentGreets ? ['playout.started', 'playout.drained'] : [];
  for (const [pair, events] of Object.entries(forgotten))
    yield { pair, mismatches: runPath(chart, agentGreets, [...toListening, ...events]) };
}

const question = ['speech.started', 'speech.ended'] as const;
const unanswered = [...question, 'deadline.overdue'] as const;
const stall = ['playout.primed', 'playout.started', 'playout.underran', 'deadline.nudge'] as const;
const wholeReply = [
  'playout.primed',
  'playout.started',
  'gemini.generationComplete',
  'playout.drained',
] as const;

/** What is remembered until it is of no account any more. */
const forgotten: Readonly<Record<string, readonly TurnEventType[]>> = {
  'replies that stall with a whole one between them': [...question, ...stall, ...wholeReply, ...stall],
  'turns that are left unanswered with an answer between them': [
    ...unanswered,
    ...unanswered,
    ...wholeReply,
    ...unanswered,
    ...unanswered,
    ...question,
  ],
  'a torn reply that the caller interrupts': [
    ...question,
    'playout.primed',
    'playout.started',
    'gemini.replyTorn',
    'speech.started',
    'speech.sustained',
    'playout.flushed',
    'speech.ended',
    ...wholeReply,
  ],
  'a tool whose answer the model gives before the caller has heard all': [
    ...question,
    'playout.primed',
    'playout.started',
    'tool.started',
    'tool.finished',
    'gemini.generationComplete',
    'playout.drained',
  ],
  'a tool that has answered before the caller interrupts': [
    ...question,
    'playout.primed',
    'playout.started',
    'tool.started',
    'tool.finished',
    'speech.started',
    'speech.sustained',
    'playout.flushed',
    'speech.ended',
    ...wholeReply,
  ],
};

/** Sends `events` to a fresh chart and compares each step with the table; stops at the first difference. */
function runPath(
  chart: TurnChart,
  agentGreets: boolean,
  events: readonly TurnEventType[],
): readonly string[] {
  const walk = new TableWalk(chart, agentGreets);
  for (const type of events) {
    if (walk.differences.length > 0) break;
    walk.send(type);
  }
  walk.rig.stop();
  return walk.differences;
}
