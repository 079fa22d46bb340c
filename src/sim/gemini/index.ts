export type { GeminiRequest } from './admission.ts';
export type { Setup } from './client-messages.ts';
export { type FaultRule, faultFromKey, faultNames, type GeminiFault, type Moment } from './faults.ts';
export type { ListenOptions } from './http-listener.ts';
export type {
  GeminiEvent,
  GeminiListener,
  ObservedReply,
  ObservedToolAnswer,
  ObservedTurn,
  ReceivedFrame,
  SentFrame,
  SessionObservation,
} from './observation.ts';
export {
  bakeryScript,
  defaultPace,
  type GeminiScript,
  type Pace,
  type Reply,
  type ScriptedToolCall,
  type Stall,
  spoken,
  type Turn,
  type VoiceSamples,
} from './script.ts';
export type { Session } from './session.ts';
export { type ListeningGemini, SimulatedGemini, type SimulatedGeminiOptions } from './simulated-gemini.ts';
export type { TextAnswer, TextRequest, TextScript } from './text-answers.ts';
