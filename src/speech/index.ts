export { EchoGate, echoStepMs } from './echo-gate.ts';
export { EnergyScorer } from './energy-scorer.ts';
export { defaultSpeechPolicy, type SpeechPolicy } from './policy.ts';
export type { SpeechReport } from './report.ts';
export { type ScoreListener, type SpeechScorer, speechRateHz } from './scorer.ts';
export {
  type CallScorerSettings,
  createScorers,
  kindForAll,
  type ScorerCounts,
  type ScorerKind,
  type Scorers,
  type ScorersLog,
  type ScorersOptions,
  SileroUnavailable,
} from './scorers.ts';
export type { Inference } from './silero/inference.ts';
export { WorkerInference } from './silero/worker-inference.ts';
export { SpeechDetector, type SpeechDetectorOptions } from './speech-detector.ts';
