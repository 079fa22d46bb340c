import { describe, expect, test } from 'vitest';
import { loadVoice, type Pace, spoken } from '../../../src/sim/index.ts';
import { inMemory, type MemoryClient, manual } from './support/memory-client.ts';
import { plain, ramp, reply } from './support/scripts.ts';

function ask(client: MemoryClient): void {
  client.send({ realtimeInput: { activityStart: {} } });
  client.silence(200);
  client.send({ realtimeInput: { activityEnd: {} } });
}

const transcribed = { ...manual, inputAudioTranscription: {}, outputAudioTranscription: {} };

function audioFrames(client: MemoryClient) {
  return client.seen.sent.filter((frame) => frame.kind === 'audio');
}

function paced(pace: Partial<Pace>, ms = 2000): MemoryClient {
  const { clock, connect } = inMemory({ turns: [{ reply: reply('Nothing much.', ms, pace) }] });
  const client = connect(manual);
  ask(client);
  clock.advance(20_000);
  return client;
}

describe('a reply', () => {
  test('brings the input transcript, then its own ahead of the audio, and every sample once', () => {
    const { clock, connect } = inMemory({
      turns: [{ heard: 'What do you have, please?', reply: spoken('cakes') }],
    });
    const client = connect(transcribed);
    ask(client);
    clock.advance(30_000);
    const sent = client.seen.sent;
    const textOf = (kind: string): string[] =>
      sent.filter((frame) => frame.kind === kind).map((frame) => frame.text ?? '');
    expect(textOf('inputTranscription').join('')).toBe('What do you have, please?');
    expect(textOf('outputTranscription').join('')).toBe(spoken('cakes').text);
    expect(
      textOf('outputTranscription')
        .slice(1)
        .every((text) => text.startsWith(' ')),
    ).toBe(true);
    expect(client.audio).toEqual(loadVoice('cakes'));
    const order = sent.map((frame) => frame.kind);
    expect(order.lastIndexOf('inputTranscription')).toBeLessThan(order.indexOf('outputTranscription'));
    expect(order.indexOf('outputTranscription')).toBeLessThan(order.indexOf('audio'));
    expect(order.lastIndexOf('outputTranscription')).toBeLessThan(order.lastIndexOf('audio'));
    expect(client.seen.replies[0]).toMatchObject({ number: 1, sentSamples: loadVoice('cakes').length });
  });

  test('comes without transcripts when the model sends none unasked', () => {
    const { clock, connect } = inMemory(plain);
    const client = connect({ ...manual, model: 'models/gemini-3.1-flash-live-preview' });
    ask(client);
    clock.advance(5000);
    expect(client.seen.sent.filter((frame) => frame.kind.endsWith('Transcription'))).toEqual([]);
  });

  test('comes in chunks of 40 to 240 ms, four times faster than real time', () => {
    const { clock, connect } = inMemory({ turns: [{ reply: spoken('cakes') }] });
    const client = connect(manual);
    ask(client);
    clock.advance(30_000);
    const frames = audioFrames(client);
    const chunksMs = frames.slice(0, -1).map((frame) => (frame.samples ?? 0) / 24);
    expect(Math.min(...chunksMs)).toBeGreaterThanOrEqual(40);
    expect(Math.max(...chunksMs)).toBeLessThanOrEqual(240);
    expect(new Set(chunksMs).size).toBeGreaterThan(10);
    const [record] = client.seen.replies;
    const tookMs = (record?.generatedAtMs ?? 0) - (record?.startedAtMs ?? 0) - 300;
    expect(tookMs).toBeCloseTo(loadVoice('cakes').length / 24 / 4, 0);
  });

  test('completes its turn when the client can have played it, with the tokens used', () => {
    const client = paced({ speed: 4, thinkMs: 100, chunkMs: [40, 40] });
    const [record] = client.seen.replies;
    expect((record?.firstAudioAtMs ?? 0) - (record?.startedAtMs ?? 0)).toBe(110);
    expect((record?.generatedAtMs ?? 0) - (record?.startedAtMs ?? 0)).toBe(600);
    expect((record?.completedAtMs ?? 0) - (record?.firstAudioAtMs ?? 0)).toBe(2000);
    expect(client.landmarks).toEqual(['setupComplete', 'generationComplete', 'turnComplete']);
    const last = client.messages.findLast(({ message }) => message.serverContent?.turnComplete);
    expect(last?.message.usageMetadata).toMatchObject({
      promptTokenCount: 0,
      responseTokenCount: 50,
      totalTokenCount: 50,
    });
  });

  test('completes its turn at once when no playback is waited for', () => {
    const { clock, connect } = inMemory(plain, { playbackScale: 0 });
    const client = connect(manual);
    ask(client);
    clock.advance(10_000);
    const [record] = client.seen.replies;
    expect(record?.completedAtMs).toBe(record?.generatedAtMs);
  });

  test('stalls where its pace says so', () => {
    const client = paced({
      speed: 10,
      thinkMs: 0,
      chunkMs: [100, 100],
      stalls: [{ afterMs: 500, forMs: 700 }],
    });
    const times = audioFrames(client).map((frame) => frame.atMs - (client.seen.replies[0]?.startedAtMs ?? 0));
    expect(times.slice(0, 7)).toEqual([10, 20, 30, 40, 50, 760, 770]);
  });

  test('comes in bursts where its pace says so', () => {
    const client = paced({ speed: 10, thinkMs: 0, chunkMs: [100, 100], burstChunks: 4 });
    const times = audioFrames(client).map((frame) => frame.atMs - (client.seen.replies[0]?.startedAtMs ?? 0));
    expect(times.slice(0, 8)).toEqual([40, 40, 40, 40, 80, 80, 80, 80]);
  });

  test('can be slower than real time, and is then played as it comes', () => {
    const client = paced({ speed: 0.5, thinkMs: 0, chunkMs: [100, 100] });
    const [record] = client.seen.replies;
    expect((record?.completedAtMs ?? 0) - (record?.startedAtMs ?? 0)).toBe(4100);
  });

  test('speaks samples of any of the three rates', () => {
    const voice = { samples: new Int16Array(8000).fill(1000), sampleRateHz: 8000 };
    const { clock, connect } = inMemory({ turns: [{ reply: { text: 'Hm.', voice } }] });
    const client = connect(manual);
    ask(client);
    clock.advance(5000);
    expect(client.audio).toHaveLength(24_000);
    expect(client.audio[12_000]).toBeCloseTo(1000, -1);
  });

  test('is followed by the next of the script, and after the last by what the script says', () => {
    const texts = (afterwards?: 'cycle' | 'repeatLast' | 'silent'): string[] => {
      const turns = ['one', 'two'].map((text) => ({ reply: { text, voice: ramp(100) } }));
      const { clock, connect } = inMemory(afterwards ? { turns, afterwards } : { turns }, {
        playbackScale: 0,
      });
      const client = connect(manual);
      for (let i = 0; i < 4; i += 1) {
        ask(client);
        clock.advance(1000);
      }
      return client.seen.turns.map(
        (turn) => client.seen.replies[(turn.reply ?? 0) - 1]?.text ?? turn.outcome,
      );
    };
    expect(texts()).toEqual(['one', 'two', 'one', 'two']);
    expect(texts('repeatLast')).toEqual(['one', 'two', 'two', 'two']);
    expect(texts('silent')).toEqual(['one', 'two', 'scriptIsOver', 'scriptIsOver']);
  });
});

