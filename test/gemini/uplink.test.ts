import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createResampler } from '../../src/audio/index.ts';
import { Uplink } from '../../src/gemini/uplink.ts';

type Rate = 8000 | 16_000 | 24_000;

/** An uplink at a call rate, and what it sent. */
function uplink(callRateHz: Rate, { isGated = true, preRollMs = 400 } = {}) {
  const sent: Int16Array[] = [];
  const link = new Uplink({ callRateHz, isGated, preRollMs, send: (pcm) => sent.push(pcm) });
  return {
    link,
    sent,
    get samples(): number[] {
      return sent.flatMap((pcm) => [...pcm]);
    },
  };
}

/** Sound of a caller that is nowhere the same twice. */
function sound(samples: number): Int16Array {
  let state = 12_345;
  return Int16Array.from({ length: samples }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return (state % 20_000) - 10_000;
  });
}

/** The whole of `pcm` at the model's rate. */
function atModelRate(pcm: Int16Array, fromHz: Rate): number[] {
  const resampler = createResampler(fromHz, 16_000);
  const out = [...resampler.push(pcm)];
  resampler.dispose();
  return out;
}

describe.each([8000, 16_000, 24_000] as const)('the uplink of a call at %s Hz', (rateHz) => {
  const perMs = rateHz / 1000;
  const whole = sound(6000 * perMs);
  const wanted = atModelRate(whole, rateHz);
  const frame = 20 * perMs;

  it('sends everything at 16 kHz where the model owns the turns', () => {
    const { link, sent } = uplink(rateHz, { isGated: false });
    for (let at = 0; at < whole.length; at += frame) link.write(whole.subarray(at, at + frame));
    link.open(0);
    link.close();
    link.write(whole.subarray(0, frame));
    expect(sent.length).toBe(whole.length / frame + 1);
    expect(sent.slice(0, -1).flatMap((pcm) => [...pcm])).toEqual(wanted);
  });

  it('sends from the pre-roll of the onset to the end of the turn, exactly', () => {
    const up = uplink(rateHz);
    const onsetMs = 1500;
    for (let ms = 0; ms < 4000; ms += 20) {
      // the onset is told 130 ms after it was
      if (ms === 1640) up.link.open(onsetMs * 8);
      up.link.write(whole.subarray(ms * perMs, (ms + 20) * perMs));
      if (ms === 2980) up.link.close();
    }
    expect(up.samples).toEqual(wanted.slice((onsetMs - 400) * 16, 3000 * 16));
  });

  it('sends what there is when the call began within the pre-roll', () => {
    const up = uplink(rateHz);
    for (let ms = 0; ms < 200; ms += 20) up.link.write(whole.subarray(ms * perMs, (ms + 20) * perMs));
    up.link.open(100 * 8);
    up.link.close();
    expect(up.samples).toEqual(wanted.slice(0, 200 * 16));
  });

  it('sends four seconds at the least of what came before an onset that is told that late', () => {
    const up = uplink(rateHz);
    for (let ms = 0; ms < 6000; ms += 20) up.link.write(whole.subarray(ms * perMs, (ms + 20) * perMs));
    up.link.open(0);
    const { samples } = up;
    expect(samples.length).toBeGreaterThanOrEqual(4000 * 16);
    expect(samples).toEqual(wanted.slice(-samples.length));
  });

  it('sends nothing twice and loses nothing of a turn, however the audio is cut', () => {
    const cuts = fc.array(
      fc.record({
        samples: fc.integer({ min: 1, max: 90 * perMs }),
        deed: fc.constantFrom('go on', 'go on', 'go on', 'open', 'close'),
        /** How long ago the onset was, ms. */
        agoMs: fc.integer({ min: 0, max: 900 }),
      }),
      { minLength: 1, maxLength: 60 },
    );
    fc.assert(
      fc.property(cuts, fc.integer({ min: 0, max: 1000 }), (course, preRollMs) => {
        const up = uplink(rateHz, { preRollMs });
        const resampler = createResampler(rateHz, 16_000);
        const all: number[] = [];
        const expected: number[] = [];
        let at = 0;
        let isOpen = false;
        let sentTo = 0;
        let openFrom = 0;
        for (const { samples, deed, agoMs } of course) {
          const part = whole.subarray(at, at + samples);
          at += part.length;
          all.push(...resampler.push(part));
          up.link.write(part);
          if (isOpen) expected.push(...all.slice(sentTo));
          if (isOpen) sentTo = all.length;
          if (deed === 'open' && !isOpen) {
            isOpen = true;
            // an onset is at a whole sample of the detector, at 8 kHz
            const onset = Math.max(0, Math.floor(all.length / 2) - agoMs * 8);
            up.link.open(onset);
            openFrom = Math.max(sentTo, Math.floor(onset * 2 - preRollMs * 16), 0);
            expected.push(...all.slice(openFrom));
            sentTo = all.length;
          }
          if (deed === 'close') {
            if (isOpen) sentTo = all.length;
            isOpen = false;
            up.link.close();
          }
        }
        resampler.dispose();
        expect(up.samples).toEqual(expected);
      }),
      { seed: rateHz, numRuns: 60 },
    );
  });
});
