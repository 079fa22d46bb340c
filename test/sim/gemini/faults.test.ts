import { describe, expect, test } from 'vitest';
import { type FaultRule, faultFromKey, faultNames, type GeminiFault } from '../../../src/sim/index.ts';
import { inMemory, livePath, type MemoryClient, manual } from './support/memory-client.ts';
import { plain } from './support/scripts.ts';

function withFault(fault: GeminiFault, rule: Partial<FaultRule> = {}) {
  return inMemory(plain, { faults: [{ fault, ...rule }] });
}

/** A connection with the fault on which two turns were taken, with time for all that follows. */
function twoTurns(fault: GeminiFault, setup: object = {}): MemoryClient {
  const client = withFault(fault).connect({ ...manual, inputAudioTranscription: {}, ...setup });
  for (let i = 0; i < 2; i += 1) {
    client.send({ realtimeInput: { activityStart: {} } });
    client.silence(100);
    client.send({ realtimeInput: { activityEnd: {} } });
    client.clock.advance(10_000);
  }
  return client;
}

const whole = ['generationComplete', 'turnComplete'];

describe('a fault', () => {
  test.each<[string, GeminiFault, string[]]>([
    ['mute never answers', { kind: 'mute' }, []],
    ['mute for one turn', { kind: 'mute', turns: 1 }, whole],
    ['an empty turn', { kind: 'emptyTurn', turns: 1 }, [...whole, ...whole]],
    ['a rejected turn', { kind: 'rejectedTurn', turns: 1 }, ['turnComplete', ...whole]],
    ['a missing turnComplete', { kind: 'missingTurnComplete', turns: 1 }, ['generationComplete', ...whole]],
    [
      'a phantom interruption in a reply',
      { kind: 'phantomInterrupted', at: { at: 'midReply' } },
      ['interrupted', 'turnComplete', ...whole],
    ],
    [
      'a phantom interruption that wedges',
      { kind: 'phantomInterrupted', wedges: true, at: { at: 'midReply' } },
      ['interrupted', 'turnComplete'],
    ],
    [
      'a phantom interruption out of silence',
      { kind: 'phantomInterrupted', at: { at: 'turnComplete', count: 2, afterMs: 10 } },
      [...whole, ...whole, 'interrupted', 'turnComplete'],
    ],
    [
      'a frame that is no JSON',
      { kind: 'badFrame', at: { at: 'firstAudio' } },
      ['notJson', ...whole, ...whole],
    ],
    ['audio that nobody can hear', { kind: 'nearZeroAudio', turns: 1 }, [...whole, ...whole]],
    [
      'a half-open connection takes and sends nothing more',
      { kind: 'halfOpen', at: { at: 'turnComplete', count: 1 } },
      whole,
    ],
    ['slow audio', { kind: 'slowAudio', speed: 0.5 }, [...whole, ...whole]],
  ])('%s', (_, fault, landmarks) => {
    expect(twoTurns(fault).landmarks.slice(1)).toEqual(landmarks);
  });

  test('mute still transcribes, unless told not to', () => {
    const transcripts = (fault: GeminiFault): number =>
      twoTurns(fault).seen.sent.filter((frame) => frame.kind === 'inputTranscription').length;
    expect(transcripts({ kind: 'mute' })).toBeGreaterThan(0);
    expect(transcripts({ kind: 'mute', transcribes: false })).toBe(0);
  });

  test('a rejected turn says why', () => {
    const client = twoTurns({ kind: 'rejectedTurn' });
    expect(client.messages.at(-1)?.message.serverContent).toEqual({
      turnComplete: true,
      turnCompleteReason: 'RESPONSE_REJECTED',
    });
  });

  test('slow audio takes longer than the audio lasts', () => {
    const [first] = twoTurns({ kind: 'slowAudio', speed: 0.5 }).seen.replies;
    expect((first?.generatedAtMs ?? 0) - (first?.startedAtMs ?? 0)).toBeGreaterThan(4000);
  });

  test.each<[string, GeminiFault, object]>([
    [
      'before the set-up is read',
      { kind: 'close', code: 1011, reason: 'a', at: { at: 'open' } },
      { code: 1011, reason: 'a' },
    ],
    [
      'in place of setupComplete',
      { kind: 'close', code: 1008, reason: 'b', at: { at: 'setup' } },
      { code: 1008, reason: 'b' },
    ],
    [
      'some time after it',
      { kind: 'close', code: 1012, at: { at: 'ready', afterMs: 500 } },
      { code: 1012, reason: '' },
    ],
    [
      'in the middle of a reply',
      { kind: 'close', code: 1011, reason: 'c', at: { at: 'midReply' } },
      { code: 1011, reason: 'c' },
    ],
    ['by a kill', { kind: 'kill', at: { at: 'midReply', count: 2 } }, { code: 1006, reason: '' }],
  ])('closes %s', (_, fault, closed) => {
    expect(twoTurns(fault).closed).toEqual(closed);
  });

  test('that closes in the middle of a reply has sent half of it', () => {
    const client = twoTurns({ kind: 'close', code: 1011, at: { at: 'midReply' } });
    expect(client.audio.length).toBeGreaterThanOrEqual(24_000);
    expect(client.audio.length).toBeLessThan(24_000 + 240 * 24);
  });

  test('noSetupComplete leaves the client waiting', () => {
    const client = withFault({ kind: 'noSetupComplete' }).connect();
    client.clock.advance(60_000);
    expect(client.frames).toEqual([]);
    expect(client.closed).toBeUndefined();
  });

  test.each([[false], [true]])('goAway announces the close; silent after it: %s', (silentAfter) => {
    const fault: GeminiFault = {
      kind: 'goAway',
      timeLeftMs: 2500,
      silentAfter,
      at: { at: 'ready', afterMs: 1000 },
    };
    const client = withFault(fault).connect(manual);
    client.clock.advance(1000);
    expect(client.messages.at(-1)?.message.goAway).toEqual({ timeLeft: '2.5s' });
    client.send({ realtimeInput: { text: 'Hello.' } });
    client.clock.advance(2400);
    expect(client.audio.length > 0).toBe(!silentAfter);
    expect(client.closed).toBeUndefined();
    client.clock.advance(100);
    expect(client.closed).toEqual({
      code: 1011,
      reason: 'Deadline expired before operation could complete.',
    });
  });

  test('of a poisoned resume hears the caller and stays silent, on resumed sessions only', () => {
    const { clock, connect } = withFault({ kind: 'poisonedResume' });
    const speak = (client: MemoryClient): string[] => {
      client.send({ realtimeInput: { activityStart: {} } });
      client.send({ realtimeInput: { activityEnd: {} } });
      clock.advance(10_000);
      return client.seen.turns.map((turn) => turn.outcome);
    };
    const first = connect({ ...manual, sessionResumption: {}, inputAudioTranscription: {} });
    expect(speak(first)).toEqual(['answered']);
    first.close();
    const second = connect({
      ...manual,
      sessionResumption: { handle: first.handle },
      inputAudioTranscription: {},
    });
    expect(speak(second)).toEqual(['mute']);
    expect(second.seen.sent.map((frame) => frame.kind)).toContain('inputTranscription');
    expect(second.audio).toHaveLength(0);
  });

  test('can be for one connection only', () => {
    const { connect } = withFault({ kind: 'kill', at: { at: 'ready' } }, { connection: 2 });
    expect([connect(), connect(), connect()].map((client) => client.closed?.code)).toEqual([
      undefined,
      1006,
      undefined,
    ]);
  });

  test('can be armed for connections to come, and happen on one that is open', () => {
    const { gemini, connect } = inMemory(plain);
    const open = connect();
    gemini.arm({ fault: { kind: 'kill', at: { at: 'ready' } } });
    expect(connect().closed?.code).toBe(1006);
    gemini.disarmAll();
    expect(connect().closed).toBeUndefined();
    open.session?.inject({ kind: 'close', code: 1012, reason: 'restart', at: { at: 'now' } });
    open.clock.advance(0);
    expect(open.closed).toEqual({ code: 1012, reason: 'restart' });
  });

  test.each([
    ['sim-http-429', { kind: 'refuse', status: 429, retryAfterSec: 2 }],
    ['sim-http-401', { kind: 'refuse', status: 401 }],
    ['sim-hang-upgrade', { kind: 'hang' }],
    ['sim-reset-upgrade', { kind: 'reset' }],
    ['sim-kill', { kind: 'accept', faults: [{ kind: 'kill' }] }],
    ['an-ordinary-key', { kind: 'accept', faults: [] }],
  ])('is picked by the API key %s', (key, admission) => {
    expect(
      inMemory(plain).gemini.admit({ path: livePath.replace('key=k', `key=${key}`), headers: {} }),
    ).toMatchObject(admission);
  });

  test('has a key for every name, and none for others', () => {
    expect(faultNames.map((name) => faultFromKey(`sim-${name}`))).not.toContain(undefined);
    expect(faultFromKey('sim-close-1011')).toMatchObject({ kind: 'close', code: 1011 });
    expect(faultFromKey('sim-nonsense')).toBeUndefined();
    expect(faultFromKey('kill')).toBeUndefined();
  });
});
