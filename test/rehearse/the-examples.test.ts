import { afterAll, expect, it } from 'vitest';
import { exampleAgentsFolder, loadAgents } from '../../src/agents/index.ts';
import { type RehearsedResult, rehearseScenario } from '../../src/cli/rehearse/rehearse-scenario.ts';
import { scenariosOf } from '../../src/cli/rehearse/scenarios-of.ts';
import { SimulatedSpeech } from '../../src/cli/speech.ts';
import { ToolBook } from '../../src/cli/tools.ts';
import type { Scenario } from '../../src/sim/index.ts';
import { seededChance, systemClock } from '../../src/time/index.ts';
import { byLevel, log } from './rehearsals.ts';

const { agents, problems } = await loadAgents(exampleAgentsFolder);
const scenarios = (await Promise.all([...agents.values()].map(scenariosOf))).flat();
const tools = new ToolBook({ clock: systemClock, chance: seededChance(1), env: {}, log });
const speech = new SimulatedSpeech();
afterAll(async () => {
  await tools.close();
  await speech.close();
});

async function rehearse(scenario: Scenario) {
  const agent = agents.get(scenario.for ?? '');
  if (!agent) throw new Error(`there is no example named ${scenario.for}`);
  const calls: RehearsedResult[] = [];
  const summary = await rehearseScenario(scenario, {
    agent,
    changes: byLevel,
    seed: 1,
    isSimulatedTime: true,
    concurrency: 1,
    calls: undefined,
    log,
    toolsFor: tools.toolsFor,
    scorersOn: (one, clock) => speech.scorersOn(one, clock, log),
    google: undefined,
    onCall: (call) => calls.push(call),
  });
  return { summary, calls };
}

it('all examples are good, and each has scenarios of its own', () => {
  expect(problems).toEqual([]);
  expect([...agents.keys()]).toEqual(['bakery', 'clinic', 'delivery']);
  expect(new Set(scenarios.map((scenario) => scenario.for))).toEqual(new Set(agents.keys()));
});

it.each(scenarios.map((scenario) => [`${scenario.for}: ${scenario.name}`, scenario] as const))(
  '%s',
  async (_, scenario) => {
    const { summary, calls } = await rehearse(scenario);
    expect(calls.map(({ unmet, failure }) => ({ unmet, failure }))).toEqual([
      { unmet: [], failure: undefined },
    ]);
    expect(summary.bars.filter(({ isMet }) => !isMet)).toEqual([]);
  },
);

it('what does not come true is told', async () => {
  const scenario = scenarios.find(({ name }) => name === 'a-delivery-is-confirmed');
  if (!scenario) throw new Error('there is no such scenario');
  const expecting = (expect: Partial<Scenario['expect']>): Scenario => ({
    ...scenario,
    expect: { told: [], heard: [], ...expect },
  });
  const wrong = expecting({
    told: ['Ravi'],
    heard: ['it is confirmed', 'see you soon'],
    tools: [
      { name: 'confirm_delivery', arguments: { door: 'back' }, outcome: 'failed' },
      { name: 'end_call', arguments: {}, outcome: 'answered' },
    ],
    outcome: 'transferred',
  });
  const { summary, calls } = await rehearse(wrong);
  expect(calls[0]?.unmet).toEqual([
    'expected the model to be told "Ravi"',
    'expected confirm_delivery with door "back", found undefined',
    'expected confirm_delivery failed, found answered: ',
    expect.stringContaining('expected the caller to hear "see you soon", found "Hello, this is Kiran'),
    expect.stringMatching(/^expected the outcome transferred, found \w+/),
  ]);
  expect(summary.bars.find(({ bar }) => bar === 'as_expected.mean')?.isMet).toBe(false);
  const other = await rehearse(expecting({ tools: [] }));
  expect(other.calls[0]?.unmet).toEqual(['expected calls of tools: none; found confirm_delivery, end_call']);
});
