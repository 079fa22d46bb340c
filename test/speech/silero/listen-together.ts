import {
  createScorers,
  type ScorerKind,
  type Scorers,
  type ScorersLog,
  SpeechDetector,
  type SpeechDetectorOptions,
  type SpeechReport,
} from '../../../src/speech/index.ts';
import { SimulatedClock } from '../../../src/time/index.ts';

const chunkSamples = 256;

/** A log for tests in which nothing may go wrong. */
export const quietLog: ScorersLog = {
  info: () => undefined,
  warn: (fields, event) => {
    throw new Error(`${event} ${JSON.stringify(fields)}`);
  },
  error: (fields, event) => {
    throw new Error(`${event} ${JSON.stringify(fields)}`);
  },
};

/** Silero's scorers in simulated time. */
export function simulatedScorers(kind: ScorerKind = 'silero'): Promise<Scorers> {
  return createScorers({ kind, clock: new SimulatedClock(), log: quietLog, isSynchronous: true });
}

/** A call that insists on Silero, with the agent file's other defaults. */
export const settings = { kind: 'silero', thresholdDb: 8, speechProbability: 0.15 } as const;

/** All reports on calls that are heard side by side, as one process hears them. */
export function listenTogether(
  scorers: Scorers,
  streams: readonly Int16Array[],
  options: Partial<SpeechDetectorOptions> = {},
  prepare: (detector: SpeechDetector) => void = () => undefined,
): SpeechReport[][] {
  const heard = streams.map((): SpeechReport[] => []);
  const detectors = heard.map((reports) => {
    const report = (one: SpeechReport): void => void reports.push(one);
    return new SpeechDetector({
      scorer: scorers.scorerFor({ ...settings, kind: scorers.kind }),
      ...options,
      report,
    });
  });
  for (const detector of detectors) prepare(detector);
  const longest = Math.max(...streams.map(({ length }) => length));
  for (let at = 0; at < longest; at += chunkSamples) {
    for (const [i, detector] of detectors.entries()) {
      const chunk = streams[i]?.subarray(at, at + chunkSamples);
      if (chunk && chunk.length > 0) detector.push(chunk);
      else detector.finish();
    }
  }
  for (const detector of detectors) detector.finish();
  return heard;
}
