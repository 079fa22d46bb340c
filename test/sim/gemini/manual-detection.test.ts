import { describe, expect, test } from 'vitest';
import { inMemory, manual } from './support/memory-client.ts';
import { plain } from './support/scripts.ts';

describe('manual detection', () => {
  test('takes exactly the audio between the marks for the turn, and throws away the rest', () => {
    const client = inMemory(plain).connect(manual);
    const speech = Int16Array.from({ length: 8000 }, (_, i) => i);
    client.silence(100);
    client.send({ realtimeInput: { activityStart: {} } });
    client.say(speech, 8000);
    client.send({ realtimeInput: { activityEnd: {} } });
    client.silence(100);
    expect(client.seen.turns).toMatchObject([
      { by: 'manual', speechMs: 1000, outcome: 'answered', reply: 1 },
    ]);
    expect(client.seen.turns[0]?.audio).toEqual(speech);
    const discarded = client.seen.received.filter((frame) => frame.discarded);
    expect(discarded.map((frame) => frame.fromSample)).toEqual([
      0, 160, 320, 480, 640, 8800, 8960, 9120, 9280, 9440,
    ]);
  });

  test('lets a turn last as long as the client wants, through any silence', () => {
    const client = inMemory(plain).connect(manual);
    client.send({ realtimeInput: { activityStart: {} } });
    client.silence(5000);
    expect(client.seen.turns).toEqual([]);
    client.send({ realtimeInput: { activityEnd: {} } });
    expect(client.seen.turns).toMatchObject([{ speechMs: 5000 }]);
  });

  test('ignores an end without a start', () => {
    const client = inMemory(plain).connect(manual);
    client.send({ realtimeInput: { activityEnd: {} } });
    expect(client.seen.turns).toEqual([]);
    expect(client.closed).toBeUndefined();
  });
});
