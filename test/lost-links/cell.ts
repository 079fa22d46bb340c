import { inspect } from 'node:util';
import type { InspectionEvent } from 'xstate';
import { loadCaller } from '../../src/sim/callers/index.ts';
import { reachedClip } from '../../src/sim/index.ts';
import { delay } from '../../src/time/index.ts';
import type { Tool } from '../../src/tools/index.ts';
import { MemoryLog } from '../helpers/memory-log.ts';
import type { LoopbackWorld } from '../service-paths/loopback-world.ts';
import { ServiceStage } from '../service-paths/service-stage.ts';
import { beforeSetUp, type Mishap } from './mishaps.ts';
import type { Situation } from './situations.ts';

/** What became of a call whose link failed. */
export interface CellResult {
  readonly outcome: 'answered' | 'apologised';
  /** What must not be; empty when all is well. */
  readonly problems: readonly string[];
  /** From the mishap to the end of the next reply that is heard, ms. */
  readonly recoveredMs: number;
  readonly sessions: number;
}

const apiKey = 'a-key-that-nobody-may-read-5c1e';
/** Deadlines are short, so that a model that says nothing is given up soon. */
const agent = [
  'greeting: { by: none }',
  'turns: { nudge_ms: 1000, new_session_ms: 1700, apology_ms: 4000 }',
  'limits: { setup_ms: 1500 }',
].join('\n');
/** Takes long enough for a link to fail meanwhile. */
const lookUp: Tool = {
  name: 'look_up',
  description: 'Looks something up.',
  parameters: { type: 'object', properties: { what: { type: 'string' } } },
  blocking: true,
  hasSideEffects: false,
  run: async (_, { clock }) => {
    await delay(clock, 700);
    return { found: 'from nine to eight' };
  },
};
/** Longest wait for what must come, ms. */
const longestMs = 14_000;
/** What may be left behind a call is gone after so long, ms. */
const leftoverMs = 1000;

/** Lets `mishap` befall a call in `situation` and says what came of it. */
export async function playCell(
  open: (options: { faults: ReturnType<typeof beforeSetUp> }) => Promise<LoopbackWorld>,
  situation: Situation,
  mishap: Mishap,
): Promise<CellResult> {
  const isSetUp = situation.steps.length > 0;
  const world = await open({ faults: isSetUp ? [] : beforeSetUp(mishap) });
  const log = new MemoryLog();
  let seen = '';
  const watch = (inspection: InspectionEvent): void => {
    if (inspection.type === '@xstate.event') seen += inspect(inspection.event, { depth: 8 });
  };
  const tools = [lookUp];
  const stage = await ServiceStage.open(world, { agent, tools, apiKey, log: log.log, watch });
  const said: { name: Clip }[] = [];
  const say = async (name: Clip): Promise<void> => {
    stage.caller.say(await loadCaller(name));
    said.push({ name });
  };
  try {
    for (const step of situation.steps) {
      if ('say' in step) await say(step.say);
      else if ('pass' in step) await stage.pass(step.pass);
      else if (!(await stage.pass(longestMs, () => stage.turn.state === step.until)))
        throw new Error(`expected the turn to come to ${step.until}; ${stage.describe()}`);
    }
    const atMs = world.clock.nowMs();
    if (isSetUp && stage.session) mishap.befall(stage.session, world);
    const rest = await recover(stage, say);
    const recoveredMs = world.clock.nowMs() - atMs;
    const isApologised = stage.caller.state === 'ended';
    const isOver = await stage.end();
    await stage.pass(leftoverMs);
    const lost = isApologised ? [] : await lostOf(stage, said);
    return {
      outcome: isApologised ? 'apologised' : 'answered',
      problems: [
        ...rest,
        ...lost,
        ...(isOver ? [] : ['the call does not end']),
        ...leftOver(stage),
        ...shown(log.text, seen, JSON.stringify(stage.summary)),
      ],
      recoveredMs,
      sessions: world.gemini.sessions.length,
    };
  } finally {
    await world.close();
  }
}

type Clip = 'number-two';

/** The caller waits for quiet, asks once more and hears an answer; or hears an apology and the end of the call. */
async function recover(stage: ServiceStage, say: (clip: Clip) => Promise<void>): Promise<string[]> {
  const { caller } = stage;
  const isOver = (): boolean => caller.state === 'ended';
  const cameToRest = await stage.pass(longestMs, () => isOver() || stage.turn.state === 'listening.quiet');
  if (!cameToRest) return [`nothing comes of it: ${stage.describe()}`];
  // whoever was speaking may go on
  await stage.pass(300, isOver);
  await stage.pass(longestMs, () => isOver() || stage.turn.state === 'listening.quiet');
  if (!isOver()) {
    const before = caller.agentAudible.length;
    await say('number-two');
    await stage.pass(700, isOver);
    const isHeard = (): boolean =>
      stage.turn.state === 'listening.quiet' && caller.agentAudible.length > before;
    if (!(await stage.pass(longestMs, () => isOver() || isHeard())))
      return [`the caller is not answered: ${stage.describe()}`];
  }
  if (!isOver()) return [];
  const wasHeard = stage.summary?.outcome === 'modelUnavailable' && caller.agentAudible.length > 0;
  return wasHeard ? [] : [`the call ends without a word: ${stage.describe()}`];
}

/** Where the key can be read that nobody may. */
function shown(...texts: readonly (string | undefined)[]): string[] {
  const isShown = texts.some((text) => text?.includes(apiKey));
  return isShown ? ['the key is in the log, the events or the record'] : [];
}

/** Clips of the caller that no session received whole. */
async function lostOf(stage: ServiceStage, said: readonly { name: Clip }[]): Promise<string[]> {
  const turns = stage.world.gemini.sessions.flatMap(({ observation }) => observation.turns);
  const lost: string[] = [];
  for (const { name } of said) {
    const clip = await loadCaller(name);
    const isWhole = turns.some(({ audio }) => {
      const { clippedMs, likeness } = reachedClip(clip, audio ?? new Int16Array(0));
      return clippedMs === 0 && likeness > 0.9;
    });
    if (!isWhole) lost.push(`"${name}" reached no session whole`);
  }
  return lost;
}

function leftOver({ world, server, scope, turn, summary }: ServiceStage): string[] {
  const open = world.gemini.sessions.filter(({ observation }) => !observation.closed).length;
  const answers = world.gemini.sessions.flatMap(({ observation }) => observation.toolAnswers);
  return [
    ...(open > 0 ? [`${open} connections to Gemini are open`] : []),
    ...(server.calls.size > 0 ? ['the call is still in the registry'] : []),
    ...(scope && !scope.aborted ? ['the scope of the call is not aborted'] : []),
    ...(summary?.failure?.code === 'call.defect' ? [`a defect: ${summary.failure.message}`] : []),
    ...answers
      .filter(({ outcome }) => outcome !== 'accepted')
      .map(({ outcome }) => `a tool's answer is ${outcome}`),
    ...turn.differences.map((difference) => `the turn leaves its table: ${difference}`),
  ];
}
