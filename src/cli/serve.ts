import cluster from 'node:cluster';
import { type Agent, formatProblem } from '../agents/index.ts';
import type { CallLedger } from '../call/index.ts';
import { bridgePath, type OtherProcesses } from '../inspection/index.ts';
import { createLog, Metrics } from '../observe/index.ts';
import { BaariServer, consoleFolder, streamAddress } from '../server/index.ts';
import { systemChance, systemClock } from '../time/index.ts';
import { serveTokens } from './api-tokens.ts';
import { doorWarnings, readDoors } from './door-settings.ts';
import { KeptCalls } from './kept-calls.ts';
import { outboundService } from './outbound.ts';
import type { Terminal } from './output.ts';
import { recordsStopMs } from './records.ts';
import { ServedAgents } from './served-agents.ts';
import { isLoopback, listen, tellAddresses } from './service/own-address.ts';
import { Primary } from './service/primary.ts';
import { tuneForCalls } from './service/runtime.ts';
import { openCertificate, readInspect } from './service/serve-settings.ts';
import { findGemini } from './service/served-gemini.ts';
import { type StopSignals, stopSignals } from './service/stop-signals.ts';
import { WorkerLink } from './service/worker-link.ts';
import type { About } from './service/worker-messages.ts';
import { readLogLevel, readMs, readPort, readWorkers } from './settings.ts';
import { EarlyLog, ServiceScorers } from './speech.ts';
import { ToolBook } from './tools.ts';

/** What `baari serve` was asked for. */
export interface ServeOptions {
  readonly agents?: string;
  readonly port?: string;
  readonly host?: string;
  readonly workers?: string;
  readonly records?: string;
  readonly gemini?: string;
  readonly inspect?: string;
  readonly json?: boolean;
  readonly logLevel?: string;
}

/** How long live calls may go on after SIGTERM, ms. */
const usualDrainMs = 30_000;
const longestDrainMs = 3_600_000;
/** Beyond that, for goodbyes, last words, records and the rest of a process, ms. */
const partingMs = 20_000 + recordsStopMs;

/** `baari serve`: answers calls until SIGTERM or SIGINT. Resolves with the exit code. */
export async function runServe(options: ServeOptions, terminal: Terminal): Promise<number> {
  // from here on: who starts us may want us to stop before we listen
  const signals = stopSignals(systemClock);
  const metrics = new Metrics({ withProcess: true });
  if (cluster.isWorker) {
    const link = new WorkerLink(systemClock, metrics);
    // what is wrong with the configuration has been told by the first
    const stderr = terminal.env.BAARI_WORKER === 'first' ? terminal.stderr : { write: () => true };
    const tell = (about: About): Promise<void> => link.listening(about);
    const text = (): Promise<string> => link.metricsOfAll();
    return serveCalls(
      options,
      { ...terminal, stderr },
      { signals, metrics, text, tell, ledger: link.ledger, others: link.others, link },
    ).finally(() => link.close());
  }
  const tell = async (about: About): Promise<void> => tellAddresses(about, options.json === true, terminal);
  const workers = readWorkers(options.workers ?? terminal.env.BAARI_WORKERS);
  if (workers > 1) return runPrimary(workers, options, terminal, { signals, tell });
  const text = (): Promise<string> => metrics.registry.metrics();
  return serveCalls(options, terminal, { signals, metrics, text, tell });
}

/** What a process that serves has around it. */
interface Surroundings {
  readonly signals: StopSignals;
  readonly metrics: Metrics;
  /** The metrics of the whole service. */
  readonly text: () => Promise<string>;
  /** What is known of calls, where several processes share it. */
  readonly ledger?: CallLedger;
  /** The other processes of the service. */
  readonly others?: OtherProcesses;
  /** To the primary, where there are several processes. */
  readonly link?: WorkerLink;
  /** Tells the user where the service answers. */
  readonly tell: (about: About) => Promise<void>;
}

async function runPrimary(
  workers: number,
  options: ServeOptions,
  { env, stderr }: Terminal,
  { signals, tell }: Pick<Surroundings, 'signals' | 'tell'>,
): Promise<number> {
  const log = createLog({ level: readLogLevel(options.logLevel ?? env.BAARI_LOG_LEVEL, 'info') });
  const drainMs = readMs('BAARI_DRAIN_MS', env, usualDrainMs, longestDrainMs);
  const primary = new Primary({
    workers,
    clock: systemClock,
    log,
    // a path that one worker gives out is used at another
    shared: env.BAARI_SECRET || env.BAARI_SECRET_FILE ? {} : { BAARI_SECRET: systemChance.hexId(32) },
    tell,
    complain: (sentence) => stderr.write(`baari: ${sentence}\n`),
    signals,
    stopMs: drainMs + partingMs,
  });
  return primary.run();
}

