// How bridges take turns: the scenarios of `baari rehearse` against processes, in real time, judged by what the caller hears.
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { parseAgent } from '../../../src/agents/index.ts';
import { type RehearsedResult, rehearseScenario } from '../../../src/cli/rehearse/rehearse-scenario.ts';
import { createLog } from '../../../src/observe/index.ts';
import { loadScenarios, type Scenario, shippedScenarios } from '../../../src/sim/index.ts';
import { baari } from '../capacity/baari.ts';
import { Bridge, type BridgeCommand } from '../capacity/bridge.ts';
import { OutsideStages } from './outside-stages.ts';
import type { Peer } from './peer.ts';
import { turnFigures } from './turn-figures.ts';
import { tableOf } from './turn-table.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    calls: { type: 'string', default: '8' },
    concurrency: { type: 'string', default: '8' },
    scenario: { type: 'string', multiple: true },
    out: { type: 'string' },
  },
});
const seed = 1;
const peers = readdirSync(import.meta.dirname).filter((name) =>
  existsSync(path.join(import.meta.dirname, name, 'peer.ts')),
);
const names = positionals.length > 0 ? positionals : ['baari', ...peers];
const strange = names.filter((name) => name !== 'baari' && !peers.includes(name));
if (strange.length > 0) {
  throw new Error(`expected any of baari, ${peers.join(', ')}; found ${strange.join(', ')}`);
}

/** What a bridge without a clock of its own cannot be asked: a silent model. */
const unfit = ['silent-model'];

/** A scenario as it is for any bridge: the agent greets first, and the caller hears that out. */
function forAnyBridge(scenario: Scenario): Scenario {
  const { model, steps } = scenario;
  if (model.greeting) return scenario;
  return {
    ...scenario,
    agent: {},
    model: { ...model, greeting: 'goAhead' },
    steps: [{ wait: 'agent_finished', within_ms: 20_000, for_ms: 700 }, ...steps],
  };
}

async function commandOf(
  name: string,
  folder: string,
): Promise<BridgeCommand | { readonly missing: string }> {
  if (name === 'baari') return baari('shipped', folder);
  const { peer }: { peer: Peer } = await import(`./${name}/peer.ts`);
  return peer.ready();
}

async function rehearse(name: string, scenarios: readonly Scenario[]): Promise<RehearsedResult[] | string> {
  const folder = mkdtempSync(path.join(tmpdir(), `baari-turns-${name}-`));
  const command = await commandOf(name, folder);
  if ('missing' in command) return command.missing;
  const results: RehearsedResult[] = [];
  await using stages = await OutsideStages.listen(seed);
  const log = path.join(folder, 'bridge.log');
  await using bridge = await Bridge.start(command, { gemini: stages.url, log });
  const address = `ws://127.0.0.1:${bridge.port}/exotel/bakery`;
  for (const scenario of scenarios) {
    const from = results.length;
    await rehearseScenario(scenario, {
      agent,
      changes: {},
      seed,
      isSimulatedTime: false,
      concurrency: Number(values.concurrency),
      calls: Number(values.calls),
      log: createLog({ level: 'silent' }),
      scorersOn: () => Promise.reject(new Error('the detector is the bridge’s')),
      google: undefined,
      stageOn: async (options) => stages.stage(address, options),
      measure: turnFigures,
      onCall: (result) => results.push(result),
    });
    const calls = results.slice(from);
    const failed = calls.filter(({ failure }) => failure !== undefined);
    console.error(
      `${name}: ${scenario.name}, ${calls.length} calls${failed[0] ? `, ${failed.length} failed: ${failed[0].failure}` : ''}`,
    );
  }
  if (results.some(({ failure }) => failure !== undefined)) console.error(`${name}: its log is ${log}`);
  else rmSync(folder, { recursive: true });
  return results;
}

const parsed = parseAgent('prompt: You take calls.', 'bakery.yaml');
if (!parsed.ok) throw new Error('expected an agent');
const { agent } = parsed;
const known = (await loadScenarios(shippedScenarios)).filter(({ name }) => !unfit.includes(name));
const scenarios = known.filter(({ name }) => values.scenario?.includes(name) ?? true).map(forAnyBridge);
const found = new Map<string, RehearsedResult[]>();
for (const name of names) {
  const results = await rehearse(name, scenarios);
  if (typeof results === 'string') console.error(`${name}: ${results}`);
  else found.set(name, results);
}
console.log(tableOf(found));
if (values.out) writeFileSync(values.out, `${JSON.stringify(Object.fromEntries(found), null, 2)}\n`);
