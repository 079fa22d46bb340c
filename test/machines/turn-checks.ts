import { type TurnChart, TurnRig, turnEvents, waysFromTheBeginning } from './turn-rig.ts';
import { beginnings, TableReader, turnTable } from './turn-table.ts';
import type { Reaction, TurnEventType, TurnState } from './turn-words.ts';

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

  /** How often in a row a reply has stalled. */
  get stalls(): number {
    return this.#table.stalls;
  }

  /** How the chart has differed from the table so far. */
  get differences(): readonly string[] {
    return this.#differences;
  }

  /** Sends an event to the chart and compares what it does with the table. */
  send(type: TurnEventType): void {
    const from = this.state;
    this.#expected = this.#table.take(from, type);
    this.rig.send(type);
    this.#compare(`${from} × ${type}`, type);
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

/** Sends every event in every state that can be reached, each to a fresh chart; compares each step with the table. */
export function* pairs(chart: TurnChart, agentGreets: boolean): Generator<PairResult> {
  for (const [from, way] of waysFromTheBeginning(agentGreets)) {
    for (const { type } of turnEvents) {
      yield { pair: `${from} × ${type}`, mismatches: runPath(chart, agentGreets, [...way, type]) };
    }
  }
  const toStall = waysFromTheBeginning(agentGreets).get('modelSpeaking.stalled') ?? [];
  const pair = 'modelSpeaking.stalled × deadline.nudge';
  for (const repeats of stallsInARow)
    yield { pair, mismatches: runPath(chart, agentGreets, [...toStall, ...repeats]) };
}

const stallsAgain = ['playout.primed', 'playout.started', 'playout.underran'] as const;
const wholeReply = [
  'playout.primed',
  'playout.started',
  'gemini.generationComplete',
  'playout.drained',
] as const;
/** Replies that stall one after the other, with and without a whole one between. */
const stallsInARow: readonly (readonly TurnEventType[])[] = [
  ['deadline.nudge', ...stallsAgain, 'deadline.nudge', ...stallsAgain, 'deadline.nudge'],
  ['deadline.nudge', ...wholeReply, ...stallsAgain, 'deadline.nudge'],
];

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
