import type { Agent } from '../agents/index.ts';
import type { CallerMemory, CallObserver } from '../call/index.ts';
import { Extractor } from '../extraction/index.ts';
import { askForJson } from '../gemini/index.ts';
import type { Log, Metrics } from '../observe/index.ts';
import type { RecordStep, RecordStore } from '../records/index.ts';
import type { Chance, Clock } from '../time/index.ts';
import { callerMemory } from './caller-memory.ts';
import type { WayToGemini } from './gemini-access.ts';
import type { Terminal } from './output.ts';
import { Records, sealKeysOf } from './records.ts';
import { Webhooks, webhookWarnings } from './webhooks.ts';

/** What is kept of calls, and what is done about it, is built from this. */
export interface KeptCallsOptions {
  /** The folder of all records; nothing is kept without it. */
  readonly folder: string | undefined;
  readonly agents: ReadonlyMap<string, Agent>;
  readonly env: Terminal['env'];
  readonly clock: Clock;
  readonly chance: Chance;
  /** The way to Gemini, for what is read out of calls. */
  readonly gemini: Pick<WayToGemini, 'access' | 'fetch'>;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** What a service keeps of its calls, and does about them once they are over. */
export class KeptCalls {
  readonly #o: KeptCallsOptions;
  readonly #records: Records | undefined;
  readonly #webhooks: Webhooks | undefined;

  constructor(options: KeptCallsOptions) {
    const { folder, agents, env, clock, chance, gemini, log, metrics } = options;
    this.#o = options;
    if (!folder) return;
    const keys = sealKeysOf(env);
    const webhooks = new Webhooks({ folder, agents, env, clock, log, metrics });
    this.#webhooks = webhooks;
    const extractor = new Extractor({
      folder,
      keys,
      agents,
      clock,
      chance,
      ask: (question, signal) => askForJson(gemini.access, question, { signal, fetch: gemini.fetch }),
      tell(callId, agent, outcome, message) {
        metrics.extractions.inc({ agent, outcome });
        if (outcome === 'ok') log.info({ callId, agent }, 'extraction.complete');
        else log.error({ callId, agent, code: outcome, message }, 'extraction.failed');
      },
    });
    this.#records = new Records({
      folder,
      clock,
      log,
      env,
      storeFailed: (step) => metrics.storeFailures.inc({ step }),
      work: {
        dueFor: (name) => stepsOf(agents.get(name)),
        extract: (callId, over) => extractor.extract(callId, over),
        extractWaitsMs: (callId) => extractor.waitsMs(callId),
        announce: (callId) => webhooks.announce(callId),
        forget: (callIds) => webhooks.forget(callIds),
      },
    });
  }

  /** What the user should know before the first call. */
  get warnings(): readonly string[] {
    const { agents, env, folder, gemini } = this.#o;
    return [
      ...webhookWarnings(agents, env, folder),
      ...extractionWarnings(agents, folder, gemini),
      ...announcementWarnings(agents, folder),
    ];
  }

  /** Where complete records are found again; undefined when none are kept. */
  get store(): RecordStore | undefined {
    return this.#records?.store;
  }

  /** What an agent remembers of callers; undefined when nothing is kept. */
  memoryFor(agent: Agent): CallerMemory | undefined {
    return this.store && callerMemory(this.store, this.#o.clock, agent);
  }

  /** Who follows a call. */
  follow(callId: string, agent: Agent): CallObserver[] {
    const told = this.#webhooks?.follow(callId, agent);
    return [...(this.#records ? [this.#records.follow(callId, agent)] : []), ...(told ? [told] : [])];
  }

  /** Begins with what there is to do: `tends` by one process of a service, the rest by each. */
  start(tends: boolean): void {
    if (tends) this.#records?.tend();
    this.#webhooks?.deliver();
  }

  /** The service stops: what is not done now is done after the next start. */
  async stop(): Promise<void> {
    await this.#records?.stop();
    await this.#webhooks?.stop();
  }
}

/** What is due for a complete call of an agent, as the agent is now. */
function stepsOf(agent: Agent | undefined): RecordStep[] {
  if (!agent) return [];
  return [
    ...(agent.extraction.schema ? (['extract'] as const) : []),
    ...(agent.webhooks.length > 0 ? (['announce'] as const) : []),
  ];
}

/** What callers are not told although an agent file says so, in words. */
function announcementWarnings(agents: ReadonlyMap<string, Agent>, folder: string | undefined): string[] {
  return [...agents.values()].flatMap(({ name, records }) => {
    if (records.announcement === undefined) return [];
    const found = !folder
      ? 'expected a folder of records in BAARI_RECORDS, found none'
      : !records.audio && !records.transcript
        ? 'expected audio or a transcript to be recorded, found records.audio and records.transcript off'
        : undefined;
    return found ? [`${name}: records.announcement: not said: ${found}`] : [];
  });
}

/** What keeps data from being read out of calls, in words. */
function extractionWarnings(
  agents: ReadonlyMap<string, Agent>,
  folder: string | undefined,
  { access }: Pick<WayToGemini, 'access'>,
): string[] {
  return [...agents.values()].flatMap(({ name, extraction, records }) => {
    if (!extraction.schema) return [];
    const found = !folder
      ? 'expected a folder of records in BAARI_RECORDS, found none'
      : !records.transcript
        ? 'expected a transcript, found records.transcript off'
        : 'newToken' in access
          ? 'expected an API key or Vertex AI, found ephemeral tokens, which are for Gemini Live only'
          : undefined;
    return found ? [`${name}: extraction: nothing is read out of calls: ${found}`] : [];
  });
}
