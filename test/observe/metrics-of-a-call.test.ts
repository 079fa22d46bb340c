import { describe, expect, it } from 'vitest';
import { Metrics, measureCall } from '../../src/observe/index.ts';
import { spoken } from '../../src/sim/index.ts';
import { SimulatedServer } from '../helpers/simulated-server.ts';
import { withoutDoneWarnings } from '../machines/quiet-console.ts';

withoutDoneWarnings();

const script = { greeting: spoken('greeting'), turns: [{ reply: spoken('goAhead') }] };

async function stageWith(metrics: Metrics): Promise<SimulatedServer> {
  const text = (): Promise<string> => metrics.registry.metrics();
  return SimulatedServer.open({ script, server: () => ({ metrics: { metrics, text, token: undefined } }) });
}

/** The figures of a metric: labels as Prometheus writes them, or nothing, and the value. */
async function figures(metrics: Metrics, name: string): Promise<Record<string, number>> {
  const lines = (await metrics.registry.metrics()).split('\n');
  return Object.fromEntries(
    lines.flatMap((line) => {
      const [, found, labels = '', value] = /^(\w+)(\{.*\})? (\S+)$/.exec(line) ?? [];
      return found === name ? [[labels.replace(/[{}]/g, ''), Number(value)]] : [];
    }),
  );
}

