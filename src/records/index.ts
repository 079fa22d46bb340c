export { CallAccount } from './call-account.ts';
export {
  type CallOpening,
  type CallRecord,
  callJsonSchema,
  callRecordSchema,
  type JournalEntry,
} from './call-record.ts';
export { CallRecorder, type CallRecorderOptions, type RecordOutcome } from './call-recorder.ts';
export { finishCutOff } from './finish-cut-off.ts';
export { processMark } from './process-mark.ts';
export type { RecordFiles } from './record-files.ts';
export { redactDeep, redactor } from './redact.ts';
export { StereoRecording } from './stereo-recording.ts';
