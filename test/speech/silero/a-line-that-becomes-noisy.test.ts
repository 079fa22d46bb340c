import { afterAll, beforeAll, expect, it } from 'vitest';
import { createScorers, type Scorers, SpeechDetector, type SpeechReport } from '../../../src/speech/index.ts';
import { SimulatedClock } from '../../../src/time/index.ts';
import { loadUtterances, type Utterance } from '../../helpers/speech.ts';
import { only, quantile, toMs } from '../detect.ts';
import { mixed, silence, whiteNoise } from '../sounds.ts';
import { describeWithSilero } from './installed.ts';
import { quietLog, settings } from './listen-together.ts';

const noiseDbov = -46;
/** The noise floor is known again 2 s after noise has begun. */
const knownMs = 3000;
const afterMs = 1500;
/** Whoever calls from a quiet room steps out on the street. */
const quietMs = [0, 1000, 10_000];

/** A line that is quiet for so long, then noisy; the utterance comes once the noise is known. */
function line({ samples }: Utterance, quiet: number): Int16Array {
  const leadMs = quiet + knownMs;
  const pcm = silence(leadMs + Math.ceil(samples.length / 8) + afterMs);
  pcm.set(samples, leadMs * 8);
  const noise = silence(pcm.length / 8);
  noise.set(whiteNoise(pcm.length / 8 - quiet, noiseDbov, 5), quiet * 8);
  return mixed(pcm, whiteNoise(pcm.length / 8, -70), noise);
}

/** What is heard on lines that choose between the level and the model, side by side. */
function listen(scorers: Scorers, clock: SimulatedClock, streams: readonly Int16Array[]): SpeechReport[][] {
  const heard = streams.map((): SpeechReport[] => []);
  const detectors = heard.map(
    (reports) =>
      new SpeechDetector({
        scorer: scorers.scorerFor({ ...settings, kind: 'auto' }),
        report: (report) => reports.push(report),
      }),
  );
  const longest = Math.max(...streams.map(({ length }) => length));
  for (let at = 0; at < longest; at += 160) {
    for (const [i, detector] of detectors.entries()) {
      const chunk = streams[i]?.subarray(at, at + 160);
      if (chunk && chunk.length > 0) detector.push(chunk);
      else detector.finish();
    }
    // lines whose noise is known do not wait for each other
    clock.advance(20);
  }
  for (const detector of detectors) detector.finish();
  return heard;
}

describeWithSilero('on a line that becomes noisy in mid-call', () => {
  const utterances = loadUtterances();
  const table: Record<string, unknown>[] = [];
  const clock = new SimulatedClock();
  let scorers: Scorers;

  beforeAll(async () => {
    scorers = await createScorers({ kind: 'silero', clock, log: quietLog, isSynchronous: true });
  });

  it.each(quietMs)('speech is found as on one that was noisy all along: after %i ms', (quiet) => {
    const heard = listen(
      scorers,
      clock,
      utterances.map((utterance) => line(utterance, quiet)),
    );
    const leadMs = quiet + knownMs;
    const onsets = heard.map((reports, i) => {
      const strongMs = leadMs + (utterances[i]?.strongStartMs ?? 0);
      const found = only('onset', reports).find(({ atSample }) => toMs(atSample) >= strongMs - 300);
      return (found ? toMs(found.atSample) : Number.POSITIVE_INFINITY) - strongMs;
    });
    const ends = heard.map((reports, i) => {
      const last = only('ended', reports).at(-1);
      return toMs(last?.atSample ?? Number.POSITIVE_INFINITY) - leadMs - (utterances[i]?.speechEndMs ?? 0);
    });
    const falsely = heard.map(
      (reports) => only('onset', reports).filter(({ atSample }) => toMs(atSample) < leadMs).length,
    );
    const share = onsets.filter((ms) => ms <= 150).length / onsets.length;
    table.push({
      'quiet for, ms': quiet,
      'within 150 ms': share.toFixed(2),
      'end median ms': quantile(ends, 0.5),
      'most turns the noise begins': Math.max(...falsely),
    });
    expect(share).toBeGreaterThanOrEqual(0.85);
    expect(quantile(ends, 0.5)).toBeLessThanOrEqual(650);
    // noise that is switched on is a sound like any other, until it stays
    expect(Math.max(...falsely)).toBeLessThanOrEqual(1);
  });

  afterAll(async () => {
    console.table(table);
    await scorers?.close();
  });
});
