export { loadVoice, toVoiceRate } from './load-voice.ts';
export { synthesise } from './synthesise.ts';
export { type VoiceName, voices } from './voices.ts';
