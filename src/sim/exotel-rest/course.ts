/** What becomes of a call that the simulated Exotel has accepted; times are ms. */
export interface Course {
  /** `answered` dials the stream, when the call has one, and ends with it. */
  readonly outcome: 'answered' | 'busy' | 'no-answer' | 'failed';
  /** From accepted to answered, or to the end of a call that is not. */
  readonly ringMs: number;
  /** How long an answered call lasts whose stream nobody dials. */
  readonly talkMs: number;
}

/** What goes wrong with one request. */
export type RestFault =
  /** Answers so, and does nothing. */
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly retryAfterS?: number;
      readonly message?: string;
      readonly code?: number;
    }
  /** Never answers, and does nothing. */
  | { readonly kind: 'hang' }
  /** Does what it was asked for, and the connection drops before the answer. */
  | { readonly kind: 'loseAnswer' }
  /** Does what it was asked for, and answers something that is no JSON. */
  | { readonly kind: 'garbledAnswer' };

/** The course of a call for which none is given: answered after half a second, over after two. */
export const usualCourse: Course = { outcome: 'answered', ringMs: 500, talkMs: 2000 };
