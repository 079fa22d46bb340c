import { type Agent, exampleAgentsFolder, loadAgents } from '../../src/agents/index.ts';
import { rehearseScenario } from '../../src/cli/rehearse/rehearse-scenario.ts';
import { SimulatedSpeech } from '../../src/cli/speech.ts';
import { createLog } from '../../src/observe/index.ts';
import { loadScenarios, type Scenario, type ScenarioSummary, shippedScenarios } from '../../src/sim/index.ts';

export const log = createLog({ level: 'silent' });

/** The model of speech takes most of a rehearsal's time; only the street needs it. */
export const byLevel = { detector: { kind: 'energy' } };

/** The shipped scenarios with the shipped bakery, to be rehearsed in simulated time. */
export class Rehearsals {
  readonly bakery: Agent;
  readonly #scenarios: ReadonlyMap<string, Scenario>;
  readonly #speech = new SimulatedSpeech();
  readonly #done = new Map<string, Promise<ScenarioSummary>>();

  private constructor(bakery: Agent, scenarios: ReadonlyMap<string, Scenario>) {
    this.bakery = bakery;
    this.#scenarios = scenarios;
  }

  static async load(): Promise<Rehearsals> {
    const scenarios = await loadScenarios(shippedScenarios);
    const bakery = (await loadAgents(exampleAgentsFolder)).agents.get('bakery');
    if (!bakery) throw new Error('the examples have no bakery');
    return new Rehearsals(bakery, new Map(scenarios.map((scenario) => [scenario.name, scenario])));
  }

  get names(): string[] {
    return [...this.#scenarios.keys()];
  }

  scenario(name: string): Scenario {
    const found = this.#scenarios.get(name);
    if (!found) throw new Error(`there is no scenario named ${name}`);
    return found;
  }

  /** The summary of some calls; the same ones are made once. */
  summary(name: string, changes: Scenario['agent'], calls: number): Promise<ScenarioSummary> {
    const key = JSON.stringify([name, changes, calls]);
    const summary = this.#done.get(key) ?? this.rehearse(name, changes, calls);
    this.#done.set(key, summary);
    return summary;
  }

  rehearse(name: string, changes: Scenario['agent'], calls: number): Promise<ScenarioSummary> {
    return rehearseScenario(this.scenario(name), {
      agent: this.bakery,
      changes,
      seed: 1,
      isSimulatedTime: true,
      concurrency: 1,
      calls,
      log,
      scorersOn: (agent, clock) => this.#speech.scorersOn(agent, clock, log),
      google: undefined,
    });
  }

  close(): void {
    void this.#speech.close();
  }
}
