import { Ajv } from 'ajv';
import { beforeAll, describe, expect, it } from 'vitest';
import { callJsonSchema, callRecordSchema } from '../../src/records/index.ts';
import { loadCaller } from '../../src/sim/index.ts';
import { type Recorded, recorded } from './recorded-call.ts';

/** The stretch of `pcm` from its first to its last sample that is not silent. */
function sounding(pcm: Int16Array): { from: number; pcm: Int16Array } {
  const from = pcm.findIndex((sample) => sample !== 0);
  return { from, pcm: pcm.subarray(from, pcm.findLastIndex((sample) => sample !== 0) + 1) };
}

describe.each([8000, 16_000, 24_000] as const)('a call at %s Hz', (rateHz) => {
  let call: Recorded;
  beforeAll(async () => {
    const yes = await loadCaller('yes');
    const sorry = await loadCaller('for-tomorrow-at-five');
    call = await recorded(
      [
        { wait: 'agentFinished', withinMs: 20_000 },
        { say: yes, afterMs: 500 },
        { say: sorry, afterAgentAudibleMs: 3000, withinMs: 10_000 },
        { wait: 'agentFinished', withinMs: 20_000, afterSilenceMs: 300 },
        { hangUp: true },
        { wait: 'ended', withinMs: 5000 },
      ],
      rateHz,
    );
  });

  it('has the caller on the left, sample by sample', () => {
    const spokenTrack = call.caller.spoken.samples();
    expect(call.left.length).toBeGreaterThan(15 * rateHz);
    expect(call.left).toEqual(spokenTrack.subarray(0, call.left.length));
  });

  it('has every reply on the right as it was heard, each with the same small delay', () => {
    const heard = call.caller.heard.samples();
    const greeting = (track: Int16Array): { from: number; pcm: Int16Array } => {
      const { from } = sounding(track);
      return sounding(track.subarray(0, from + 5 * rateHz));
    };
    const [wanted, found] = [greeting(heard), greeting(call.right)];
    expect(found.pcm).toEqual(wanted.pcm);
    // the recording is cut in the caller's frames of 20 ms
    expect(Math.abs(found.from - wanted.from)).toBeLessThanOrEqual(rateHz * 0.021);
    const end = heard.length - 3 * rateHz;
    const [last, lastFound] = [sounding(heard.subarray(end)), sounding(call.right.subarray(end))];
    expect(lastFound.pcm).toEqual(last.pcm);
    expect(Math.abs(lastFound.from - last.from)).toBeLessThanOrEqual(rateHz * 0.021);
  });

  it('holds nothing of a reply behind the clear', () => {
    const clear = call.caller.events.find(({ kind }) => kind === 'clear');
    const clearedMs = clear?.atMs ?? Number.NaN;
    const next = call.caller.agentAudible.find(({ fromMs }) => fromMs > clearedMs + 300);
    const from = Math.round(((clearedMs + 100) * rateHz) / 1000);
    const to = Math.round((((next?.fromMs ?? Number.NaN) - 100) * rateHz) / 1000);
    expect(to - from).toBeGreaterThan(rateHz / 2);
    expect(call.right.subarray(from, to).every((sample) => sample === 0)).toBe(true);
  });

  it('is as loud and as long as what was heard, a chunk around the clear apart', () => {
    const energy = (pcm: Int16Array): number => pcm.reduce((sum, sample) => sum + sample * sample, 0);
    expect(energy(call.right) / energy(call.caller.heard.samples())).toBeGreaterThan(0.99);
    expect(energy(call.right) / energy(call.caller.heard.samples())).toBeLessThan(1.01);
  });

  it('comes with its transcript and its summary', () => {
    const lines = call.transcript
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toEqual(call.seen.lines);
    expect(call.record).toMatchObject({
      version: 1,
      callId: 'call-1',
      agent: { name: 'shop', model: 'gemini-3.8-live' },
      outcome: 'callerHungUp',
      parties: { sampleRateHz: rateHz },
    });
    expect(call.failures).toEqual([]);
  });

  it('has a summary that keeps to its published schema, and adds up', () => {
    const ajv = new Ajv({ strict: false, validateFormats: false });
    ajv.validate(callJsonSchema(), call.record);
    expect(ajv.errors ?? []).toEqual([]);
    const { turns, interruptions, silence, policy, agent, startedAt } = callRecordSchema.parse(call.record);
    expect(startedAt).toBe('2026-01-01T00:00:00.000Z');
    expect(agent.file).toMatch(/^[0-9a-f]{12}$/);
    expect(policy).toMatchObject({ owner: 'baari', confirmMs: 500 });
    expect(interruptions).toEqual({ byCaller: 1, byAgent: 0 });
    expect(silence.totalMs).toBeGreaterThan(0);
    const answered = turns.flatMap(({ latency }) => latency ?? []);
    expect(answered.length).toBeGreaterThan(0);
    for (const { endpointingMs, modelMs, playoutMs, totalMs } of answered)
      expect(endpointingMs + modelMs + playoutMs).toBeCloseTo(totalMs, 0);
  });
});
