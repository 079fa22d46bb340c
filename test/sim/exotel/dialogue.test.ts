import { expect, test } from 'vitest';
import {
  type DialogueOutcome,
  type DialogueStep,
  runDialogue,
  type SpeechClip,
} from '../../../src/sim/index.ts';
import { dialled, type Rig, tone } from './scripted-bridge.ts';

/** 500 ms: silence, then speech from 100 to 300 ms, then silence. */
function clip(): SpeechClip {
  const samples = new Int16Array(4000);
  samples.set(tone(200), 800);
  return { samples, sampleRateHz: 8000 };
}

async function play(rig: Rig, steps: DialogueStep[], ms = 20_000): Promise<DialogueOutcome> {
  let outcome: DialogueOutcome | undefined;
  void runDialogue(rig.caller, steps).then((result) => {
    outcome = result;
  });
  await rig.clock.run(ms, () => outcome !== undefined);
  if (!outcome) throw new Error(`the dialogue is not over: ${rig.caller.describe()}`);
  return outcome;
}

const times = (outcome: DialogueOutcome): unknown[] =>
  outcome.steps.map(({ atMs, said, agent }) => said ?? agent ?? atMs);

test('a greeting, an answer, a key and a hang-up, each with its times', async () => {
  const rig = await dialled();
  rig.clock.setTimeout(() => rig.bridge.media(tone(1000)), 300);
  rig.clock.setTimeout(() => rig.bridge.media(tone(400)), 3000);
  const outcome = await play(rig, [
    { wait: 'connected', withinMs: 1000 },
    { wait: 'agentFinished', withinMs: 5000, forMs: 500 },
    { say: clip(), afterMs: 100 },
    { wait: 'agentFinished', withinMs: 5000 },
    { press: '1' },
    { pause: 250 },
    { hangUp: true },
    { wait: 'ended', withinMs: 1000 },
  ]);
  expect(outcome.failure).toBeUndefined();
  expect(times(outcome)).toEqual([
    0,
    { firstAudibleMs: 300, lastAudibleMs: 1300 },
    { onsetMs: 1900, endMs: 2400, speechOnsetMs: 2000, speechEndMs: 2200 },
    { firstAudibleMs: 3000, lastAudibleMs: 3400 },
    4100,
    4350,
    4350,
    4350,
  ]);
  expect(outcome.steps.slice(0, 4).map(({ atMs }) => atMs)).toEqual([0, 1800, 2400, 4100]);
  expect(rig.bridge.of('dtmf')[0]?.atMs).toBe(4100);
  expect(rig.caller.closeReport?.by).toBe('caller');
});

test('a barge-in falls a set time behind the first audible sample of the reply', async () => {
  const rig = await dialled();
  rig.clock.setTimeout(() => rig.bridge.media(tone(3000)), 405);
  const outcome = await play(rig, [{ say: clip(), afterAgentAudibleMs: 700, withinMs: 2000 }]);
  expect(times(outcome)).toEqual([{ onsetMs: 1105, endMs: 1605, speechOnsetMs: 1205, speechEndMs: 1405 }]);
});

test('a reply that begins before the clip has run out is found from its first sample on', async () => {
  const rig = await dialled();
  rig.clock.setTimeout(() => rig.bridge.media(tone(100)), 380); // speech ended at 300, the clip ends at 500
  const outcome = await play(rig, [{ say: clip() }, { wait: 'agentFinished', withinMs: 2000, forMs: 300 }]);
  expect(outcome.steps[1]?.agent).toEqual({ firstAudibleMs: 380, lastAudibleMs: 480 });
});

test('after a barge-in the tail of the old reply is not taken for the new one', async () => {
  const rig = await dialled();
  rig.bridge.media(tone(800));
  rig.clock.setTimeout(() => rig.bridge.media(tone(200)), 2500);
  const outcome = await play(rig, [
    { say: clip(), afterAgentAudibleMs: 300 }, // speech to 600 ms, tail to 800 ms
    { wait: 'agentFinished', withinMs: 5000, afterSilenceMs: 300 },
  ]);
  expect(outcome.steps[1]?.agent).toEqual({ firstAudibleMs: 2500, lastAudibleMs: 2700 });
});

test('a wait that fails ends the dialogue and is reported with what was done before', async () => {
  const rig = await dialled();
  const outcome = await play(rig, [
    { pause: 100 },
    { wait: 'agentFinished', withinMs: 2000 },
    { hangUp: true },
  ]);
  expect(outcome.steps).toHaveLength(1);
  expect(outcome.failure?.stepIndex).toBe(1);
  expect(outcome.failure?.error.message).toContain(
    'the agent to speak and then be silent for 700 ms: not within 2000 ms',
  );
  expect(rig.caller.state).toBe('streaming');
});

test('a bridge that closes in the middle of a clip ends the dialogue', async () => {
  const rig = await dialled();
  rig.clock.setTimeout(() => rig.bridge.close(1000, 'enough'), 200);
  const outcome = await play(rig, [{ say: clip(), name: 'hello' }]);
  expect(outcome.failure?.error.message).toContain('waited for hello to be said: the call has ended');
});
