import { expect } from 'vitest';
import { concatPcm16, createResampler, type SampleRateHz } from '../../src/audio/index.ts';
import { audiblePart, heardReply, type SimulatedCaller } from '../../src/sim/index.ts';
import { lines, type TestCall, type TestService } from './service.ts';

/** Longest wait for what a caller is about to hear, ms. */
const withinMs = 15_000;

/** How exactly the ear knows the first and the last audible sample, ms. */
const slackMs = 20;

/**
 * Waits until `reply` (mono, 24 kHz), begun after `sinceMs`, has had time to be heard, and compares every sample.
 *
 * Gaps that a busy machine tears between two messages are left out: simulated time holds that there are none.
 */
export async function expectHeardWhole({ caller }: TestCall, reply: Int16Array, sinceMs = 0): Promise<void> {
  const { firstAudibleMs } = await caller.wait.agentAudible({ withinMs, sinceMs });
  const wantedMs = (audiblePart(reply).length * 1000) / 24_000;
  const isOver = (): boolean => {
    const restMs = wantedMs - playedMs(caller, firstAudibleMs);
    const isAllPlayed = restMs < -slackMs || (restMs < slackMs && caller.queue.nowMs === 0);
    return isAllPlayed || caller.state === 'ended';
  };
  const what = 'the end of a reply';
  await caller.wait.until(() => isOver() || undefined, {
    what,
    withinMs: withinMs + wantedMs,
    outlivesCall: true,
  });
  const { at, samples, intact } = heardReply(
    reply,
    playedSamples(caller, sinceMs),
    caller.identity.sampleRateHz,
    0,
  );
  expect({ isHeard: at >= 0, intact }).toEqual({ isHeard: true, intact: samples });
}

/** How much of what arrived has been played since, without the time in which nothing was. */
function playedMs(caller: SimulatedCaller, sinceMs: number): number {
  const now = caller.nowMs;
  const perMs = caller.identity.sampleRateHz / 1000;
  return caller.received
    .map(({ playedFromMs, samples, droppedSamples }) => {
      const toMs = playedFromMs + (samples - droppedSamples) / perMs;
      return Math.min(toMs, now) - Math.max(playedFromMs, sinceMs);
    })
    .reduce((sum, ms) => sum + Math.max(0, ms), 0);
}

/** What arrived and was played, message by message, without the time in which nothing was. */
export function playedSamples(caller: SimulatedCaller, sinceMs = 0): Int16Array {
  const perMs = caller.identity.sampleRateHz / 1000;
  return concatPcm16(
    caller.received
      .map(({ playedFromMs, samples, droppedSamples }) => ({
        fromMs: Math.max(playedFromMs, sinceMs),
        toMs: playedFromMs + (samples - droppedSamples) / perMs,
      }))
      .filter(({ fromMs, toMs }) => toMs > fromMs)
      .map(({ fromMs, toMs }) => caller.heard.samples(fromMs, toMs)),
  );
}

/**
 * Does something while another call hears its greeting, and then expects that call to have heard all of it and to be
 * still on the line.
 */
export async function besideAnotherCall<T>(
  service: TestService,
  act: () => Promise<T>,
  greeting: Int16Array = lines.greeting,
): Promise<T> {
  const bystander = service.call({ agent: 'bystander' });
  await bystander.caller.wait.agentAudible({ withinMs });
  const result = await act();
  await expectHeardWhole(bystander, greeting);
  expect(bystander.caller.state).toBe('streaming');
  expect(bystander.caller.violations).toEqual([]);
  bystander.caller.hangUp();
  const { callId, summary } = await service.ending(bystander);
  expect(summary).toMatchObject({ outcome: 'callerHungUp', failure: undefined });
  expect(Object.keys(summary.counts)).not.toContain('exotel.badFrame');
  expect(service.log.lines.filter((line) => line.callId === callId && line.level === 'error')).toEqual([]);
  return result;
}

/** `sentence` at the call's rate, as far as it is heard. */
export function atCallRate(
  { samples, sampleRateHz }: { samples: Int16Array; sampleRateHz: SampleRateHz },
  callRateHz: SampleRateHz,
): Int16Array {
  const resampler = createResampler(sampleRateHz, callRateHz);
  const whole = concatPcm16([resampler.push(samples).slice(), resampler.flush()]);
  resampler.dispose();
  return whole;
}

/** Whether `pcm` was heard, every sample in its place. */
export function wasHeard(pcm: Int16Array, heard: Int16Array): boolean {
  const bytes = (of: Int16Array): Buffer => Buffer.from(of.buffer, of.byteOffset, of.byteLength);
  return bytes(heard).includes(bytes(pcm));
}
