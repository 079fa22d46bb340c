import { expect, it } from 'vitest';
import { EnergyScorer, SpeechDetector, type SpeechReport } from '../../src/speech/index.ts';
import { clipOf, loadUtterances } from '../helpers/speech.ts';
import { only, quantile, toMs } from './detect.ts';
import { mixed, silence, whiteNoise } from './sounds.ts';

const leadMs = 1000;
const utterances = loadUtterances();

/** The reports on the first `answerMs` of an utterance, cut off short, after a question. */
function answer(index: number, answerMs: number): SpeechReport[] {
  const utterance = utterances[index];
  if (!utterance) return [];
  const word = clipOf(utterance, utterance.strongStartMs, utterance.strongStartMs + answerMs);
  const pcm = mixed(silence(leadMs + answerMs + 1000), whiteNoise(leadMs + answerMs + 1000, -62));
  pcm.set(word, leadMs * 8);
  const reports: SpeechReport[] = [];
  const detector = new SpeechDetector({ scorer: new EnergyScorer(), report: (one) => reports.push(one) });
  detector.expectShortAnswer(true);
  detector.push(pcm);
  return reports;
}

it.each([200, 300, 400, 500])('finds answers of %i ms, whole, and ends them soon', (answerMs) => {
  const heard = utterances.map((_, i) => answer(i, answerMs));
  const found = heard.filter((reports) => only('onset', reports).length === 1);
  expect(found.length / heard.length).toBeGreaterThanOrEqual(0.95);

  const endsMs = found.map((reports) => toMs(only('ended', reports)[0]?.atSample ?? 0) - leadMs - answerMs);
  expect(quantile(endsMs, 0.5)).toBeLessThanOrEqual(360);
  expect(quantile(endsMs, 1)).toBeLessThanOrEqual(380);

  const clippedMs = found.map((reports) => toMs(only('onset', reports)[0]?.onsetSample ?? 0) - leadMs);
  expect(quantile(clippedMs, 0.5)).toBeLessThanOrEqual(0);
});
