import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Scorers, SpeechReport } from '../../../src/speech/index.ts';
import { clipOf, loadUtterances, type Utterance } from '../../helpers/speech.ts';
import { only, quantile, toMs } from '../detect.ts';
import { hum, louder, mixed, silence, whiteNoise } from '../sounds.ts';
import { describeWithSilero } from './installed.ts';
import { listenTogether, simulatedScorers } from './listen-together.ts';

const padMs = 1500;

/** Bars: share of onsets within 150 ms of the strong start, at least; ends after the labelled end, ms. */
interface Condition {
  readonly name: string;
  readonly gainDb: number;
  readonly noise: (ms: number) => Int16Array;
  readonly leastShare: number;
  readonly endMedianMs: readonly [from: number, to: number];
}

const line = (ms: number): Int16Array => whiteNoise(ms, -62);
const conditions: Condition[] = [
  { name: 'clean line', gainDb: 0, noise: line, leastShare: 0.95, endMedianMs: [450, 560] },
  { name: 'quiet talker', gainDb: -12, noise: line, leastShare: 0.85, endMedianMs: [450, 560] },
  {
    name: 'white noise, 20 dB',
    gainDb: 0,
    noise: (ms) => whiteNoise(ms, -46),
    leastShare: 0.9,
    endMedianMs: [450, 560],
  },
  {
    name: 'white noise, 10 dB',
    gainDb: 0,
    noise: (ms) => whiteNoise(ms, -36),
    leastShare: 0.85,
    endMedianMs: [300, 560],
  },
  { name: 'hum, 20 dB', gainDb: 0, noise: (ms) => hum(ms, -46), leastShare: 0.9, endMedianMs: [450, 600] },
  { name: 'hum, 10 dB', gainDb: 0, noise: (ms) => hum(ms, -36), leastShare: 0.9, endMedianMs: [400, 600] },
];

function padded({ samples }: Utterance, { gainDb, noise }: Condition): Int16Array {
  const pcm = silence(Math.ceil(samples.length / 8) + 2 * padMs);
  pcm.set(louder(samples, gainDb), padMs * 8);
  return mixed(pcm, noise(pcm.length / 8));
}

function onsetsMs(heard: readonly SpeechReport[][], utterances: readonly Utterance[]): number[] {
  return heard.map((reports, i) => {
    const strongMs = padMs + (utterances[i]?.strongStartMs ?? 0);
    // a breath before the first word may be an utterance of its own
    const found = only('onset', reports).find(({ atSample }) => toMs(atSample) >= strongMs - 300);
    return (found ? toMs(found.atSample) : Number.POSITIVE_INFINITY) - strongMs;
  });
}

function endsMs(heard: readonly SpeechReport[][], utterances: readonly Utterance[]): number[] {
  return heard.map((reports, i) => {
    const last = only('ended', reports).at(-1);
    return toMs(last?.atSample ?? Number.POSITIVE_INFINITY) - padMs - (utterances[i]?.speechEndMs ?? 0);
  });
}

describeWithSilero('Silero finds recorded speech', () => {
  const utterances = loadUtterances();
  const table: Record<string, unknown>[] = [];
  let scorers: Record<'silero' | 'energy', Scorers>;

  beforeAll(async () => {
    scorers = { silero: await simulatedScorers(), energy: await simulatedScorers('energy') };
  });

  it.each(conditions)('$name', (condition) => {
    const streams = utterances.map((utterance) => padded(utterance, condition));
    for (const kind of ['energy', 'silero'] as const) {
      const heard = listenTogether(scorers[kind], streams);
      const onsets = onsetsMs(heard, utterances);
      const ends = endsMs(heard, utterances);
      const share = onsets.filter((ms) => ms <= 150).length / onsets.length;
      table.push({
        condition: condition.name,
        detector: kind,
        'onset median ms': quantile(onsets, 0.5),
        'onset p90 ms': quantile(onsets, 0.9),
        'within 150 ms': share.toFixed(2),
        'end median ms': quantile(ends, 0.5),
        'end p90 ms': quantile(ends, 0.9),
        utterances: heard.reduce((sum, reports) => sum + only('ended', reports).length, 0),
      });
      if (kind === 'energy') continue;
      const [from, to] = condition.endMedianMs;
      expect(share).toBeGreaterThanOrEqual(condition.leastShare);
      expect(quantile(ends, 0.5)).toBeGreaterThanOrEqual(from);
      expect(quantile(ends, 0.5)).toBeLessThanOrEqual(to);
    }
  });

  it.each([200, 300, 400, 500])('an answer of %i ms, whole', (answerMs) => {
    const leadMs = 1000;
    const streams = utterances.map((utterance) => {
      const pcm = mixed(silence(leadMs + answerMs + 1000), whiteNoise(leadMs + answerMs + 1000, -62));
      const { strongStartMs } = utterance;
      pcm.set(clipOf(utterance, strongStartMs, strongStartMs + answerMs), leadMs * 8);
      return pcm;
    });
    const row: Record<string, unknown> = { condition: `answer of ${answerMs} ms`, detector: 'silero' };
    const heard = listenTogether(scorers.silero, streams, {}, (detector) => detector.expectShortAnswer(true));
    const found = heard.filter((reports) => only('onset', reports).length === 1);
    const starts = found.map((reports) => toMs(only('onset', reports)[0]?.onsetSample ?? 0) - leadMs);
    const decided = found.map((reports) => toMs(only('onset', reports)[0]?.atSample ?? 0) - leadMs);
    const ends = found.map((reports) => toMs(only('ended', reports)[0]?.atSample ?? 0) - leadMs - answerMs);
    table.push({
      ...row,
      'onset median ms': quantile(decided, 0.5),
      'onset p90 ms': quantile(decided, 0.9),
      'begins p90 ms': quantile(starts, 0.9),
      'end median ms': quantile(ends, 0.5),
      'end p90 ms': quantile(ends, 0.9),
      utterances: found.length,
    });
    expect(found.length / heard.length).toBeGreaterThanOrEqual(0.95);
  });

  it('while the agent is audible, after two frames in a row', () => {
    const clean = conditions[0];
    const streams = clean ? utterances.map((utterance) => padded(utterance, clean)) : [];
    const heard = listenTogether(scorers.silero, streams, {}, (detector) => detector.setAgentAudible(true));
    const onsets = onsetsMs(heard, utterances);
    table.push({
      condition: 'agent audible',
      detector: 'silero',
      'onset median ms': quantile(onsets, 0.5),
      'onset p90 ms': quantile(onsets, 0.9),
      'within 150 ms': (onsets.filter((ms) => ms <= 150).length / onsets.length).toFixed(2),
    });
    expect(quantile(onsets, 0.5)).toBeLessThanOrEqual(100);
  });

  afterAll(async () => {
    console.table(table);
    for (const each of Object.values(scorers ?? {})) await each.close();
  });
});
