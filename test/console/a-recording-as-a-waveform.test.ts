import { describe, expect, it } from 'vitest';
import { lineAt, pastTimeline, spokenLines } from '../../src/console/records/past-timeline.ts';
import { WavLevels } from '../../src/console/records/wav-levels.ts';

/** A WAV file of 1 kHz, so that a sample is a millisecond; frames as left and right. */
function wav(frames: readonly (readonly number[])[], { bits = 16, extra = false } = {}): Uint8Array {
  const channels = frames[0]?.length ?? 1;
  const header = Buffer.alloc(extra ? 58 : 44);
  header.write('RIFF', 0);
  header.write('WAVE', 8);
  header.write('fmt ', 12);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(1000, 24);
  header.writeUInt16LE(bits, 34);
  if (extra) {
    header.write('LIST', 36);
    // of odd length: a byte follows that belongs to nothing
    header.writeUInt32LE(5, 40);
  }
  header.write('data', header.length - 8);
  return Buffer.concat([header, Buffer.from(Int16Array.from(frames.flat()).buffer)]);
}

const frames = [
  [256, 0],
  [-512, 25_600],
  [32_767, -32_768],
  [0, 0],
  [2560, 256],
];

describe('the levels of a recording', () => {
  it.each([
    [1, false],
    [7, false],
    [44, true],
    [10_000, true],
  ])('are the same when it comes by %s bytes, with another chunk before the sound: %s', (portion, extra) => {
    const levels = new WavLevels(2);
    const bytes = wav(frames, { extra });
    for (let at = 0; at < bytes.length; at += portion) levels.add(bytes.subarray(at, at + portion));
    expect(levels.left).toEqual([-2, 1, 0, 127, 10, 10]);
    expect(levels.right).toEqual([0, 100, -128, 0, 1, 1]);
    expect(levels.durationMs).toBe(5);
  });

  it('of one voice are left only', () => {
    const levels = new WavLevels(2);
    levels.add(wav([[256], [512], [-256]]));
    expect([levels.left, levels.right]).toEqual([[1, 2, -1, -1], []]);
  });

  it.each([
    ['no WAV file', Buffer.from('{"code":"api.no-audio"}')],
    ['other samples', wav([[1, 1]], { bits: 24 })],
    ['three channels', wav([[1, 1, 1]])],
    ['no sound', Buffer.concat([wav([[1]]).subarray(0, 36), Buffer.alloc(5000)])],
  ])('are not those of %s', (_, bytes) => expect(() => new WavLevels(20).add(bytes)).toThrow('expected'));
});

describe('a past call on its time axis', () => {
  const turns = [
    { turn: 1, isBargeIn: false, firstChunkMs: 500 },
    { turn: 2, isBargeIn: false, callerStartedMs: 5000, callerEndedMs: 8000 },
    { turn: 3, isBargeIn: true, callerStartedMs: 11_000, callerEndedMs: 13_000 },
  ];
  const said = (who: 'caller' | 'agent', atMs: number) => ({ who, atMs, text: 'words', unheard: '' });
  const lines = spokenLines(
    [
      said('agent', 400),
      said('caller', 8300),
      said('agent', 9000),
      said('caller', 13_300),
      said('agent', 14_000),
    ],
    turns,
  );

  it('has the caller’s words where they were spoken, not where they were written down', () =>
    expect(lines.map(({ atMs }) => atMs)).toEqual([400, 5000, 9000, 11_000, 14_000]));

  it('leaves words that belong to no turn where they are', () =>
    expect(spokenLines([said('agent', 6000), said('caller', 7000)], turns).map(({ atMs }) => atMs)).toEqual([
      6000, 7000,
    ]));

  it.each([
    [0, undefined],
    [400, 0],
    [8999, 1],
    [9000, 2],
    [99_000, 4],
  ])('at %s ms lights line %s', (atMs, line) => expect(lineAt(lines, atMs)).toBe(line));

  it('begins its waveforms where the recording began, and lasts as long as either', () => {
    const recording = { status: 'measured' as const, caller: [0, 1], agent: [0, 2], durationMs: 900 };
    expect(pastTimeline({ durationMs: 800, turns, marks: [], startedMs: 120, recording })).toMatchObject({
      durationMs: 1020,
      caller: { fromMs: 120, peaks: [0, 1] },
      agent: { fromMs: 120, peaks: [0, 2] },
    });
  });
});
