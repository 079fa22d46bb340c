import { type TurnChart, TurnRig, turnEvents, waysFromTheBeginning } from './turn-rig.ts';
import { beginnings, type Reaction, type TurnEventType, type TurnState, turnTable } from './turn-table.ts';

/** What the table expects once `type` has come in `from`. */
export function expectedAfter(from: TurnState, type: TurnEventType): Reaction {
  return turnTable[from].on[type] ?? [from];
}

/** How a chart that has just been sent `type` differs from the table; empty when it does not. */
export function differences(rig: TurnRig, [to, ...told]: Reaction, type?: TurnEventType): string[] {
  const row = turnTable[to];
  const wanted = { state: to, told, deadlines: [...row.deadlines].sort(), tags: [...row.tags].sort() };
  const got = {
    state: rig.state,
    told: rig.told(type),
    deadlines: rig.deadlines.sort(),
    tags: rig.tags.sort(),
  };
  return (['state', 'told', 'deadlines', 'tags'] as const).flatMap((what) =>
    String(wanted[what]) === String(got[what])
      ? []
      : [`${what}: expected [${String(wanted[what])}], got [${String(got[what])}]`],
  );
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
}

/** Sends `events` to a fresh chart and compares each step with the table; stops at the first difference. */
function runPath(
  chart: TurnChart,
  agentGreets: boolean,
  events: readonly TurnEventType[],
): readonly string[] {
  const rig = new TurnRig(chart, agentGreets);
  let expected = beginnings[agentGreets ? 'agentGreets' : 'callerFirst'];
  let found = differences(rig, expected);
  let at = 'beginning';
  for (const type of events) {
    if (found.length > 0) break;
    at = `${expected[0]} × ${type}`;
    expected = expectedAfter(expected[0], type);
    rig.send(type);
    found = differences(rig, expected, type);
  }
  rig.stop();
  return found.map((difference) => `${at}: ${difference}`);
}
