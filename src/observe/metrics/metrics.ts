import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { StateTally } from './state-tally.ts';

/** A call that is live now, as far as metrics care. */
export interface MeasuredCall {
  readonly agent: string;
  /** Audio at the carrier that is not heard yet, ms; undefined unless a reply is being fed. */
  readonly leadMs: number | undefined;
}

/** What lies in the outbox, as the process that delivers sees it; nothing in the others. */
export interface OutboxFigures {
  readonly waiting: number;
  readonly dead: number;
  /** Age of the oldest that waits, s. */
  readonly oldestS: number;
}

/** What metrics are kept of. */
export interface MetricsOptions {
  /** Adds Node's own figures: CPU, memory, event loop, garbage collection; once a process. */
  readonly withProcess?: boolean;
}

/** The upper ends of the buckets, s. */
const buckets = {
  reply: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 5, 8, 12],
  call: [5, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600],
  tool: [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 60],
  lateness: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5],
};

/**
 * The metrics of one process. Labels come from small, closed sets: names of agents, states, outcomes and codes of the error
 * catalogue; never numbers or ids.
 */
export class Metrics {
  readonly registry = new Registry();
  readonly calls = this.#counter('baari_calls_total', 'Calls that are over, by how they ended.', [
    'agent',
    'outcome',
  ]);
  readonly failures = this.#counter(
    'baari_call_failures_total',
    'Calls that ended by a failure, by its code.',
    ['agent', 'code'],
  );
  readonly callSeconds = this.#histogram(
    'baari_call_seconds',
    'How long calls lasted.',
    ['agent'],
    buckets.call,
  );
  readonly agentReloads = this.#counter(
    'baari_agent_reloads_total',
    'Agent files that were read again and had changed, by what came of it.',
    ['agent', 'result'],
  );
  readonly refused = this.#counter(
    'baari_refused_total',
    'Connections and requests refused, by HTTP status.',
    ['status'],
  );
  readonly states = new StateTally();
  readonly replyLatency = this.#histogram(
    'baari_reply_latency_seconds',
    'From the end of what the caller said to the first audible chunk of the reply on the wire.',
    ['agent'],
    buckets.reply,
  );
  readonly modelLatency = this.#histogram(
    'baari_model_latency_seconds',
    'From telling the model that the caller has finished to its first audible audio.',
    ['agent'],
    buckets.reply,
  );
  readonly replies = this.#counter('baari_replies_total', 'Replies, drained to the end or flushed.', [
    'agent',
    'how',
  ]);
  readonly verdicts = this.#counter(
    'baari_barge_in_verdicts_total',
    'Verdicts on callers who spoke into a reply.',
    ['agent', 'verdict'],
  );
  readonly underruns = this.#counter('baari_underruns_total', 'Replies that ran dry while the model spoke.', [
    'agent',
  ]);
  readonly gapSeconds = this.#counter(
    'baari_gap_seconds_total',
    'Silence inside replies, counted as calls end.',
    ['agent'],
  );
  readonly marksLost = this.#counter(
    'baari_marks_lost_total',
    'Last marks that never came back, counted as calls end.',
    ['agent'],
  );
  readonly rescues = this.#counter(
    'baari_model_rescues_total',
    'What was done about a model that owed an answer.',
    ['agent', 'step'],
  );
  readonly reconnects = this.#counter(
    'baari_gemini_reconnects_total',
    'New connections in mid-call, by reason.',
    ['reason'],
  );
  readonly tools = this.#histogram(
    'baari_tool_seconds',
    'Tool calls, by how they ended.',
    ['tool', 'outcome'],
    buckets.tool,
  );
  readonly toolServers = this.#counter(
    'baari_tool_server_failures_total',
    'Times that an MCP server could not be had, or was lost.',
    ['agent', 'server'],
  );
  readonly tokens = this.#counter('baari_tokens_total', 'Tokens, counted as calls end.', [
    'agent',
    'direction',
  ]);
  readonly cost = this.#counter(
    'baari_cost_usd_total',
    'Cost of tokens by estimate, US dollars; models without a known price are left out.',
    ['agent'],
  );
  readonly oddities = this.#counter(
    'baari_oddities_total',
    'Irregularities of the wires, counted as calls end.',
    ['what'],
  );
  readonly lateness = this.#histogram(
    'baari_playout_lateness_seconds',
    'How late slots of the playout clock ran.',
    [],
    buckets.lateness,
  );
  readonly skippedSlots = this.#counter(
    'baari_playout_skipped_slots_total',
    'Slots skipped for being too late.',
    [],
  );
  readonly webhooks = this.#counter(
    'baari_webhooks_total',
    'Attempts to deliver a message to a receiver of an agent: delivered, failed, given up.',
    ['agent', 'outcome'],
  );
  readonly storeFailures = this.#counter(
    'baari_records_store_failures_total',
    'Times that a store of records began to fail, by what was to be done: index, stow, delete.',
    ['step'],
  );
  readonly extractions = this.#counter(
    'baari_extractions_total',
    'Calls that data was read out of, or was not, by the code of the failure.',
    ['agent', 'outcome'],
  );
  #live: () => Iterable<MeasuredCall> = () => [];
  #outbox: () => OutboxFigures = () => ({ waiting: 0, dead: 0, oldestS: 0 });

  constructor({ withProcess = false }: MetricsOptions = {}) {
    const live = (): Iterable<MeasuredCall> => this.#live();
    new Gauge({
      name: 'baari_calls_live',
      help: 'Calls that are live.',
      labelNames: ['agent'],
      registers: [this.registry],
      collect() {
        this.reset();
        for (const { agent } of live()) this.inc({ agent });
      },
    });
    new Gauge({
      name: 'baari_lead_seconds',
      help: 'Mean lead at the carrier over the calls that are being fed now.',
      registers: [this.registry],
      aggregator: 'average',
      collect() {
        const leads = leadsOf(live());
        this.set(leads.reduce((sum, ms) => sum + ms, 0) / Math.max(1, leads.length) / 1000);
      },
    });
    new Gauge({
      name: 'baari_calls_fed',
      help: 'Calls whose reply is being fed to the carrier now.',
      registers: [this.registry],
      collect() {
        this.set(leadsOf(live()).length);
      },
    });
    this.#stateCounter('baari_state_seconds_total', 'Time that charts of calls spent in a state.', 'seconds');
    this.#stateCounter(
      'baari_state_entries_total',
      'How often charts of calls came into a state.',
      'entries',
    );
    const outbox = (): OutboxFigures => this.#outbox();
    this.#gauge('baari_webhooks_waiting', 'Messages that wait to be delivered.', () => outbox().waiting);
    this.#gauge('baari_webhooks_dead', 'Messages that were given up.', () => outbox().dead);
    this.#gauge(
      'baari_webhooks_oldest_seconds',
      'Age of the oldest message that waits to be delivered.',
      () => outbox().oldestS,
    );
    if (withProcess) collectDefaultMetrics({ register: this.registry });
  }

  /** Where the live calls are read from when somebody asks. */
  watch(live: () => Iterable<MeasuredCall>): void {
    this.#live = live;
  }

  /** Where the figures of the outbox are read from when somebody asks. */
  watchOutbox(outbox: () => OutboxFigures): void {
    this.#outbox = outbox;
  }

  /** A slot of the playout clock has run. */
  slot({ latenessMs, skippedSlots }: { readonly latenessMs: number; readonly skippedSlots: number }): void {
    this.lateness.observe(Math.max(0, latenessMs) / 1000);
    if (skippedSlots > 0) this.skippedSlots.inc(skippedSlots);
  }

  #gauge(name: string, help: string, value: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.set(value());
      },
    });
  }

  #stateCounter(name: string, help: string, figure: 'seconds' | 'entries'): void {
    const { states } = this;
    new Counter({
      name,
      help,
      labelNames: ['chart', 'state'],
      registers: [this.registry],
      collect() {
        states.take(figure, (labels, amount) => this.inc(labels, amount));
      },
    });
  }

  #counter<L extends string>(name: string, help: string, labelNames: readonly L[]): Counter<L> {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }

  #histogram<L extends string>(
    name: string,
    help: string,
    labelNames: readonly L[],
    upTo: number[],
  ): Histogram<L> {
    return new Histogram({ name, help, labelNames, buckets: upTo, registers: [this.registry] });
  }
}

function leadsOf(live: Iterable<MeasuredCall>): number[] {
  return [...live].flatMap(({ leadMs }) => (leadMs === undefined ? [] : [leadMs]));
}
