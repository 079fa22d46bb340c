export { CallAccount } from './call-account.ts';
export {
  type CallOpening,
  type CallRecord,
  callJsonSchema,
  callRecordSchema,
  type JournalEntry,
  journalEntrySchema,
} from './call-record.ts';
export { CallRecorder, type CallRecorderOptions, type RecordOutcome } from './call-recorder.ts';
export { DiskThread } from './disk-thread/disk-thread.ts';
export { type RecordStep, replaceRecord } from './due-steps.ts';
export { forgetNumber } from './forget-number.ts';
export { isGone, processMark } from './process-mark.ts';
export type { RecordFiles } from './record-files.ts';
export { RecordKeeper, type RecordWork } from './record-keeper.ts';
export { type Redact, redactDeep, redactor } from './redact.ts';
export { openText, readSealKeys, type SealKeys, sealText } from './seal/index.ts';
export { StereoRecording } from './stereo-recording.ts';
export { FolderStore } from './store/joined-store.ts';
export { openStore } from './store/open-store.ts';
export type {
  ByteRange,
  Fact,
  FoundCall,
  OpenedFile,
  RecordFileName,
  RecordIndex,
  RecordPage,
  RecordQuery,
  RecordStore,
  StoredCall,
  StoredFiles,
} from './store/record-store.ts';
export { recordFileNames } from './store/record-store.ts';
export { readCompleteCall, readTranscript, type TranscriptEntry } from './store/stored-call.ts';
