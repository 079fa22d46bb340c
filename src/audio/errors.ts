/** What can go wrong with audio; stable, for logs and tests. */
export type AudioErrorCode =
  | 'AUDIO_ODD_LENGTH'
  | 'AUDIO_BAD_BASE64'
  | 'AUDIO_TOO_LONG'
  | 'AUDIO_BAD_MULTIPLE'
  | 'AUDIO_BAD_RATE'
  | 'AUDIO_BAD_WAV'
  | 'AUDIO_RESAMPLER_DISPOSED'
  | 'AUDIO_RESAMPLER_FAILED'
  | 'AUDIO_WRITER_BEHIND'
  | 'AUDIO_WRITER_CLOSED'
  | 'AUDIO_WRITER_FAILED'
  | 'AUDIO_BAD_FRAME';

/** An audio failure with a stable code; its message says what was expected and what came. */
export class AudioError extends Error {
  override readonly name = 'AudioError';
  readonly code: AudioErrorCode;

  constructor(code: AudioErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
