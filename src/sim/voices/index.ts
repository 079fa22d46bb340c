export { loadVoice, toVoiceRate } from './load-voice.ts';
export { type VoiceName, voices } from './voices.ts';
