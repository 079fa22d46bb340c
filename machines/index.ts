export {
  type CallEvent,
  type CallInput,
  type CallOutcome,
  type CallOutput,
  callMachine,
} from './call.machine.ts';
export type {
  ExotelCommand,
  ExotelReport,
  Failure,
  Floor,
  FloorNotice,
  GeminiCommand,
  GeminiReport,
  KeyAction,
  KeypadAsk,
  KeypadCommand,
  KeypadReport,
  PlayoutCommand,
  PlayoutReport,
  PromptTopic,
  SpeechCommand,
  SpeechReport,
  ToolReport,
  TurnReport,
} from './events.ts';
export {
  type ExotelLinkInput,
  type ExotelWireCommand,
  type ExotelWireReport,
  exotelLinkMachine,
} from './exotel-link.machine.ts';
export {
  type GeminiLinkInput,
  type GeminiWireCommand,
  type GeminiWireReport,
  geminiLinkMachine,
  type LinkIncident,
} from './gemini-link.machine.ts';
export { type KeypadInput, keypadMachine } from './keypad.machine.ts';
export { type ParkingEnd, type ParkingEvent, type ParkingInput, parkingMachine } from './parking.machine.ts';
export { playoutMachine, type SchedulerCommand, type SchedulerReport } from './playout.machine.ts';
export { type DetectorReport, speechDetectorMachine } from './speech-detector.machine.ts';
export {
  type ToolCallInput,
  type ToolCallOutcome,
  type ToolWorkReport,
  toolCallMachine,
} from './tool-call.machine.ts';
export { type ToolDeskCommand, type ToolDeskReport, toolsMachine } from './tools.machine.ts';
export { type TurnEvent, type TurnInput, type TurnPolicy, turnMachine } from './turn.machine.ts';