async function serveCalls(
  options: ServeOptions,
  terminal: Terminal,
  { signals, metrics, text, tell, ledger, others, link }: Surroundings,
): Promise<number> {
  tuneForCalls();
  const { env, stderr } = terminal;
  const host = options.host ?? env.HOST ?? '127.0.0.1';
  const port = readPort(options.port ?? env.PORT, 8080);
  const drainMs = readMs('BAARI_DRAIN_MS', env, usualDrainMs, longestDrainMs);
  const log = createLog({
    level: readLogLevel(options.logLevel ?? env.BAARI_LOG_LEVEL, 'info'),
    worker: cluster.worker?.id,
  });
  const inspect = readInspect(options.inspect);
  const certificate = openCertificate(env);
  const served = await ServedAgents.open({
    folder: options.agents,
    terminal,
    clock: systemClock,
    log,
    metrics,
    mayBeNone: env.BAARI_WORKER === 'next',
  });
  const { agents, apologyFor } = served;
  const tokens = serveTokens(env);
  const doors = readDoors(env, stderr);
  const outbound = outboundService(env, log, cluster.isWorker, {
    callbackPath: (agent) => server.doors.callbackPath(agent),
    expectCall: (callSid, agent) => server.doors.ledger.open(callSid, agent),
  });
  const gemini = await findGemini(options.gemini ?? env.BAARI_GEMINI ?? 'auto', env);
  const { access, dial, simulated } = gemini;
  const early = new EarlyLog(log);
  const scorers = await ServiceScorers.open(agents.values(), systemClock, early);
  const folder = options.records ?? env.BAARI_RECORDS;
  const kept = new KeptCalls({
    folder,
    agents,
    env,
    clock: systemClock,
    chance: systemChance,
    gemini,
    log,
    metrics,
  });
  const tools = new ToolBook({
    clock: systemClock,
    chance: systemChance,
    env,
    log,
    serverTroubled: (agent, server) => metrics.toolServers.inc({ agent, server }),
  });
  const server = new BaariServer({
    host,
    port,
    clock: systemClock,
    chance: systemChance,
    log,
    agents,
    brokenAgents: () => served.broken,
    access,
    dial,
    scorers,
    apologyFor,
    toolsFor: tools.toolsFor,
    memoryFor: (agent) => kept.memoryFor(agent),
    areRecordsKept: kept.store !== undefined,
    doors: { ...doors, ledger, statusTold: (report) => outbound.book?.statusTold(report) },
    observersFor: (callId, agent) => [
      ...kept.follow(callId, agent),
      { started: ({ parameters, callSid }) => outbound.book?.streamBegan(parameters, callSid) },
    ],
    certificate,
    console: consoleFolder(),
    outbound,
    inspect,
    others,
    api: { tokens: tokens.inForce, records: kept.store, live: link?.live, problemsOf: () => served.problems },
    metrics: {
      metrics,
      text,
      token: env.BAARI_METRICS_TOKEN || undefined,
    },
  });
  link?.tellOf(server.ownCalls());
  const changed = (): void => {
    tools.follow(agents.values());
    server.agentsChanged();
  };
  const base = await listen(server, host, port).catch(async (error: unknown) => {
    await simulated?.close();
    await scorers.close();
    await tools.close();
    throw error;
  });
  const about = {
    address: base,
    model: simulated ? 'simulated' : 'google',
    agents: [...agents.keys()].map((name) => ({ name, address: streamAddress(base, name) })),
  };
  await tell(about);
  if (inspect) stderr.write(`Stately's inspector shows live calls at ${base}${bridgePath}\n`);
  const warnings = [
    ...doorWarnings(agents, env, isLoopback(host) ? undefined : host),
    ...kept.warnings,
    ...secretWarnings(agents, tools),
  ];
  if (warnings.length > 0) stderr.write(warnings.map((warning) => `warning: ${warning}\n`).join(''));
  early.release();
  // by one of several workers; another that is lost leaves records for the next start
  kept.start(cluster.worker === undefined || env.BAARI_WORKER === 'first');
  served.follow({ admit: (agent) => scorers.admit(agent), changed });
  tools.follow(agents.values());
  process.on('SIGHUP', () => {
    server.reloadCertificate();
    served.reload();
    tokens.reload(log);
  });
  await signals.stopped;
  log.info('server.stopping');
  await served.close();
  await server.drain(drainMs, signals.hurried);
  await kept.stop();
  await tools.close();
  await simulated?.close();
  await scorers.close();
  log.info('server.stopped');
  return 0;
}

/** What tools miss, once for each secret of an agent. */
function secretWarnings(agents: ReadonlyMap<string, Agent>, tools: ToolBook): string[] {
  return [...agents.values()].flatMap((agent) => {
    const missing = tools.problemsOf(agent);
    const once = missing.filter(
      ({ expected }, index) => missing.findIndex((other) => other.expected === expected) === index,
    );
    return once.map((problem) => `${formatProblem(problem)}; the tool fails when it is called`);
  });
}
