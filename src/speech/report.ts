/**
 * What the detector says happened:
 * `scoreRose` first frame of speech after silence · `scoreFell` it did not become an onset · `onset` speech began ·
 * `sustained` it lasts (once an onset) · `paused` a short silence · `resumed` speech again after it · `ended` the
 * utterance is over (exactly once an onset).
 */
export type SpeechReportType =
  | 'scoreRose'
  | 'scoreFell'
  | 'onset'
  | 'sustained'
  | 'paused'
  | 'resumed'
  | 'ended';

/** Why an utterance is over: silence, its longest length, or the end of the stream. */
export type EndReason = 'silence' | 'longest' | 'stream';

interface Moment {
  /** Samples of the stream that were known when this was decided. */
  readonly atSample: number;
  /** Where the utterance began: its first frame of speech, less a small safety. */
  readonly onsetSample: number;
  /** Speech since then, gaps shorter than a pause included. */
  readonly speechMs: number;
  /** Silence since the last speech. */
  readonly silenceMs: number;
}

/** A change in the caller's speech; a few an utterance. */
export type SpeechReport =
  | (Moment & { readonly type: Exclude<SpeechReportType, 'ended'> })
  | (Moment & { readonly type: 'ended'; readonly reason: EndReason });
