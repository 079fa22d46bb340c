import type { CallEvent, CallOutcome, Failure } from '../../../machines/index.ts';
import type { Metrics } from './metrics.ts';

/** What is measured of a call: a part of what its observers are told, in ms. */
export interface CallFollower {
  event(event: CallEvent): void;
  step(step: {
    readonly chart: string;
    readonly from: string | undefined;
    readonly spentMs: number;
    readonly to: string | undefined;
    readonly event: { readonly type: string };
  }): void;
  turn(times: {
    readonly callerEndedMs: number | undefined;
    readonly toldMs: number | undefined;
    readonly firstAudioMs: number | undefined;
    readonly firstChunkMs: number | undefined;
  }): void;
  reply(account: object, how: 'drained' | 'flushed'): void;
  tool(call: { readonly name: string; readonly outcome: string; readonly durationMs: number }): void;
  ended(summary: {
    readonly outcome: CallOutcome;
    readonly failure: Failure | undefined;
    readonly durationMs: number;
    readonly tokens: { readonly prompt: number; readonly response: number };
    readonly cost: { readonly usd: number } | undefined;
    readonly counts: Readonly<Record<string, number>>;
  }): void;
}

/** What the model is told, or what is done, when it owes an answer. */
const rescues: Readonly<Record<string, string>> = {
  'gemini.nudge': 'nudge',
  'gemini.goOn': 'goOn',
  'gemini.renew': 'newSession',
  'turn.modelSilent': 'apology',
};

/** Counts that have a metric of their own, or need none; those of tools have one too. */
const told = new Set(['playout.chunk', 'playout.gapMs', 'playout.markLost']);

/** Follows one call of `agent` into `metrics`. */
export function measureCall(metrics: Metrics, agent: string): CallFollower {
  return {
    event(event) {
      if (event.type === 'turn.verdict') metrics.verdicts.inc({ agent, verdict: event.verdict });
      if (event.type === 'playout.underran') metrics.underruns.inc({ agent });
      const step = rescues[event.type];
      if (step) metrics.rescues.inc({ agent, step });
    },
    step({ chart, from, spentMs, to, event }) {
      if (from !== undefined) metrics.states.spent(chart, from, spentMs / 1000);
      if (to !== undefined) metrics.states.entered(chart, to);
      const reason = chart === 'geminiLink' ? reconnectReason(from, to, event) : undefined;
      if (reason) metrics.reconnects.inc({ reason });
    },
    turn({ callerEndedMs, toldMs, firstAudioMs, firstChunkMs }) {
      observe(metrics.replyLatency, agent, callerEndedMs, firstChunkMs);
      observe(metrics.modelLatency, agent, toldMs, firstAudioMs);
    },
    reply: (_, how) => metrics.replies.inc({ agent, how }),
    tool({ name, outcome, durationMs }) {
      // what was refused may bear any name that the model made up
      const tool = outcome === 'refused' ? 'refused' : name;
      metrics.tools.observe({ tool, outcome }, durationMs / 1000);
    },
    ended({ outcome, failure, durationMs, tokens, cost, counts }) {
      metrics.calls.inc({ agent, outcome });
      if (failure) metrics.failures.inc({ agent, code: failure.code });
      metrics.callSeconds.observe({ agent }, durationMs / 1000);
      metrics.tokens.inc({ agent, direction: 'prompt' }, tokens.prompt);
      metrics.tokens.inc({ agent, direction: 'response' }, tokens.response);
      if (cost) metrics.cost.inc({ agent }, cost.usd);
      metrics.gapSeconds.inc({ agent }, Math.max(0, counts['playout.gapMs'] ?? 0) / 1000);
      metrics.marksLost.inc({ agent }, counts['playout.markLost'] ?? 0);
      for (const [what, amount] of Object.entries(counts)) {
        if (!told.has(what) && !what.startsWith('tool.')) metrics.oddities.inc({ what }, amount);
      }
    },
  };
}

function observe(
  histogram: Metrics['replyLatency'],
  agent: string,
  fromMs: number | undefined,
  toMs: number | undefined,
): void {
  if (fromMs !== undefined && toMs !== undefined)
    histogram.observe({ agent }, Math.max(0, toMs - fromMs) / 1000);
}

/** Why the Gemini link left a session that was set up; undefined when it did not, or the call is over. */
function reconnectReason(
  from: string | undefined,
  to: string | undefined,
  event: { readonly type: string },
): string | undefined {
  const wasReady = from?.startsWith('ready');
  if (!wasReady || to === undefined || to.startsWith('ready')) return undefined;
  if (to.startsWith('rotating')) return 'rotation';
  if (event.type === 'gemini.renew' || event.type.startsWith('xstate.after')) return 'modelSilent';
  return codeOf(event) ?? 'other';
}

function codeOf(event: object): string | undefined {
  if (!('failure' in event)) return undefined;
  const { failure } = event;
  if (typeof failure !== 'object' || failure === null || !('code' in failure)) return undefined;
  return typeof failure.code === 'string' ? failure.code : undefined;
}
