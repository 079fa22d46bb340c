export { CallRecorder, type CallRecorderOptions, type RecordFiles } from './call-recorder.ts';
export { StereoRecording } from './stereo-recording.ts';