describe('text', () => {
  test('meets the greeting at the start, and the next turn later', () => {
    const { clock, connect } = inMemory(plain);
    const client = connect();
    client.send({ realtimeInput: { text: 'Greet the caller.' } });
    clock.advance(5000);
    client.send({
      clientContent: { turns: [{ role: 'user', parts: [{ text: 'Cakes?' }] }], turnComplete: true },
    });
    clock.advance(5000);
    expect(client.seen.replies.map((record) => record.text)).toEqual([
      'Hello, how can I help you?',
      'We have cakes of every kind.',
    ]);
    expect(client.seen.turns).toMatchObject([{ by: 'text' }, { by: 'clientContent', text: 'Cakes?' }]);
  });

  test('lets the model open unprompted on a turnComplete alone', () => {
    const { clock, connect } = inMemory(plain);
    const client = connect();
    client.send({ clientContent: { turnComplete: true } });
    clock.advance(5000);
    expect(client.seen.replies).toMatchObject([{ text: 'Hello, how can I help you?' }]);
  });

  test('is refused without a role', () => {
    const client = inMemory(plain).connect();
    client.send({ clientContent: { turns: [{ parts: [{ text: 'x' }] }], turnComplete: true } });
    expect(client.closed).toMatchObject({ code: 1007, reason: expect.stringContaining('role') });
  });
});
