export { type CallerClip, callers, loadCaller } from './callers/index.ts';
export { AUDIBLE_DBOV } from './exotel/audible-runs.ts';
export type { CallIdentity } from './exotel/call-identity.ts';
export type { CallerEvent } from './exotel/caller-events.ts';
export type { AgentSpeech, AgentWaitOptions, CallerWaits } from './exotel/caller-waits.ts';
export { type Dial, type DialOptions, dialWebSocket } from './exotel/dial.ts';
export {
  type DialogueOutcome,
  type DialogueStep,
  runDialogue,
  type StepOutcome,
} from './exotel/dialogue.ts';
export type { DuplicateReport } from './exotel/duplicate-connection.ts';
export type { ReceivedMedia, Underrun } from './exotel/ear.ts';
export type { CloseReport } from './exotel/line.ts';
export { passthruFields } from './exotel/passthru.ts';
export { docsProfile, type ExotelProfile, liveProfile } from './exotel/profile.ts';
export type { CallTrack } from './exotel/sample-track.ts';
export { type CallerState, SimulatedCaller, type SimulatedCallerOptions } from './exotel/simulated-caller.ts';
export type { SpeechClip } from './exotel/speech-clip.ts';
export type { Violation, ViolationKind } from './exotel/violations.ts';
export type { SayOptions, Utterance } from './exotel/voice.ts';
export { CallerWaitError, type UntilOptions } from './exotel/watch.ts';
export type { Course, RestFault } from './exotel-rest/course.ts';
export {
  type ExotelRestOptions,
  type RestRequest,
  SimulatedExotelRest,
} from './exotel-rest/simulated-exotel-rest.ts';
export {
  bakeryScript,
  defaultPace,
  type FaultRule,
  faultFromKey,
  faultNames,
  type GeminiEvent,
  type GeminiFault,
  type GeminiListener,
  type GeminiRequest,
  type GeminiScript,
  type ListeningGemini,
  type ListenOptions,
  type Moment,
  type ObservedReply,
  type ObservedToolAnswer,
  type ObservedTurn,
  type Pace,
  type ReceivedFrame,
  type Reply,
  type ScriptedToolCall,
  type SentFrame,
  type Session as GeminiSession,
  type SessionObservation,
  type Setup as GeminiSetup,
  SimulatedGemini,
  type SimulatedGeminiOptions,
  type Stall,
  spoken,
  type TextAnswer,
  type TextRequest,
  type TextScript,
  type Turn,
  type VoiceSamples,
} from './gemini/index.ts';
export {
  audiblePart,
  delaysBetween,
  findAudio,
  type HeardReply,
  heardReply,
  median,
  type ReachedClip,
  reachedClip,
} from './measure/index.ts';
export {
  type BarResult,
  type CallFigures,
  dialogueSteps,
  faultsOf,
  loadScenario,
  loadScenarios,
  makeStreet,
  measureCall,
  type RehearsedCall,
  type Scenario,
  type ScenarioClip,
  ScenarioError,
  type ScenarioSummary,
  scenarioClips,
  scriptOf,
  shippedScenarios,
  summarise,
} from './scenario/index.ts';
export { loadVoice, type VoiceName, voices } from './voices/index.ts';
