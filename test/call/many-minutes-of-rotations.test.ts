import { describe, expect, it } from 'vitest';
import { levelDbov } from '../../src/audio/index.ts';
import {
  type CallerClip,
  type DialogueStep,
  defaultPace,
  type GeminiScript,
  loadCaller,
  type Moment,
  reachedClip,
  spoken,
  type VoiceName,
} from '../../src/sim/index.ts';
import { heardExactly } from '../helpers/heard-exactly.ts';
import { type SimulatedCall, SimulatedService } from '../helpers/simulated-call.ts';

const exchanges: { clip: CallerClip; reply: VoiceName }[] = [
  { clip: 'hello-hours', reply: 'hours' },
  { clip: 'for-tomorrow-at-five', reply: 'offer' },
  { clip: 'yes', reply: 'booked' },
  { clip: 'number-two', reply: 'flavour' },
];
const script: GeminiScript = {
  greeting: spoken('greeting'),
  turns: exchanges.map(({ clip, reply }) => ({ heard: clip, reply: spoken(reply) })),
};
const setupMs = 150;

/** A conversation of `count` exchanges, with pauses that differ so that rotations fall everywhere. */
async function conversation(count: number): Promise<DialogueStep[]> {
  const steps: DialogueStep[] = [{ wait: 'agentFinished', withinMs: 20_000 }];
  for (let at = 0; at < count; at += 1) {
    const { clip } = exchanges[at % exchanges.length] ?? { clip: 'yes' };
    steps.push({ say: await loadCaller(clip), afterMs: 300 + ((at * 733) % 6000) });
    steps.push({ wait: 'agentFinished', withinMs: 40_000 });
  }
  return [...steps, { hangUp: true }, { wait: 'ended', withinMs: 5000 }];
}

interface Talk extends SimulatedCall {
  readonly service: SimulatedService;
}

async function talk(count: number, agent: string): Promise<Talk> {
  const service = new SimulatedService({ script, agent, latencyMs: 15, gemini: { setupMs } });
  const call = service.dial();
  const { failure } = await service.talk(call.caller, await conversation(count), 2_000_000);
  expect(failure?.error.message).toBeUndefined();
  await service.clock.run(1000);
  expect(service.clock.pendingTimers).toBe(0);
  return { ...call, service };
}

/** Milliseconds of the caller's speech that no turn of the model holds, all clips together. */
async function lostMs({ service }: Talk, count: number): Promise<number> {
  const turns = service.sessions.flatMap(({ observation }) => observation.turns);
  const said = turns.filter(({ by, outcome }) => by === 'manual' && outcome === 'answered');
  expect(said).toHaveLength(count);
  let lost = 0;
  for (const [at, { audio = new Int16Array(0) }] of said.entries()) {
    const clip = await loadCaller(exchanges[at % exchanges.length]?.clip ?? 'yes');
    const { clippedMs, likeness } = reachedClip(clip, audio);
    const clipMs = (clip.samples.length * 1000) / clip.sampleRateHz;
    // a turn that was said twice, or cut, is not as long as the clip with its pre-roll and its silence
    const isWhole = likeness > 0.9 && audio.length / 16 >= clipMs && audio.length / 16 < clipMs + 1500;
    lost += clippedMs + (isWhole ? 0 : clipMs);
  }
  return lost;
}

/** How many of `count` replies were not heard whole and in order. */
function cutReplies({ caller }: Talk, count: number): number {
  const heard = caller.heard.samples();
  let from = 0;
  let cut = 0;
  for (let at = 0; at < count; at += 1) {
    const reply = heardExactly(exchanges[at % exchanges.length]?.reply ?? 'hours', heard, from);
    if (reply.at < 0 || reply.intact < reply.samples) cut += 1;
    if (reply.at >= 0) from = reply.at + reply.intact;
  }
  return cut;
}

/** From the caller's last sound to the first of the answer, ms, sorted. */
function answerTimes({ seen }: Talk): number[] {
  return seen.turns
    .flatMap(({ callerEndedMs, firstChunkMs }) =>
      callerEndedMs === undefined || firstChunkMs === undefined ? [] : [firstChunkMs - callerEndedMs],
    )
    .sort((a, b) => a - b);
}

/** The longest silence between two times of the stream, ms, in steps of 10 ms at 8 kHz. */
function longestSilenceMs(heard: Int16Array, fromMs: number, toMs: number): number {
  let longest = 0;
  let current = 0;
  for (let ms = fromMs; ms < toMs; ms += 10) {
    const frame = heard.subarray(Math.round(ms * 8), Math.round(ms * 8) + 80);
    current = levelDbov(frame) < -45 ? current + 10 : 0;
    longest = Math.max(longest, current);
  }
  return longest;
}

const median = (sorted: readonly number[]): number => sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;

/** How long the call is; thirty, with `BAARI_TEST_MINUTES=30`. */
const wantedMinutes = Number(process.env.BAARI_TEST_MINUTES ?? 3);

