import { expect, test } from 'vitest';
import type { CallParties, CallSummary } from '../../src/call/index.ts';
import {
  type CloseReport,
  type DialogueStep,
  docsProfile,
  type ExotelProfile,
  loadCaller,
  passthruFields,
  runDialogue,
  type SimulatedCaller,
  spoken,
  type VoiceName,
} from '../../src/sim/index.ts';
import { heardExactly } from '../helpers/heard-exactly.ts';
import { SimulatedServer } from '../helpers/simulated-server.ts';
import { withoutDoneWarnings } from '../machines/quiet-console.ts';

interface Row {
  readonly what: string;
  readonly profile?: Partial<ExotelProfile>;
  /** Parameters of the applet. */
  readonly query?: string;
  /** Attempts to connect that are not answered. */
  readonly lost?: number;
  /** Whether greeting, question, interruption and answer go well; else the call ends by itself. */
  readonly talks: boolean;
  readonly parties?: Partial<CallParties>;
  readonly counts?: CallSummary['counts'];
  readonly close?: Partial<CloseReport>;
  /** How each connection that became a call ended, as the record says. */
  readonly outcomes?: readonly CallSummary['outcome'][];
  /** What the Passthru applet is told: branch A by 200, branch B by 302. */
  readonly flow?: { readonly status: 200 | 302; readonly select: string };
  readonly also?: (caller: SimulatedCaller, stage: SimulatedServer) => void;
}

const nothing = { parameters: {} };
const interruptAfterMs = 1500;

const rows: readonly Row[] = [
  {
    what: 'a live line: strings, 20 ms, national numbers, the query stripped',
    query: '?tenant=acme&sample-rate=8000',
    talks: true,
    parties: { from: '09000000001', to: '08000000002', sampleRateHz: 8000, parameters: { tenant: 'acme' } },
    // the caller's ringing stops at once
    also: ({ firstMediaMs }) => expect(firstMediaMs).toBeLessThan(100),
  },
  { what: 'numbers in place of strings', profile: { values: 'numbers' }, talks: true },
  { what: 'camelCase names', profile: { names: 'camelCase' }, query: '?tenant=acme', talks: true },
  {
    what: 'the documentation: 100 ms frames, other labels, E.164 numbers',
    profile: docsProfile,
    talks: true,
    parties: { from: '+919000000001', to: '+918000000002' },
  },
  { what: '16 kHz', profile: { sampleRateHz: 16_000 }, talks: true, parties: { sampleRateHz: 16_000 } },
  { what: '24 kHz', profile: { sampleRateHz: 24_000 }, talks: true, parties: { sampleRateHz: 24_000 } },
  {
    what: '16 kHz by an address whose query is stripped',
    query: '?sample-rate=16000',
    talks: true,
    parties: { sampleRateHz: 16_000, ...nothing },
  },
  {
    what: 'labels that name another codec',
    profile: { encoding: 'audio/x-mulaw', bitRate: '64kbps' },
    talks: true,
  },
  { what: 'cleared marks returned at once', profile: { marksOnClear: 'returned' }, talks: true },
  { what: 'cleared marks returned later', profile: { marksOnClear: 'later' }, talks: true },
  { what: 'every second mark lost', profile: { markLossRate: 0.5 }, talks: true },
  { what: 'every mark lost', profile: { markLossRate: 1 }, talks: true },
  { what: 'marks two seconds late', profile: { markDelayMs: 2000 }, talks: true },
  {
    what: 'media ahead of the start',
    profile: { framesBeforeStart: 10 },
    talks: true,
    counts: { 'exotel.earlyMedia': 10 },
  },
  {
    what: 'the start again',
    profile: { duplicateStartAtMs: 700 },
    talks: true,
    counts: { 'exotel.repeatedStart': 1 },
  },
  {
    what: 'a second connection for the call',
    profile: { secondConnectionAtMs: 700 },
    talks: true,
    outcomes: ['callerHungUp', 'callerHungUp'],
    also: ({ duplicate }) => expect(duplicate?.openedAtMs).toBeGreaterThan(0),
  },
  {
    what: 'no custom parameters',
    profile: { customParameters: 'omitted' },
    query: '?tenant=acme',
    talks: true,
    parties: nothing,
  },
  {
    what: 'a CustomField as one escaped name',
    profile: { customField: '{"lead":"<42>"}' },
    talks: true,
    parties: { parameters: { lead: '<42>' } },
  },
  {
    what: 'a CustomField of plain text',
    profile: { customField: 'lead & co' },
    talks: true,
    parties: { parameters: { CustomField: 'lead & co' } },
  },
  { what: 'the query preserved', profile: { query: 'preserved' }, query: '?tenant=acme', talks: true },
  { what: 'jitter of 60 ms both ways', profile: { uplinkJitterMs: 60, downlinkJitterMs: 60 }, talks: true },
  // no chunk of Baari's breaks the rules, so what would follow does not
  { what: 'a gap for a chunk against the rules', profile: { onChunkRuleBroken: 'gap' }, talks: true },
  { what: 'a close for a chunk against the rules', profile: { onChunkRuleBroken: 'close' }, talks: true },
  {
    what: 'a handshake that is answered at the second attempt',
    lost: 1,
    talks: true,
    also: ({ events }) => expect(events.some(({ kind }) => kind === 'retried')).toBe(true),
  },
  {
    what: 'a handshake that is never answered',
    lost: 2,
    talks: false,
    close: { phase: 'dialling', by: 'bridge', atMs: 20_000 },
    outcomes: [],
    flow: { status: 302, select: 'failed' },
  },
  {
    what: 'a handshake with less patience',
    profile: { handshakeLimitMs: 1000, handshakeRetries: 0 },
    lost: 1,
    talks: false,
    close: { phase: 'dialling', by: 'bridge', atMs: 1000 },
    outcomes: [],
    flow: { status: 302, select: 'failed' },
  },
  { what: 'the echo of the agent', profile: { echo: { returnLossDb: 25, delayMs: 250 } }, talks: true },
  { what: 'a noisy line', profile: { noiseDbov: -55 }, talks: true },
  {
    what: 'another word for the end, and a line that stays open for a second after it',
    profile: { stopReason: 'stopped', dropAfterStopMs: 1000 },
    talks: true,
    close: { by: 'caller' },
  },
  {
    what: 'the longest stream of the account',
    profile: { maxStreamMs: 2000 },
    talks: false,
    close: { by: 'exotel', phase: 'streaming' },
    outcomes: ['callerHungUp'],
    flow: { status: 200, select: 'done' },
  },
  {
    what: 'a throttled stream',
    profile: { isThrottled: true },
    talks: false,
    close: { by: 'exotel', phase: 'dialling', reason: 'Streaming_call_throttled' },
    outcomes: [],
    flow: { status: 302, select: 'failed' },
  },
  {
    what: 'a throttled stream whose Passthru is told in JSON',
    profile: { isThrottled: true, passthru: 'json' },
    talks: false,
    outcomes: [],
    flow: { status: 302, select: 'failed' },
  },
  { what: 'a Passthru in JSON', profile: { passthru: 'json' }, talks: true },
];

