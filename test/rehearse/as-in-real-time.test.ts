import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Agent } from '../../src/agents/index.ts';
import type { CallObserver } from '../../src/call/index.ts';
import { agentOf } from '../../src/cli/rehearse/agent-of.ts';
import { realStage, type Stage, simulatedStage } from '../../src/cli/rehearse/stage.ts';
import { dialogueSteps, runDialogue, type Scenario, scenarioClips } from '../../src/sim/index.ts';
import { createScorers } from '../../src/speech/index.ts';
import { type Clock, seededChance } from '../../src/time/index.ts';
import { log, Rehearsals } from './rehearsals.ts';

let rehearsals: Rehearsals;

beforeAll(async () => {
  rehearsals = await Rehearsals.load();
});

afterAll(() => rehearsals.close());

test('simulated time takes the same transitions as real time', { timeout: 60_000 }, async () => {
  // a short one: it is made in real time too
  const wanted: Scenario = {
    ...rehearsals.scenario('interruption'),
    steps: [
      { say: 'yes', after_ms: 300 },
      { say: '$clip', after_agent_audible_ms: 900 },
    ],
  };
  const [clip] = await scenarioClips(wanted, seededChance(1));
  const transitions = async (open: (options: Parameters<typeof realStage>[0]) => Promise<Stage>) => {
    const seen: string[] = [];
    const observer: CallObserver = {
      event(event) {
        if (event.type === 'turn.floor') seen.push(`floor ${event.floor}: ${event.because}`);
        if (event.type === 'turn.verdict') seen.push(`verdict ${event.verdict}`);
      },
    };
    const agent = agentOf(agentOf(rehearsals.bakery, wanted.agent), { detector: { kind: 'energy' } });
    const scorersOn = (_: Agent, clock: Clock) => createScorers({ kind: 'energy', clock, log });
    const stage = await open({ scenario: wanted, agent, seed: 5, log, scorersOn, observers: [observer] });
    stage.caller.call();
    const talk = runDialogue(stage.caller, await dialogueSteps(wanted, clip, 3));
    await stage.play(talk);
    await stage.close();
    return seen;
  };
  const simulated = await transitions(simulatedStage);
  expect(simulated).toContain('verdict confirmed');
  expect(await transitions(realStage)).toEqual(simulated);
});
