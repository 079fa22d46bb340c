import { describe, expect, test } from 'vitest';
import { seededChance } from '../../../src/time/index.ts';
import { loadUtterances } from '../../helpers/speech.ts';
import { inMemory, model } from './support/memory-client.ts';
import { plain } from './support/scripts.ts';

const utterances = loadUtterances();
const hello =
  utterances.find((utterance) => utterance.file === 'en_allison_hello-world.wav') ?? utterances[0];
if (!hello) throw new Error('the speech fixtures are empty');

function detection(settings: object): object {
  return { realtimeInputConfig: { automaticActivityDetection: settings } };
}

describe('automatic detection', () => {
  test.each(utterances)('finds the turn in $file', (utterance) => {
    const client = inMemory(plain).connect(detection({ silenceDurationMs: 1500 }));
    client.silence(400);
    client.say(utterance.samples, 8000);
    client.silence(2000);
    const [turn, second] = client.seen.turns;
    expect(second).toBeUndefined();
    expect(turn).toMatchObject({ by: 'automatic', outcome: 'answered', reply: 1, sampleRateHz: 8000 });
    const startMs = (turn?.range?.fromSample ?? 0) / 8 - 400;
    const endMs = (turn?.speech?.toSample ?? 0) / 8 - 400;
    expect(startMs).toBeLessThanOrEqual(utterance.speechStartMs);
    expect(Math.abs(endMs - utterance.speechEndMs)).toBeLessThan(350);
    expect(turn?.audio).toEqual(client.seen.audio.slice(turn?.range?.fromSample, turn?.range?.toSample));
  });

  test('needs audio after the speech to close a turn', () => {
    const { clock, connect } = inMemory(plain);
    const client = connect();
    client.say(hello.samples.subarray(0, hello.speechEndMs * 8), 8000);
    clock.advance(10_000);
    expect(client.seen.turns).toEqual([]);
    client.silence(680);
    expect(client.seen.turns).toEqual([]);
    client.silence(200);
    expect(client.seen.turns).toHaveLength(1);
  });

  test.each([300, 700, 1200])('waits for the silence asked for: %i ms', (silenceDurationMs) => {
    const client = inMemory(plain).connect(detection({ silenceDurationMs }));
    client.say(hello.samples, 8000);
    client.silence(1500);
    const [turn] = client.seen.turns;
    const silentSamples = (turn?.range?.toSample ?? 0) - (turn?.speech?.toSample ?? 0);
    expect(silentSamples / 8).toBe(silenceDurationMs);
  });

  test('takes speech that is shorter than the prefix padding for noise', () => {
    const client = inMemory(plain).connect(detection({ prefixPaddingMs: 5000 }));
    client.say(hello.samples, 8000);
    client.silence(2000);
    expect(client.seen.turns).toEqual([]);
  });

  test('hears quiet speech with a high start sensitivity, and not with a low one', () => {
    const quiet = hello.samples.map((sample) => sample / 10);
    const turnsWith = (startOfSpeechSensitivity: string): number => {
      const client = inMemory(plain).connect(detection({ startOfSpeechSensitivity }));
      client.say(quiet, 8000);
      client.silence(1500);
      return client.seen.turns.length;
    };
    expect(turnsWith('START_SENSITIVITY_HIGH')).toBe(1);
    expect(turnsWith('START_SENSITIVITY_LOW')).toBe(0);
  });

  test('hears nothing in the noise of a line', () => {
    const chance = seededChance(3);
    const client = inMemory(plain).connect();
    client.say(
      Int16Array.from({ length: 80_000 }, () => (chance.next() - 0.5) * 60),
      8000,
    );
    expect(client.seen.turns).toEqual([]);
  });

  test('does not advance the script for a turn with too little speech', () => {
    const script = {
      turns: [{ minSpeechMs: 20_000, reply: plain.turns[0]?.reply ?? { text: '', voice: 'hours' } }],
    } as const;
    const client = inMemory(script).connect();
    client.say(hello.samples, 8000);
    client.silence(1000);
    expect(client.seen.turns).toMatchObject([{ outcome: 'tooShort' }]);
    expect(client.seen.replies).toEqual([]);
  });

  test.each([
    ['is not closed by audioStreamEnd on 3.8', model, 0],
    ['is closed by audioStreamEnd on 3.1', 'models/gemini-3.1-flash-live-preview', 1],
  ])('a turn %s', (_, name, turns) => {
    const client = inMemory(plain).connect({ model: name });
    client.say(hello.samples.subarray(0, hello.speechEndMs * 8), 8000);
    client.send({ realtimeInput: { audioStreamEnd: true } });
    expect(client.seen.turns).toHaveLength(turns);
  });

  test.each([
    ['activityStart', { activityStart: {} }, /activity/],
    ['activityEnd', { activityEnd: {} }, /activity/],
    ['mediaChunks', { mediaChunks: [{ data: '', mimeType: 'audio/pcm' }] }, /media_chunks is deprecated/],
    [
      'another codec',
      { audio: { data: '', mimeType: 'audio/opus' } },
      /Unsupported audio MIME type: audio\/opus/,
    ],
    [
      'text that is no base64',
      { audio: { data: '*!', mimeType: 'audio/pcm;rate=16000' } },
      /Base64 decoding failed/,
    ],
    ['half a sample', { audio: { data: 'AAAA', mimeType: 'audio/pcm;rate=16000' } }, /invalid argument/],
  ])('refuses %s', (_, realtimeInput, reason) => {
    const client = inMemory(plain).connect();
    client.send({ realtimeInput });
    expect(client.closed).toMatchObject({ code: 1007, reason: expect.stringMatching(reason) });
  });
});
