export { EchoGate, echoStepMs } from './echo-gate.ts';
export { EnergyScorer, type EnergyScorerOptions } from './energy-scorer.ts';
export { defaultSpeechPolicy, type SpeechPolicy } from './policy.ts';
export type { EndReason, SpeechReport, SpeechReportType } from './report.ts';
export { type ScoreListener, type SpeechScorer, speechRateHz } from './scorer.ts';
export { SpeechDetector, type SpeechDetectorOptions } from './speech-detector.ts';
export type { SpeechState } from './utterance-tracker.ts';
