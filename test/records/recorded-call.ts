import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { parseWav, wavChannel } from '../../src/audio/index.ts';
import { recordCall } from '../../src/call/index.ts';
import { CallRecorder } from '../../src/records/index.ts';
import { type DialogueStep, type GeminiScript, spoken } from '../../src/sim/index.ts';
import { type SimulatedCall, SimulatedService } from '../helpers/simulated-call.ts';

const usualScript: GeminiScript = {
  greeting: spoken('greeting'),
  turns: [
    { heard: 'Hello.', reply: spoken('cakes') },
    { heard: 'Sorry.', reply: spoken('goAhead') },
  ],
};

/** A call that is over, and what was recorded of it. */
export interface Recorded extends SimulatedCall {
  readonly left: Int16Array;
  readonly right: Int16Array;
  readonly transcript: string;
  readonly record: Record<string, unknown>;
  readonly failures: readonly string[];
}

/** Runs a call to its end and reads its record. */
export async function recorded(
  steps: readonly DialogueStep[],
  rateHz: 8000 | 16_000 | 24_000,
  script: GeminiScript = usualScript,
  withinMs?: number,
): Promise<Recorded> {
  const folder = await mkdtemp(join(tmpdir(), 'baari-record-'));
  try {
    const service = new SimulatedService({
      script,
    });
    const failures: string[] = [];
    const done = Promise.withResolvers<void>();
    const recorder = new CallRecorder({
      folder,
      callId: 'call-1',
      clock: service.clock,
      onError: (error) => failures.push(error.message),
    });
    const observer = recordCall(recorder, 'call-1', service.agent, service.clock, () => done.resolve());
    const call = service.dial({ observers: [observer], profile: { sampleRateHz: rateHz } });
    const { failure } = await service.talk(call.caller, steps, withinMs);
    if (failure) throw failure.error;
    await service.clock.run(1000);
    await done.promise;
    const wav = parseWav(await readFile(recorder.files.audio));
    expect([wav.channels, wav.sampleRateHz]).toEqual([2, rateHz]);
    return {
      ...call,
      left: wavChannel(wav, 0),
      right: wavChannel(wav, 1),
      transcript: await readFile(recorder.files.transcript, 'utf8'),
      record: JSON.parse(await readFile(recorder.files.call, 'utf8')),
      failures,
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}
