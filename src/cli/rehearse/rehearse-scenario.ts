import type { Agent } from '../../agents/index.ts';
import type { CallObserver } from '../../call/index.ts';
import type { Log } from '../../observe/index.ts';
import {
  type CallFigures,
  dialogueSteps,
  makeStreet,
  measureCall,
  type RehearsedCall,
  runDialogue,
  type Scenario,
  type ScenarioClip,
  type ScenarioSummary,
  type SimulatedCaller,
  scenarioClips,
  summarise,
} from '../../sim/index.ts';
import { seededChance, within } from '../../time/index.ts';
import type { ToolSet } from '../../tools/index.ts';
import type { WayToGemini } from '../gemini-access.ts';
import { agentOf } from './agent-of.ts';
import { scenarioTools } from './scenario-tools.ts';
import { realStage, type Stage, type StageOptions, simulatedStage } from './stage.ts';
import { Witness } from './witness.ts';

/** How scenarios are rehearsed. */
export interface RehearseSettings {
  readonly agent: Agent;
  readonly changes: Scenario['agent'];
  readonly seed: number;
  readonly isSimulatedTime: boolean;
  /** Calls at a time in real time; simulated time takes one after the other. */
  readonly concurrency: number;
  /** At most so many calls of a scenario. */
  readonly calls: number | undefined;
  readonly log: Log;
  readonly scorersOn: StageOptions['scorersOn'];
  readonly google: WayToGemini | undefined;
  /** What the model of the agent can have done; nothing by default. */
  readonly toolsFor?: (agent: Agent) => ToolSet;
  /** Sets calls up elsewhere than in this process. */
  readonly stageOn?: (options: StageOptions) => Promise<Stage>;
  /** What is measured in a call; what scenarios measure, by default. */
  readonly measure?: (call: RehearsedCall) => CallFigures;
  /** Who follows each call. */
  readonly observers?: readonly CallObserver[];
  /** Told after each call. */
  readonly onCall?: (call: RehearsedResult) => void;
}

/** One rehearsed call. */
export interface RehearsedResult {
  readonly scenario: string;
  readonly clip: string | undefined;
  readonly figures: CallFigures;
  readonly failure: string | undefined;
  /** What the scenario expected and did not come true. */
  readonly unmet: readonly string[];
}

/** Longest wait for the end of a call whose line is gone, ms. */
const endMs = 5000;
/** Longest street noise, s. */
const streetS = 60;

/** Makes every call of a scenario and sums them up. */
export async function rehearseScenario(
  scenario: Scenario,
  settings: RehearseSettings,
): Promise<ScenarioSummary> {
  const clips = await scenarioClips(scenario, seededChance(settings.seed));
  const wanted = clips.slice(0, settings.calls ?? clips.length);
  const results: CallFigures[] = new Array(wanted.length);
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < wanted.length; index = next++) {
      results[index] = await rehearseCall(scenario, wanted[index], index, settings);
    }
  };
  const workers = settings.isSimulatedTime ? 1 : settings.concurrency;
  await Promise.all(Array.from({ length: workers }, worker));
  return summarise(scenario, results);
}

async function rehearseCall(
  scenario: Scenario,
  clip: ScenarioClip | undefined,
  index: number,
  settings: RehearseSettings,
): Promise<CallFigures> {
  const { log, google, isSimulatedTime, measure = measureCall } = settings;
  const stageOn = settings.stageOn ?? (isSimulatedTime ? simulatedStage : realStage);
  const seed = settings.seed * 1000 + index * 10;
  const agent = agentOf(agentOf(settings.agent, scenario.agent), settings.changes);
  const witness = new Witness(scenario.expect);
  const tools = settings.toolsFor?.(agent);
  const options = {
    scenario,
    agent,
    seed,
    log,
    scorersOn: settings.scorersOn,
    observers: [witness, ...(settings.observers ?? [])],
    ...(tools ? { tools: scenarioTools(agent, tools, scenario.tools) } : {}),
    ...(google ? { google } : {}),
  };
  const stage = await stageOn(options);
  const { caller } = stage;
  try {
    const said = clip && { ...clip, samples: louder(clip.samples, scenario.line.gain_db) };
    const steps = await dialogueSteps(scenario, said, index);
    caller.call();
    addStreet(scenario, caller, seed);
    const talk = runDialogue(caller, steps);
    await stage.play(talk);
    const dialogue = await talk;
    await stage.play(over(caller));
    if (witness.hasExpectations) await stage.play(within(stage.clock, endMs, witness.over));
    const sessions = stage.sessions();
    const observations = sessions.map(({ observation }) => observation);
    const unmet = witness.unmet(sessions);
    const figures = {
      ...measure({ scenario, clip, caller, sessions: observations, dialogue }),
      ...(witness.hasExpectations ? { as_expected: [unmet.length === 0 ? 1 : 0] } : {}),
    };
    settings.onCall?.({
      scenario: scenario.name,
      clip: clip?.name,
      figures,
      failure: dialogue.failure?.error.message,
      unmet,
    });
    return figures;
  } finally {
    await stage.play(over(caller));
    await stage.close();
  }
}

/** The caller hangs up, where nobody has yet. */
async function over(caller: SimulatedCaller): Promise<void> {
  if (caller.state !== 'streaming') return;
  const ended = caller.wait.ended({ withinMs: 5000 });
  caller.hangUp();
  await ended.catch(() => undefined);
}

function addStreet(
  { line }: Scenario,
  caller: {
    wait: { connected(options: { withinMs: number }): Promise<number> };
    say(samples: Int16Array): unknown;
  },
  seed: number,
): void {
  const { street_dbov } = line;
  if (street_dbov === undefined) return;
  const street = makeStreet(streetS, street_dbov, seededChance(seed));
  caller.wait.connected({ withinMs: 10_000 }).then(
    () => caller.say(street),
    () => undefined,
  );
}

function louder(samples: Int16Array, gainDb: number): Int16Array {
  if (gainDb === 0) return samples;
  const gain = 10 ** (gainDb / 20);
  return samples.map((sample) => Math.max(-32_768, Math.min(32_767, Math.round(sample * gain))));
}
