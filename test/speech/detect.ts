import {
  EnergyScorer,
  SpeechDetector,
  type SpeechDetectorOptions,
  type SpeechReport,
} from '../../src/speech/index.ts';

/** All reports on audio that arrives in chunks of 20 ms, detected by energy unless told otherwise. */
export function detect(pcm: Int16Array, options: Partial<SpeechDetectorOptions> = {}): SpeechReport[] {
  const reports: SpeechReport[] = [];
  const detector = new SpeechDetector({
    scorer: new EnergyScorer(),
    report: (report) => reports.push(report),
    ...options,
  });
  for (let at = 0; at < pcm.length; at += 160) detector.push(pcm.subarray(at, at + 160));
  detector.finish();
  return reports;
}

/** The reports of one type. */
export function only(type: SpeechReport['type'], reports: readonly SpeechReport[]): SpeechReport[] {
  return reports.filter((report) => report.type === type);
}

/** A position in samples as milliseconds. */
export function toMs(samples: number): number {
  return samples / 8;
}

/** The value below which `share` of the values lie. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
