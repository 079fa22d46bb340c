export { EchoGate, echoStepMs } from './echo-gate.ts';
export { EnergyScorer } from './energy-scorer.ts';
export { defaultSpeechPolicy, type SpeechPolicy } from './policy.ts';
export type { SpeechReport } from './report.ts';
export { type ScoreListener, type SpeechScorer, speechRateHz } from './scorer.ts';
export { SpeechDetector, type SpeechDetectorOptions } from './speech-detector.ts';
