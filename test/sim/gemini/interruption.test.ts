import { describe, expect, test } from 'vitest';
import { loadUtterances } from '../../helpers/speech.ts';
import { inMemory, type MemoryClient, manual } from './support/memory-client.ts';
import { plain } from './support/scripts.ts';

const interruptedPair = ['setupComplete', 'interrupted', 'turnComplete'];
const start = { realtimeInput: { activityStart: {} } };
const end = { realtimeInput: { activityEnd: {} } };

function talking(setup: object, forMs: number): MemoryClient {
  const { clock, connect } = inMemory(plain);
  const client = connect(setup);
  client.send({ realtimeInput: { text: 'Hello.' } });
  clock.advance(forMs);
  return client;
}

describe('interruption', () => {
  test('during generation stops the audio, and no generationComplete comes', () => {
    const client = talking(manual, 400);
    expect(client.audio.length).toBeGreaterThan(0);
    const heardSamples = client.audio.length;
    client.send(start);
    client.clock.advance(5000);
    expect(client.landmarks).toEqual(interruptedPair);
    expect(client.audio).toHaveLength(heardSamples);
    expect(client.seen.replies[0]).toMatchObject({
      sentSamples: heardSamples,
      interruptedAtMs: expect.any(Number),
    });
    client.send(end);
    client.clock.advance(5000);
    expect(client.seen.replies).toHaveLength(2);
  });

  test('during the assumed playback comes after generationComplete', () => {
    const client = talking(manual, 800);
    expect(client.landmarks).toEqual(['setupComplete', 'generationComplete']);
    client.send(start);
    expect(client.landmarks).toEqual(['setupComplete', 'generationComplete', 'interrupted', 'turnComplete']);
  });

  test('does not happen once the turn is complete', () => {
    const client = talking(manual, 5000);
    client.send(start);
    expect(client.landmarks).toEqual(['setupComplete', 'generationComplete', 'turnComplete']);
  });

  test('happens while the model has not said anything yet', () => {
    const client = talking(manual, 100);
    client.send(start);
    expect(client.landmarks).toEqual(interruptedPair);
    expect(client.audio).toHaveLength(0);
  });

  test('happens by speech alone in automatic mode', () => {
    const [utterance] = loadUtterances();
    const client = talking({}, 400);
    client.say(utterance?.samples ?? new Int16Array(0), 8000);
    client.silence(1000);
    expect(client.landmarks.slice(0, 4)).toEqual([
      'setupComplete',
      'generationComplete',
      'interrupted',
      'turnComplete',
    ]);
    expect(client.seen.turns).toMatchObject([{ by: 'text' }, { by: 'automatic', reply: 2 }]);
  });

  test('is off with NO_INTERRUPTION: the model finishes, then answers', () => {
    const setup = {
      realtimeInputConfig: {
        automaticActivityDetection: { disabled: true },
        activityHandling: 'NO_INTERRUPTION',
      },
    };
    const client = talking(setup, 400);
    client.send(start);
    client.send(end);
    expect(client.seen.turns[1]).toMatchObject({ outcome: 'queued' });
    client.clock.advance(10_000);
    expect(client.landmarks).not.toContain('interrupted');
    expect(client.seen.turns[1]).toMatchObject({ outcome: 'answered', reply: 2 });
    const [first, second] = client.seen.replies;
    expect(second?.startedAtMs).toBe(first?.completedAtMs);
  });

  test('by clientContent without turnComplete makes the model wait', () => {
    const client = talking(manual, 400);
    client.send({ clientContent: { turnComplete: false } });
    client.clock.advance(10_000);
    expect(client.landmarks).toEqual(interruptedPair);
    expect(client.seen.replies).toHaveLength(1);
  });
});
