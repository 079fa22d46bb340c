import { existsSync, readFileSync } from 'node:fs';
import type { Agent } from '../agents/index.ts';
import type { Log, Metrics } from '../observe/index.ts';
import { readCompleteCall, readSealKeys, readTranscript, redactor } from '../records/index.ts';
import type { Clock } from '../time/index.ts';
import {
  type DeliveryNews,
  followCall,
  messagesOfRecord,
  Outbox,
  type OutboxState,
  outboxMessages,
  outboxPath,
  type Receiver,
  type ReceiverAccess,
  type WebhookFollower,
  type WebhookMessage,
} from '../webhooks/index.ts';
import type { Terminal } from './output.ts';

/** What the webhooks of a service are sent with. */
export interface WebhooksOptions {
  /** The folder of all records, with the outbox in it. */
  readonly folder: string;
  /** The agents in force; looked at anew for each call and each attempt. */
  readonly agents: ReadonlyMap<string, Agent>;
  readonly env: Terminal['env'];
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

const hourMs = 3_600_000;
/** Longest wait for attempts that are under way when the service stops, ms. */
const stopMs = 3000;
/** Standard Webhooks: a secret has 24 to 64 bytes. */
const secretForm = /^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/;

type Hook = Agent['webhooks'][number];

/** The webhooks of a service: what is told of its calls, kept until it is delivered. */
export class Webhooks {
  readonly #o: WebhooksOptions;
  #opened: Outbox | undefined;
  #state: OutboxState = { waiting: 0, dead: 0, oldestMs: undefined };

  constructor(options: WebhooksOptions) {
    const { clock, metrics } = options;
    this.#o = options;
    metrics.watchOutbox(() => {
      const { waiting, dead, oldestMs } = this.#state;
      const oldestS = oldestMs === undefined ? 0 : Math.max(0, clock.wallMs() - oldestMs) / 1000;
      return { waiting, dead, oldestS };
    });
  }

