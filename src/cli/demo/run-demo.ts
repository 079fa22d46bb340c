import { resolve } from 'node:path';
import pc from 'picocolors';
import { exampleAgentsFolder } from '../../agents/index.ts';
import { loadApology, recordCall } from '../../call/index.ts';
import { createLog } from '../../observe/index.ts';
import { CallRecorder, type RecordFiles } from '../../records/index.ts';
import { BaariServer, streamAddress } from '../../server/index.ts';
import { runDialogue, SimulatedCaller, SimulatedGemini } from '../../sim/index.ts';
import { systemChance, systemClock, within } from '../../time/index.ts';
import { geminiDial } from '../gemini-access.ts';
import { type Terminal, UserError } from '../output.ts';
import { readAgents } from '../settings.ts';
import { openScorers } from '../speech.ts';
import { ToolBook } from '../tools.ts';
import { DemoShop } from './demo-shop.ts';
import { liveView } from './live-view.ts';
import { judgeOrder } from './order-verdict.ts';
import { sceneScript, sceneSteps } from './scene.ts';
import { type Finding, judge } from './verdict.ts';

/** What `baari demo` was asked for. */
export interface DemoOptions {
  readonly out: string;
  readonly json?: boolean;
}

/** Longest wait for the record to be on disk, ms. */
const recordMs = 10_000;

/** `baari demo`: one call through the real server and the real SDK, over real sockets. Resolves with the exit code. */
export async function runDemo(options: DemoOptions, terminal: Terminal): Promise<number> {
  const { stdout } = terminal;
  const clock = systemClock;
  const gemini = await SimulatedGemini.listen({
    clock,
    chance: systemChance,
    script: sceneScript(),
    keepAudio: true,
  });
  const folder = resolve(options.out);
  const shop = await openShop(folder);
  const examples = await readAgents(exampleAgentsFolder, terminal);
  const agents = new Map([...examples].map(([name, agent]) => [name, shop.serve(agent)]));
  const ordersBefore = shop.orders;
  const log = createLog({ level: 'silent' });
  const scorers = await openScorers(agents.values(), clock, log);
  const record = Promise.withResolvers<RecordFiles>();
  const failures: string[] = [];
  const tools = new ToolBook({
    clock,
    chance: systemChance,
    env: { ...terminal.env, BAARI_SHOP_TOKEN: shop.token },
    log,
  });
  const server = new BaariServer({
    host: '127.0.0.1',
    port: 0,
    clock,
    chance: systemChance,
    log,
    scorers,
    agents,
    access: { apiKey: 'simulated', baseUrl: gemini.url },
    dial: geminiDial(),
    apologyFor: () => loadApology(),
    toolsFor: tools.toolsFor,
    areRecordsKept: true,
    observersFor: (callId, agent) => {
      const onError = (error: Error): void => void failures.push(error.message);
      const recorder = new CallRecorder({ folder, callId, clock, onError });
      const recorded = recordCall(recorder, callId, agent, clock, () => record.resolve(recorder.files));
      return options.json ? [recorded] : [recorded, liveView(stdout)];
    },
  });
  const base = await server.listen();
  const address = streamAddress(base, 'bakery');
  if (!options.json) stdout.write(`Calling ${address} with a recorded human voice; Gemini is simulated.\n\n`);
  const caller = new SimulatedCaller({ clock, chance: systemChance, address });
  try {
    caller.call();
    const dialogue = await runDialogue(caller, await sceneSteps());
    const files = await within(clock, recordMs, record.promise);
    if (!files) throw new UserError(`the record was not complete within ${recordMs} ms`);
    const session = gemini.gemini.sessions[0];
    const findings = [
      ...(await judge({ caller, session, dialogue })),
      ...(await judgeOrder({ session, shop, ordersBefore, record: files.call })),
    ];
    for (const message of failures)
      findings.push({ what: 'the record is complete', isGood: false, found: message });
    const isGood = findings.every(({ isGood, isAim }) => isGood || isAim);
    stdout.write(
      options.json
        ? `${JSON.stringify({ isGood, findings, files, orders: shop.file }, null, 2)}\n`
        : report(findings, files, shop.file),
    );
    return isGood ? 0 : 1;
  } finally {
    await server.stop();
    await tools.close();
    await shop.close();
    await gemini.close();
    await scorers.close();
  }
}

/** @throws UserError when its orders cannot be kept */
async function openShop(folder: string): Promise<DemoShop> {
  try {
    return await DemoShop.open(folder);
  } catch (error) {
    throw new UserError(`--out: ${error instanceof Error ? error.message : 'the folder cannot be used'}`);
  }
}

function report(findings: readonly Finding[], files: RecordFiles, orders: string): string {
  const rows = findings.map(({ what, isGood, isAim, found }) => `${mark(isGood, isAim)} ${what}: ${found}`);
  const isGood = findings.every(({ isGood, isAim }) => isGood || isAim);
  return [
    '',
    ...rows,
    '',
    isGood ? pc.green('All turns worked.') : pc.red('Not all turns worked.'),
    'Listen: caller left, agent as heard right',
    `  ${files.audio}`,
    `  ${files.transcript}`,
    `  ${files.call}`,
    `The order is in ${orders}`,
    '',
  ].join('\n');
}

function mark(isGood: boolean, isAim?: true): string {
  if (isGood) return pc.green('✓');
  return isAim ? pc.yellow('–') : pc.red('✗');
}