describe('a call of many minutes', () => {
  it('moves to a new connection every minute, and nobody notices', { timeout: 180_000 }, async () => {
    const count = Math.ceil(wantedMinutes * 5.7);
    const call = await talk(count, 'limits: { rotate_after_ms: 60000, longest_call_min: 59 }');
    const { sessions } = call.service;
    const still = await talk(12, '');
    const minutes = (call.seen.summary?.durationMs ?? 0) / 60_000;
    const lost = await lostMs(call, count);
    const cut = cutReplies(call, count);
    const [times, stillTimes] = [answerTimes(call), answerTimes(still)];
    const counts = call.seen.summary?.counts ?? {};
    console.log(
      `${minutes.toFixed(1)} min, ${sessions.length - 1} rotations (${counts['gemini.rotatedInHaste'] ?? 0} in haste): ` +
        `${lost} ms of speech lost, ${cut} of ${count} replies cut, answers after ${median(times).toFixed(0)} ms ` +
        `(at most ${times.at(-1)?.toFixed(0)}), without rotations ${median(stillTimes).toFixed(0)} ` +
        `(at most ${stillTimes.at(-1)?.toFixed(0)})`,
    );
    expect(minutes).toBeGreaterThan(wantedMinutes);
    expect(sessions.length - 1).toBeGreaterThanOrEqual(Math.floor(wantedMinutes * 0.85) - 1);
    expect(sessions.slice(1).every(({ observation }) => observation.resumed === true)).toBe(true);
    expect(counts['gemini.rotatedInHaste']).toBeUndefined();
    expect(lost).toBe(0);
    expect(cut).toBe(0);
    expect(call.caller.underruns).toEqual([]);
    expect(median(times) - median(stillTimes)).toBeLessThanOrEqual(20);
    expect((times.at(-1) ?? 0) - (stillTimes.at(-1) ?? 0)).toBeLessThanOrEqual(200);
    expect(call.seen.summary?.outcome).toBe('callerHungUp');
  });
});

describe('a connection that drops', () => {
  it('is back within 0.8 s, whatever the caller was doing, and every word is understood', async () => {
    const gaps: number[] = [];
    let lost = 0;
    for (let at = 0; at < 12; at += 1) {
      const afterMs = 4700 + at * 170;
      const moment: Moment = { at: 'ready', afterMs };
      const service = new SimulatedService({
        script,
        latencyMs: 15,
        gemini: { setupMs },
        faults: [{ fault: { kind: 'kill', at: moment }, connection: 1 }],
      });
      const call = service.dial();
      const { failure } = await service.talk(call.caller, await conversation(1));
      expect(failure?.error.message).toBeUndefined();
      const [first, second] = service.sessions.map(({ observation }) => observation);
      gaps.push((second?.readyAtMs ?? Number.NaN) - (first?.closed?.atMs ?? Number.NaN));
      lost += await lostMs({ ...call, service }, 1);
      expect(cutReplies({ ...call, service }, 1)).toBe(0);
    }
    gaps.sort((a, b) => a - b);
    console.log(
      `12 drops: understood again after ${median(gaps)} ms (at most ${gaps.at(-1)}), ${lost} ms of speech lost`,
    );
    expect(median(gaps)).toBeLessThanOrEqual(800);
    expect(lost).toBe(0);
  });
});

describe('a connection that must be left in mid-reply', () => {
  // a model that is hardly faster than real time leaves nothing that could play while it thinks
  it.each([
    [4, 0],
    [1.1, defaultPace.thinkMs],
  ])(
    'leaves a gap of 0.4 s and a set-up at most, for a model of %s times real time, and %s ms of thinking',
    async (speed, thinkMs) => {
      const service = new SimulatedService({
        script: {
          greeting: spoken('greeting'),
          turns: [{ heard: 'cakes', reply: spoken('cakes', { speed, chunkMs: [40, 40] }) }],
        },
        latencyMs: 15,
        gemini: { setupMs },
        faults: [
          { fault: { kind: 'goAway', timeLeftMs: 3000, at: { at: 'firstAudio', count: 2 } }, connection: 1 },
        ],
      });
      const call = service.dial();
      const { failure } = await service.talk(call.caller, [
        { wait: 'agentFinished', withinMs: 20_000 },
        { say: await loadCaller('hello-hours'), afterMs: 400 },
        { wait: 'agentFinished', withinMs: 60_000 },
        { hangUp: true },
        { wait: 'ended', withinMs: 5000 },
      ]);
      expect(failure?.error.message).toBeUndefined();
      await service.clock.run(1000);
      const [first, second] = service.sessions.map(({ observation }) => observation);
      const goneMs = first?.closed?.atMs ?? Number.NaN;
      const gapMs = longestSilenceMs(call.caller.heard.samples(), goneMs - 1000, goneMs + 12_000);
      console.log(
        `left in mid-reply at ${speed} times real time: the longest silence after it is ${gapMs} ms`,
      );
      expect(gapMs).toBeLessThanOrEqual(400 + setupMs + thinkMs);
      expect(call.seen.summary?.counts['gemini.rotatedInHaste']).toBe(1);
      const asked = second?.received.filter(({ kind }) => kind === 'text') ?? [];
      expect(asked.map(({ text }) => text)).toEqual([expect.stringContaining('Go on from there')]);
    },
  );
});
