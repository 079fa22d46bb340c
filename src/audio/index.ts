export { AudioError, type AudioErrorCode } from './errors.ts';
export { levelDbov, peakOf, SILENCE_DBOV } from './level.ts';
export {
  concatPcm16,
  encodePcm16Base64,
  Pcm16Base64Decoder,
  padPcm16,
  pcm16FromBytes,
  pcm16ToBytes,
} from './pcm16.ts';
export { createResampler, type Resampler, type SampleRateHz } from './resampler.ts';
export { buildWav, parseWav, readWavFile, type Wav, type WavFormat, wavChannel } from './wav.ts';
export { repairWav } from './wav-repair.ts';
export {
  createWavWriter,
  type WavFile,
  type WavLayout,
  type WavWriter,
  type WavWriterOptions,
} from './wav-writer.ts';
