import { afterAll, describe, expect, it } from 'vitest';
import type { SpeechReport } from '../../src/speech/index.ts';
import { loadUtterances, type Utterance } from '../helpers/speech.ts';
import { detect, only, quantile, toMs } from './detect.ts';
import { hum, louder, mixed, silence, whiteNoise } from './sounds.ts';

const padMs = 1500;
const withinMs = 150;

/** Bars: onsets within 150 ms of the strong start, at least; ends in ms after the labelled end, tenth to ninetieth percentile. */
interface Condition {
  readonly name: string;
  readonly gainDb: number;
  readonly noise: (ms: number) => Int16Array;
  readonly leastShare: number;
  readonly endsFromMs: number;
  readonly endsToMs: number;
}

const line = (ms: number): Int16Array => whiteNoise(ms, -62);
const conditions: Condition[] = [
  {
    name: 'white noise, 10 dB',
    gainDb: 0,
    noise: (ms) => whiteNoise(ms, -36),
    leastShare: 0.45,
    endsFromMs: -200,
    endsToMs: 550,
  },
  { name: 'clean line', gainDb: 0, noise: line, leastShare: 0.95, endsFromMs: 400, endsToMs: 650 },
  { name: 'quiet talker', gainDb: -12, noise: line, leastShare: 0.9, endsFromMs: 250, endsToMs: 650 },
  {
    name: 'white noise, 20 dB',
    gainDb: 0,
    noise: (ms) => whiteNoise(ms, -46),
    leastShare: 0.85,
    endsFromMs: 200,
    endsToMs: 600,
  },
  {
    name: 'hum, 20 dB',
    gainDb: 0,
    noise: (ms) => hum(ms, -46),
    leastShare: 0.9,
    endsFromMs: 250,
    endsToMs: 650,
  },
  {
    name: 'hum, 10 dB',
    gainDb: 0,
    noise: (ms) => hum(ms, -36),
    leastShare: 0.8,
    endsFromMs: 150,
    endsToMs: 600,
  },
];

interface Found {
  readonly onsetMs: number;
  readonly endMs: number;
  readonly reports: readonly SpeechReport[];
}

function listen({ samples, strongStartMs, speechEndMs }: Utterance, { gainDb, noise }: Condition): Found {
  const padded = new Int16Array(samples.length + 2 * silence(padMs).length);
  padded.set(louder(samples, gainDb), silence(padMs).length);
  const reports = detect(mixed(padded, noise(padded.length / 8)));
  return {
    onsetMs: toMs(only('onset', reports)[0]?.atSample ?? Number.POSITIVE_INFINITY) - padMs - strongStartMs,
    endMs: toMs(only('ended', reports).at(-1)?.atSample ?? Number.POSITIVE_INFINITY) - padMs - speechEndMs,
    reports,
  };
}

describe('energy over the floor finds recorded speech', () => {
  const utterances = loadUtterances();
  const table: Record<string, unknown>[] = [];

  it.each(conditions)('$name', (condition) => {
    const found = utterances.map((utterance) => listen(utterance, condition));
    const onsetsMs = found.map(({ onsetMs }) => onsetMs);
    const endsMs = found.map(({ endMs }) => endMs);
    const share = onsetsMs.filter((ms) => ms <= withinMs).length / found.length;
    table.push({
      condition: condition.name,
      utterances: found.length,
      'onset median ms': quantile(onsetsMs, 0.5),
      'onset p90 ms': quantile(onsetsMs, 0.9),
      'within 150 ms': share.toFixed(2),
      'end median ms': quantile(endsMs, 0.5),
      'end p90 ms': quantile(endsMs, 0.9),
    });
    expect(share).toBeGreaterThanOrEqual(condition.leastShare);
    expect(quantile(endsMs, 0.1)).toBeGreaterThanOrEqual(condition.endsFromMs);
    expect(quantile(endsMs, 0.9)).toBeLessThanOrEqual(condition.endsToMs);
    for (const { reports } of found) {
      expect(only('ended', reports)).toHaveLength(only('onset', reports).length);
      expect(reports).not.toContainEqual(expect.objectContaining({ reason: 'stream' }));
    }
  });

  it('a clean utterance without long pauses is one utterance, ended 350 to 700 ms after its last sound', () => {
    const clean = conditions.find(({ name }) => name === 'clean line');
    for (const utterance of utterances.filter(({ pausesMs }) => pausesMs.length === 0)) {
      const { reports, endMs } = clean ? listen(utterance, clean) : { reports: [], endMs: 0 };
      expect(only('onset', reports), utterance.file).toHaveLength(1);
      expect(endMs, utterance.file).toBeGreaterThan(350);
      expect(endMs, utterance.file).toBeLessThan(700);
    }
  });

  it('puts the onset at most 60 ms after the first audible sound on a clean line, and never long before it', () => {
    const clean = conditions.find(({ name }) => name === 'clean line');
    for (const utterance of utterances) {
      const { reports } = clean ? listen(utterance, clean) : { reports: [] };
      const onsetMs = toMs(only('onset', reports)[0]?.onsetSample ?? 0) - padMs - utterance.speechStartMs;
      expect(onsetMs, utterance.file).toBeLessThanOrEqual(60);
      expect(onsetMs, utterance.file).toBeGreaterThanOrEqual(-100);
    }
  });

  afterAll(() => console.table(table));
});