describe('metrics of a call', () => {
  it('tell how it ended, how long it was in each state, and what it cost', async () => {
    const metrics = new Metrics();
    const stage = await stageWith(metrics);
    const caller = stage.dial();
    await stage.clock.run(3000);
    expect(await figures(metrics, 'baari_calls_live')).toEqual({ 'agent="shop"': 1 });
    expect(await figures(metrics, 'baari_calls_fed')).toEqual({ '': 1 });
    const lead = (await figures(metrics, 'baari_lead_seconds'))[''];
    expect(lead).toBeGreaterThan(0.15);
    expect(lead).toBeLessThan(0.25);
    // the greeting is over, the caller is asked whether they are there, and hangs up
    await stage.clock.run(22_000);
    caller.hangUp();
    await stage.clock.run(1000);

    expect(await figures(metrics, 'baari_calls_total')).toEqual({ 'agent="shop",outcome="callerHungUp"': 1 });
    expect(await figures(metrics, 'baari_calls_live')).toEqual({});
    expect(await figures(metrics, 'baari_call_seconds_count')).toEqual({ 'agent="shop"': 1 });
    const [durationS = 0] = Object.values(await figures(metrics, 'baari_call_seconds_sum'));
    const seconds = await figures(metrics, 'baari_state_seconds_total');
    const inChart = (chart: string): number =>
      Object.entries(seconds)
        .filter(([labels]) => labels.startsWith(`chart="${chart}"`))
        .reduce((sum, [, s]) => sum + s, 0);
    // every moment of the call is in one state of its chart, and the turn has lasted as long as the conversation
    expect(inChart('call')).toBeCloseTo(durationS, 2);
    expect(inChart('turn')).toBeCloseTo(seconds['chart="call",state="live.answered.conversing"'] ?? 0, 2);
    expect(seconds['chart="turn",state="listening.quiet"']).toBeGreaterThan(7);
    const entries = await figures(metrics, 'baari_state_entries_total');
    expect(entries['chart="playout",state="playing"']).toBe(3);
    expect(entries['chart="geminiLink",state="ready"']).toBe(1);

    expect(await figures(metrics, 'baari_replies_total')).toEqual({ 'agent="shop",how="drained"': 3 });
    const { tokens, cost } = stage.ended[0]?.summary ?? {};
    expect(await figures(metrics, 'baari_tokens_total')).toEqual({
      'agent="shop",direction="prompt"': tokens?.prompt,
      'agent="shop",direction="response"': tokens?.response,
    });
    expect(cost?.usd).toBeGreaterThan(0);
    expect(await figures(metrics, 'baari_cost_usd_total')).toEqual({ 'agent="shop"': cost?.usd });
    expect((await figures(metrics, 'baari_playout_lateness_seconds_count'))['']).toBeGreaterThan(100);
  });

  it('tell why a session was renewed, and what was done about a silent model', async () => {
    const metrics = new Metrics();
    const call = measureCall(metrics, 'shop');
    const left = { chart: 'geminiLink', from: 'ready', spentMs: 1 };
    call.step({ ...left, to: 'rotating', event: { type: 'wire.turnComplete' } });
    call.step({ ...left, to: 'resuming.renewing', event: { type: 'gemini.renew' } });
    const lost = { type: 'wire.lost', failure: { code: 'gemini.closed', message: '' } };
    call.step({ ...left, to: 'resuming.waiting', event: lost });
    // neither the end of the call nor the way back is a reconnection
    call.step({ ...left, to: undefined, event: { type: 'call.over' } });
    call.step({ ...left, from: 'resuming.connecting', to: 'ready', event: { type: 'wire.setUp' } });
    expect(await figures(metrics, 'baari_gemini_reconnects_total')).toEqual({
      'reason="rotation"': 1,
      'reason="modelSilent"': 1,
      'reason="gemini.closed"': 1,
    });
    call.event({ type: 'gemini.nudge' });
    call.event({ type: 'turn.verdict', verdict: 'rejected' });
    call.event({ type: 'playout.underran' });
    expect(await figures(metrics, 'baari_model_rescues_total')).toEqual({ 'agent="shop",step="nudge"': 1 });
    expect(await figures(metrics, 'baari_barge_in_verdicts_total')).toEqual({
      'agent="shop",verdict="rejected"': 1,
    });
    expect(await figures(metrics, 'baari_underruns_total')).toEqual({ 'agent="shop"': 1 });
  });

  it('tell how tools did, without names that a model makes up', async () => {
    const metrics = new Metrics();
    const call = measureCall(metrics, 'shop');
    call.tool({ name: 'book', outcome: 'succeeded', durationMs: 400 });
    call.tool({ name: 'whatever the model says', outcome: 'refused', durationMs: 0 });
    expect(await figures(metrics, 'baari_tool_seconds_sum')).toEqual({
      'tool="book",outcome="succeeded"': 0.4,
      'tool="refused",outcome="refused"': 0,
    });
  });

  it('tell the latency of replies, and what was lost or odd', async () => {
    const metrics = new Metrics();
    const call = measureCall(metrics, 'shop');
    call.turn({ callerEndedMs: 1000, toldMs: 1500, firstAudioMs: 1900, firstChunkMs: 1950 });
    call.turn({ callerEndedMs: undefined, toldMs: undefined, firstAudioMs: 1900, firstChunkMs: 1950 });
    call.ended({
      outcome: 'modelUnavailable',
      failure: { code: 'gemini.silent', message: '' },
      durationMs: 5000,
      tokens: { prompt: 0, response: 0 },
      cost: undefined,
      counts: { 'playout.gapMs': 250, 'playout.markLost': 2, 'playout.chunk': 99, 'exotel.badFrame': 3 },
    });
    expect(await figures(metrics, 'baari_reply_latency_seconds_sum')).toEqual({ 'agent="shop"': 0.95 });
    expect(await figures(metrics, 'baari_model_latency_seconds_sum')).toEqual({ 'agent="shop"': 0.4 });
    expect(await figures(metrics, 'baari_gap_seconds_total')).toEqual({ 'agent="shop"': 0.25 });
    expect(await figures(metrics, 'baari_marks_lost_total')).toEqual({ 'agent="shop"': 2 });
    expect(await figures(metrics, 'baari_oddities_total')).toEqual({ 'what="exotel.badFrame"': 3 });
    expect(await figures(metrics, 'baari_call_failures_total')).toEqual({
      'agent="shop",code="gemini.silent"': 1,
    });
    expect(await figures(metrics, 'baari_cost_usd_total')).toEqual({});
  });
});

describe('the names of the metrics', () => {
  it('follow the conventions: a prefix, base units, _total for what only grows', async () => {
    const all = await new Metrics().registry.getMetricsAsJSON();
    expect(all.length).toBeGreaterThan(20);
    for (const { name, type } of all) {
      expect(name).toMatch(/^baari_[a-z_]+$/);
      expect(name).not.toMatch(/_ms|milli/);
      expect(name.endsWith('_total')).toBe(String(type) === 'counter');
    }
  });
});