  /** Begins to deliver what is there; of several processes that do, one does. */
  deliver(): void {
    const isWanted = [...this.#o.agents.values()].some(({ webhooks }) => webhooks.length > 0);
    if (isWanted || existsSync(outboxPath(this.#o.folder))) this.#outbox();
  }

  /** Follows a call, where somebody wants to be told of it. */
  follow(callId: string, { name, webhooks, records }: Agent): WebhookFollower | undefined {
    if (webhooks.length === 0) return undefined;
    return followCall({
      callId,
      agent: name,
      wallMs: () => this.#o.clock.wallMs(),
      redact: redactor({ numbers: records.redactNumbers, patterns: records.redact }),
      withTranscript: records.transcript,
      put: (message) => {
        this.#put([message]).catch((error: unknown) => {
          // put again from the record when the call is over
          this.#o.log.error({ callId, event: message.type, message: wordsOf(error) }, 'webhook.notPut');
        });
      },
    });
  }

  /**
   * Puts all that is to be told of a complete call; what was put before is known. Resolves with `later` when too much waits
   * for a receiver already. @throws Error to be tried again
   */
  async announce(callId: string): Promise<'done' | 'later'> {
    const { folder, env } = this.#o;
    const keys = readSealKeys(env.BAARI_RECORDS_KEY);
    const stored = await readCompleteCall(folder, callId, keys);
    if (!stored) return 'done';
    return this.#put(messagesOfRecord(stored.record, await readTranscript(folder, callId, keys)));
  }

  /** Forgets what is kept of these calls. */
  async forget(callIds: readonly string[]): Promise<void> {
    if (existsSync(outboxPath(this.#o.folder))) await this.#outbox().forget(callIds);
  }

  async stop(): Promise<void> {
    await this.#opened?.stop(stopMs);
  }

  /** Opened once somebody needs it: a service without webhooks has no thread for them. */
  #outbox(): Outbox {
    if (this.#opened) return this.#opened;
    const { folder, env, clock, log } = this.#o;
    const outbox = new Outbox({
      folder,
      sealKey: env.BAARI_RECORDS_KEY || undefined,
      clock,
      accessOf: (receiver) => this.#accessOf(receiver),
      tell: (news) => this.#tell(news),
      state: (state) => {
        this.#state = state;
      },
      onError: ({ message }) => log.error({ message }, 'webhooks.failed'),
    });
    outbox.deliver();
    this.#opened = outbox;
    return outbox;
  }

  async #put(messages: readonly WebhookMessage[]): Promise<'done' | 'later'> {
    const kept = messages.flatMap((message) =>
      outboxMessages(message, this.#o.agents.get(message.agent)?.webhooks ?? []),
    );
    if (kept.length === 0) return 'done';
    const { refused } = await this.#outbox().put(kept);
    if (refused === 0) return 'done';
    const [{ callId, agent } = { callId: '', agent: '' }] = messages;
    this.#o.log.error({ callId, agent, message: 'too much waits for a receiver' }, 'webhook.notPut');
    return 'later';
  }

  #accessOf({ agent, url }: Receiver): ReceiverAccess | { readonly fault: string } {
    const hook = this.#o.agents.get(agent)?.webhooks.find((one) => one.url === url);
    if (!hook) return { fault: 'no agent file names this receiver any more' };
    const secret = secretOf(hook, this.#o.env);
    if (secret === undefined) return { fault: secretExpected };
    return { secret, isPrivate: hook.isPrivate, giveUpMs: hook.giveUpH * hourMs };
  }

  #tell(news: DeliveryNews): void {
    const { log, metrics } = this.#o;
    if (news.what === 'receiverGone') {
      const { agent, url } = news.receiver;
      metrics.webhooks.inc({ agent, outcome: 'givenUp' }, news.buried);
      return log.error({ agent, receiver: hostOf(url), givenUp: news.buried }, 'webhook.receiverGone');
    }
    const { agent, url, callId, type, id, attempts } = news.message;
    metrics.webhooks.inc({ agent, outcome: news.what });
    const about = { callId, agent, event: type, webhookId: id, receiver: hostOf(url), attempt: attempts + 1 };
    if (news.what === 'delivered') log.info(about, 'webhook.delivered');
    else if (news.what === 'givenUp') log.error({ ...about, reason: news.reason }, 'webhook.givenUp');
    else {
      const againS = Math.round(news.againMs / 1000);
      log.warn({ ...about, reason: news.reason, againS }, 'webhook.failed');
    }
  }
}

const secretExpected = 'expected a secret of the form whsec_ and base64 of 24 to 64 bytes, found none';

/** What keeps webhooks of `agents` from being sent as they are meant to be, in words; `folder` is that of the records. */
export function webhookWarnings(
  agents: ReadonlyMap<string, Agent>,
  env: Terminal['env'],
  folder: string | undefined,
): string[] {
  return [...agents.values()].flatMap(({ name, webhooks }) => {
    if (webhooks.length === 0) return [];
    if (!folder) {
      return [
        `${name}: webhooks: nothing is sent: expected a folder of records in BAARI_RECORDS, which also holds the outbox, found none`,
      ];
    }
    return webhooks.flatMap((hook, index) => {
      if (secretOf(hook, env) !== undefined) return [];
      const { env: name, file } = hook.secret;
      const where = name === undefined ? `the file ${file}` : `the environment variable ${name}`;
      return [`${name}: webhooks[${index}]: nothing is sent yet: ${secretExpected} in ${where}`];
    });
  });
}

/** The secret of a receiver as it is now; undefined where there is none that can be used. */
function secretOf({ secret: { env: name, file, prefix = '' } }: Hook, env: Terminal['env']) {
  const text = name === undefined ? textOf(file ?? '') : env[name];
  const secret = text && prefix + text.trim();
  return secret && secretForm.test(secret) ? secret : undefined;
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** An address may hold secrets in its path and query; the log is told the host alone. */
function hostOf(url: string): string {
  return URL.parse(url)?.host ?? 'unknown';
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown';
}