const script = {
  greeting: spoken('greeting'),
  turns: [{ reply: spoken('cakes') }, { reply: spoken('goAhead') }],
};

async function talk(): Promise<DialogueStep[]> {
  return [
    { wait: 'agentFinished', withinMs: 20_000 },
    { say: await loadCaller('hello-hours'), afterMs: 400 },
    {
      say: await loadCaller('for-tomorrow-at-five'),
      afterAgentAudibleMs: interruptAfterMs,
      withinMs: 10_000,
    },
    { wait: 'agentFinished', withinMs: 20_000, afterSilenceMs: 300 },
    { hangUp: true },
    { wait: 'ended', withinMs: 5000 },
  ];
}

/** Greeting and answer are heard to the last sample, the interrupted reply in part. */
function expectHeard(caller: SimulatedCaller): void {
  const heard = caller.heard.samples();
  let from = 0;
  const next = (name: VoiceName) => {
    const found = heardExactly(name, heard, from, caller.identity.sampleRateHz);
    expect(found.at, name).toBeGreaterThanOrEqual(0);
    from = found.at;
    return found.intact / found.samples;
  };
  expect(next('greeting')).toBe(1);
  const cut = next('cakes');
  expect(cut).toBeGreaterThan(0.05);
  expect(cut).toBeLessThan(0.5);
  expect(next('goAhead')).toBe(1);
}

async function flowAfter(base: string, caller: SimulatedCaller) {
  const query = new URLSearchParams(passthruFields(caller));
  const response = await fetch(`${base}/exotel/shop/passthru?${query}`, { redirect: 'manual' });
  const { select } = Object(await response.json());
  return { status: response.status, select };
}

withoutDoneWarnings();

test.each(rows)('$what', async (row) => {
  const { profile = {}, query = '', lost = 0, talks, parties = {}, counts = {}, outcomes, flow } = row;
  const stage = await SimulatedServer.open({ script });
  const base = await stage.server.listen();
  try {
    const caller = stage.dial(profile, query, lost);
    const steps: DialogueStep[] = talks ? await talk() : [{ wait: 'ended', withinMs: 30_000 }];
    const { failure } = await stage.play(runDialogue(caller, steps));
    expect(failure?.error.message).toBeUndefined();
    await stage.clock.run(5000);
    expect(stage.server.calls.size).toBe(0);
    expect(stage.ended.map(({ summary }) => summary.outcome)).toEqual(outcomes ?? ['callerHungUp']);
    expect(caller.violations).toEqual([]);
    expect(caller.closeReport).toMatchObject(row.close ?? {});
    for (const ended of stage.ended) {
      const { callSid } = caller.identity;
      expect(ended.parties).toMatchObject({ callSid, ...parties });
      expect(ended.summary.failure).toBeUndefined();
    }
    const [ended] = stage.ended;
    if (ended) expect(ended.summary.counts).toMatchObject(counts);
    expect(ended?.summary.counts['exotel.badFrame']).toBeUndefined();
    if (talks) expectHeard(caller);
    row.also?.(caller, stage);
    expect(await flowAfter(base, caller)).toEqual(flow ?? { status: 200, select: 'done' });
    expect(stage.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
  } finally {
    await stage.play(stage.server.stop());
  }
});
