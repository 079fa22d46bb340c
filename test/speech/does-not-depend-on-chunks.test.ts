import fc from 'fast-check';
import { expect, it } from 'vitest';
import { EnergyScorer, SpeechDetector, type SpeechReport } from '../../src/speech/index.ts';
import { detect } from './detect.ts';
import { ScriptedScorer, script } from './scripted-scorer.ts';
import { mixed, whiteNoise } from './sounds.ts';

const cuts = fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 20 });
const durationsMs = fc.array(fc.integer({ min: 0, max: 700 }), { minLength: 2, maxLength: 16 });

function inChunks(pcm: Int16Array, chunks: readonly number[], detector: SpeechDetector): void {
  for (let at = 0, i = 0; at < pcm.length; i += 1) {
    const samples = chunks[i % chunks.length] ?? 1;
    detector.push(pcm.subarray(at, at + samples));
    at += samples;
  }
  detector.finish();
}

it('reports the same however the audio is cut', () => {
  fc.assert(
    fc.property(durationsMs, cuts, (durations, chunks) => {
      const pcm = script(...durations);
      const reports: SpeechReport[] = [];
      inChunks(
        pcm,
        chunks,
        new SpeechDetector({ scorer: new ScriptedScorer(), report: (one) => reports.push(one) }),
      );
      expect(reports).toEqual(detect(pcm, { scorer: new ScriptedScorer() }));
    }),
  );
});

it('scores energy the same however the audio is cut', () => {
  const bursts = whiteNoise(6000, -30).map((sample, i) => (Math.floor(i / 2400) % 2 === 1 ? sample : 0));
  const pcm = mixed(whiteNoise(6000, -60, 2), bursts);
  const expected = detect(pcm);
  expect(expected.length).toBeGreaterThan(6);
  fc.assert(
    fc.property(cuts, (chunks) => {
      const reports: SpeechReport[] = [];
      inChunks(
        pcm,
        chunks,
        new SpeechDetector({ scorer: new EnergyScorer(), report: (one) => reports.push(one) }),
      );
      expect(reports).toEqual(expected);
    }),
    { numRuns: 20 },
  );
});

it('reports the same when the scores come later', () => {
  fc.assert(
    fc.property(durationsMs, cuts, (durations, chunks) => {
      const pcm = script(...durations);
      const scorer = new ScriptedScorer(80, true);
      const reports: SpeechReport[] = [];
      const detector = new SpeechDetector({ scorer, report: (one) => reports.push(one) });
      for (let at = 0, i = 0; at < pcm.length; i += 1) {
        const samples = chunks[i % chunks.length] ?? 1;
        detector.push(pcm.subarray(at, at + samples));
        at += samples;
        if (i % 3 === 0) scorer.deliver();
      }
      scorer.deliver();
      detector.finish();
      expect(reports).toEqual(detect(pcm, { scorer: new ScriptedScorer() }));
    }),
  );
});

it('keeps its order: one end an onset, pauses inside, never two of a kind', () => {
  const next: Record<string, readonly string[]> = {
    silence: ['scoreRose'],
    scoreRose: ['scoreFell', 'onset'],
    scoreFell: ['scoreRose'],
    onset: ['sustained', 'paused', 'ended'],
    sustained: ['paused', 'ended'],
    paused: ['resumed', 'ended'],
    resumed: ['sustained', 'paused', 'ended'],
    ended: ['scoreRose'],
  };
  fc.assert(
    fc.property(durationsMs, fc.constantFrom(80, 256), (durations, frameSamples) => {
      const pcm = script(...durations);
      const reports = detect(pcm, { scorer: new ScriptedScorer(frameSamples), policy: { longestMs: 1000 } });
      let last = 'silence';
      for (const { type, onsetSample, atSample, speechMs, silenceMs } of reports) {
        expect(next[last]).toContain(type);
        expect(onsetSample).toBeLessThanOrEqual(atSample);
        expect(speechMs + silenceMs).toBeLessThanOrEqual((atSample - onsetSample) / 8);
        last = type;
      }
      expect(['silence', 'scoreFell', 'ended']).toContain(last);
    }),
  );
});

it('counts the samples it was given', () => {
  const detector = new SpeechDetector({ scorer: new EnergyScorer(), report: () => undefined });
  for (const samples of [1, 79, 80, 81, 0, 1000]) detector.push(new Int16Array(samples));
  expect(detector.positionSamples).toBe(1241);
});
