import { describe, expect, it } from 'vitest';
import {
  ExotelWriter,
  maxMediaBytes,
  padToMultiple,
  parseExotelFrame,
} from '../../../src/exotel/codec/index.ts';

const ramp = (samples: number): Int16Array => Int16Array.from({ length: samples }, (_, i) => i - 50);
const base64 = (pcm: Int16Array): string =>
  Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength).toString('base64');

describe('the writer', () => {
  it('writes media with texts for the chunk and for the position in ms', () => {
    const writer = new ExotelWriter('s1', 8000);
    const frames = [writer.media(ramp(320)), writer.media(ramp(160)), writer.media(ramp(160))];
    const payloads = [base64(ramp(320)), base64(ramp(160)), base64(ramp(160))];
    expect(frames).toEqual([
      `{"event":"media","stream_sid":"s1","media":{"chunk":"1","timestamp":"0","payload":"${payloads[0]}"}}`,
      `{"event":"media","stream_sid":"s1","media":{"chunk":"2","timestamp":"40","payload":"${payloads[1]}"}}`,
      `{"event":"media","stream_sid":"s1","media":{"chunk":"3","timestamp":"60","payload":"${payloads[2]}"}}`,
    ]);
    expect(writer.samplesSent).toBe(640);
  });

  it.each([
    [8000, ['0', '20', '40', '60']],
    [16_000, ['0', '10', '20', '30']],
    [24_000, ['0', '7', '13', '20']],
  ] as const)('counts milliseconds at %i Hz', (rateHz, timestamps) => {
    const writer = new ExotelWriter('s1', rateHz);
    const written = timestamps.map(() => JSON.parse(writer.media(ramp(160))).media.timestamp);
    expect(written).toEqual(timestamps);
  });

  it('writes the samples of a view, not of the memory behind it', () => {
    const frame = new ExotelWriter('s1', 8000).media(ramp(500).subarray(7, 167));
    const read = parseExotelFrame(Buffer.from(frame), false);
    expect(read.kind === 'media' && read.pcm).toEqual(ramp(500).slice(7, 167));
  });

  it('writes mark, clear and stop', () => {
    const writer = new ExotelWriter('s1', 16_000);
    expect(writer.mark('utt-7')).toBe('{"event":"mark","stream_sid":"s1","mark":{"name":"utt-7"}}');
    expect(writer.clear()).toBe('{"event":"clear","stream_sid":"s1"}');
    expect(writer.stop()).toBe('{"event":"stop","stream_sid":"s1"}');
  });

  it('escapes the identifier and the names of marks', () => {
    const writer = new ExotelWriter('a"b\\c', 8000);
    expect(JSON.parse(writer.mark('x"y\n'))).toEqual({
      event: 'mark',
      stream_sid: 'a"b\\c',
      mark: { name: 'x"y\n' },
    });
    expect(JSON.parse(writer.media(ramp(160))).stream_sid).toBe('a"b\\c');
  });

  it.each([0, 1, 159, 161, 240, maxMediaBytes / 2 + 160])('refuses audio of %i samples', (samples) => {
    const writer = new ExotelWriter('s1', 8000);
    expect(() => writer.media(new Int16Array(samples))).toThrow(`found ${samples * 2}`);
    expect(writer.samplesSent).toBe(0);
  });

  it('refuses an empty identifier, an empty mark and a rate that Exotel does not have', () => {
    expect(() => new ExotelWriter('', 8000)).toThrow('identifier');
    expect(() => new ExotelWriter('s1', 8000).mark('')).toThrow('name');
    expect(() => new ExotelWriter('s1', Number('11025') as 8000)).toThrow('found 11025');
  });
});

describe('padding', () => {
  it.each([
    [0, 0],
    [1, 160],
    [159, 160],
    [160, 160],
    [161, 320],
    [4001, 4160],
  ])('makes %i samples %i, silent at the end', (samples, padded) => {
    const pcm = new Int16Array(samples).fill(9);
    const result = padToMultiple(pcm);
    expect(result).toHaveLength(padded);
    expect(result.subarray(0, samples)).toEqual(pcm);
    expect(result.subarray(samples).every((sample) => sample === 0)).toBe(true);
  });

  it('takes another multiple, and keeps audio that fits', () => {
    const pcm = new Int16Array(200);
    expect(padToMultiple(pcm, 640)).toHaveLength(320);
    expect(padToMultiple(pcm, 400)).toBe(pcm);
    expect(() => padToMultiple(pcm, 3)).toThrow('found 3');
  });
});
