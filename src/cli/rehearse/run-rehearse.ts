import { writeFile } from 'node:fs/promises';
import pc from 'picocolors';
import type { Agent } from '../../agents/index.ts';
import { createLog } from '../../observe/index.ts';
import {
  loadScenario,
  loadScenarios,
  type Scenario,
  ScenarioError,
  type ScenarioSummary,
  shippedScenarios,
} from '../../sim/index.ts';
import { type Clock, systemChance, systemClock } from '../../time/index.ts';
import { findGoogle, waysToGemini } from '../gemini-access.ts';
import { type Terminal, UserError } from '../output.ts';
import { agentsFolder, readAgents } from '../settings.ts';
import { openScorers, SimulatedSpeech } from '../speech.ts';
import { ToolBook } from '../tools.ts';
import { Bill } from './bill.ts';
import { type RehearsedResult, rehearseScenario } from './rehearse-scenario.ts';
import { scenariosOf } from './scenarios-of.ts';

/** What `baari rehearse` was asked for. */
export interface RehearseOptions {
  readonly agents?: string;
  readonly agent?: string;
  readonly scenario?: string[];
  readonly set?: string[];
  readonly seed?: string;
  readonly calls?: string;
  readonly concurrency?: string;
  readonly simulatedTime?: boolean;
  readonly gemini?: string;
  readonly out?: string;
  readonly json?: boolean;
  readonly verbose?: boolean;
}

/** `baari rehearse`: simulated callers against an agent, measured. Resolves with 0 when every bar is met, else 1. */
export async function runRehearse(options: RehearseOptions, terminal: Terminal): Promise<number> {
  const { env, stdout, stderr } = terminal;
  const agents = await readAgents(agentsFolder(options.agents, env), terminal);
  const name = options.agent ?? [...agents.keys()][0] ?? '';
  const agent = agents.get(name);
  if (!agent)
    throw new UserError(`--agent: expected one of ${[...agents.keys()].join(', ')}, found "${name}"`, 2);
  const isGoogle = options.gemini === 'google';
  const google = isGoogle ? await findGoogle(env, systemClock) : undefined;
  if (isGoogle && !google) throw new UserError(`expected ${waysToGemini}, found none`, 2);
  if (isGoogle && options.simulatedTime) {
    throw new UserError('--simulated-time: expected the simulated Gemini, found --gemini google', 2);
  }
  const log = createLog({ level: options.verbose ? 'warn' : 'silent', destination: stderr });
  const simulated = new SimulatedSpeech();
  const real = options.simulatedTime ? undefined : await openScorers([agent], systemClock, log);
  const scenarios = await readScenarios(options.scenario ?? [], agent);
  const tools = new ToolBook({ clock: systemClock, chance: systemChance, env, log });
  const bill = new Bill();
  const settings = {
    agent,
    observers: [bill],
    changes: readChanges(options.set ?? []),
    seed: whole('--seed', options.seed, 1),
    calls: options.calls === undefined ? undefined : whole('--calls', options.calls, 1),
    concurrency: whole('--concurrency', options.concurrency, 8),
    isSimulatedTime: options.simulatedTime ?? false,
    log,
    scorersOn: async (one: Agent, clock: Clock) => real ?? simulated.scorersOn(one, clock, log),
    google,
    toolsFor: tools.toolsFor,
    onCall: (call: RehearsedResult) => {
      if (options.verbose) stderr.write(`${JSON.stringify(call)}\n`);
      else for (const sentence of call.unmet) stderr.write(`${call.scenario}: ${sentence}\n`);
    },
  };
  const summaries: ScenarioSummary[] = [];
  for (const scenario of scenarios) {
    const summary = await rehearseScenario(scenario, settings);
    summaries.push(summary);
    if (!options.json) stdout.write(tableOf(summary));
  }
  await tools.close();
  await real?.close();
  await simulated.close();
  const isMet = summaries.every(({ bars }) => bars.every((bar) => bar.isMet));
  const result = {
    isMet,
    agent: name,
    seed: settings.seed,
    simulatedTime: settings.isSimulatedTime,
    scenarios: summaries,
    ...bill.sum,
  };
  if (options.json) stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  else {
    const verdict = isMet ? pc.green('Every bar is met.') : pc.red('Not every bar is met.');
    stdout.write(`${pc.dim(bill.text)}\n${verdict}\n`);
  }
  if (options.out) await writeFile(options.out, `${JSON.stringify(result, null, 2)}\n`);
  return isMet ? 0 : 1;
}

async function readScenarios(files: readonly string[], agent: Agent): Promise<Scenario[]> {
  try {
    const known = [...(await scenariosOf(agent)), ...(await loadScenarios(shippedScenarios))];
    if (files.length === 0) return known;
    const wanted = await Promise.all(
      files.map(async (file) => known.find((scenario) => scenario.name === file) ?? loadScenario(file)),
    );
    const foreign = wanted.find((scenario) => scenario.for !== undefined && scenario.for !== agent.name);
    if (!foreign) return wanted;
    throw new UserError(
      `--scenario: ${foreign.name} is for the agent ${foreign.for}, found ${agent.name}`,
      2,
    );
  } catch (error) {
    if (error instanceof ScenarioError) throw new UserError(error.message);
    throw error;
  }
}

/** `turns.confirm_ms=400` and the like. */
function readChanges(settings: readonly string[]): Scenario['agent'] {
  const changes: Scenario['agent'] = {};
  for (const setting of settings) {
    const match = /^([a-z_]+)\.([a-z_]+)=(.+)$/.exec(setting);
    if (!match) throw new UserError(`--set: expected section.field=value, found "${setting}"`, 2);
    const [, section = '', field = '', text = ''] = match;
    const value =
      text === 'true' ? true : text === 'false' ? false : Number.isNaN(Number(text)) ? text : Number(text);
    changes[section] = { ...changes[section], [field]: value };
  }
  return changes;
}

function whole(name: string, text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new UserError(`${name}: expected a whole number from 1, found "${text}"`, 2);
  return value;
}

function tableOf({ scenario, about, calls, figures, bars }: ScenarioSummary): string {
  const rows = Object.entries(figures).map(
    ([name, { n, mean, median, p95, max }]) =>
      `  ${name.padEnd(20)} n ${String(n).padStart(4)}   mean ${cell(mean)}   median ${cell(median)}   p95 ${cell(p95)}   max ${cell(max)}`,
  );
  const verdicts = bars.map(({ bar, least, most, found, isMet }) => {
    const wanted = [least === undefined ? '' : `≥ ${least}`, most === undefined ? '' : `≤ ${most}`]
      .filter(Boolean)
      .join(', ');
    return `  ${isMet ? pc.green('✓') : pc.red('✗')} ${bar} ${wanted}: ${found}`;
  });
  return `${pc.bold(scenario)} · ${about} (${calls} calls)\n${[...rows, ...verdicts].join('\n')}\n\n`;
}

function cell(value: number): string {
  return String(Math.round(value * 100) / 100).padStart(8);
}
