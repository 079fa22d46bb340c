/** Why something ended badly, in words that can be logged: no key, no number, no audio. */
export interface Failure {
  /** A stable code of the error catalogue, such as `gemini.setup-timeout`. */
  readonly code: string;
  readonly message: string;
}

/** What the caller's line told us at the start of the stream; numbers are personal data and stay in the ports. */
export interface StreamStarted {
  readonly type: 'exotel.started';
  readonly sampleRateHz: number;
}

/** Reports of the Exotel link to the call. */
export type ExotelReport =
  | StreamStarted
  | { readonly type: 'exotel.digit'; readonly digit: string }
  | { readonly type: 'exotel.hungUp' }
  | { readonly type: 'exotel.failed'; readonly failure: Failure }
  | { readonly type: 'exotel.closed'; readonly code: number };

/** Commands of the call to the Exotel link. */
export interface ExotelCommand {
  readonly type: 'exotel.close';
}

/** Reports of the Gemini link to the call. */
export type GeminiReport =
  | { readonly type: 'gemini.ready'; readonly resumed: boolean }
  | { readonly type: 'gemini.generationComplete' }
  | { readonly type: 'gemini.interrupted' }
  | { readonly type: 'gemini.turnComplete' }
  | { readonly type: 'gemini.lost' }
  /** The connection went away in the middle of a reply: no more of it comes. */
  | { readonly type: 'gemini.replyTorn' }
  | { readonly type: 'gemini.failed'; readonly failure: Failure };

/** Commands of the call and its turn to the Gemini link. */
export type GeminiCommand =
  | { readonly type: 'gemini.greet' }
  | { readonly type: 'gemini.startCallerTurn'; readonly onsetSample: number }
  | { readonly type: 'gemini.endCallerTurn' }
  | { readonly type: 'gemini.cancelReply' }
  | { readonly type: 'gemini.nudge' }
  /** The connection was lost in the middle of a reply: tells how far it was heard and asks for the rest. */
  | { readonly type: 'gemini.goOn' }
  | { readonly type: 'gemini.renew' }
  | { readonly type: 'gemini.prompt'; readonly about: PromptTopic }
  /** Asks the model to say this very sentence. */
  | { readonly type: 'gemini.say'; readonly sentence: string }
  /** What the caller has entered on the keypad, and what the model is to do about it. */
  | { readonly type: 'gemini.keys'; readonly digits: string; readonly meaning: 'tell' | KeyAction };

/** Tells the Gemini link whether nobody speaks and nobody waits for an answer: a moment at which a session can be left. */
export type FloorNotice = { readonly type: 'floor.free' } | { readonly type: 'floor.taken' };

/** What the model is asked to speak about when the caller has not asked anything. */
export type PromptTopic =
  | 'callerSilent'
  | 'callerStillSilent'
  | 'timeAlmostUp'
  | 'goodbye'
  | 'serviceEnds'
  | 'transfer';

/** Reports of the speech detector; positions are samples of the caller's stream at 8 kHz. */
export type SpeechReport =
  | { readonly type: 'speech.started'; readonly onsetSample: number }
  | { readonly type: 'speech.sustained'; readonly onsetSample: number }
  | { readonly type: 'speech.paused' }
  | { readonly type: 'speech.resumed'; readonly onsetSample: number }
  | { readonly type: 'speech.ended' };

/** Commands to the speech detector. */
export type SpeechCommand =
  | { readonly type: 'speech.agentAudible' }
  | { readonly type: 'speech.agentSilent' }
  /** Asks for the onset again when the caller has been speaking since before anyone listened. */
  | { readonly type: 'speech.repeat' }
  /** Asks to be told again of a caller who has kept talking, and still does. */
  | { readonly type: 'speech.repeatSustained' };

/** Reports of the playout scheduler. */
export type PlayoutReport =
  | { readonly type: 'playout.primed' }
  | { readonly type: 'playout.started' }
  | { readonly type: 'playout.underran' }
  | { readonly type: 'playout.refilled' }
  | { readonly type: 'playout.flushed' }
  | { readonly type: 'playout.drained' };

/** Commands to the playout scheduler. */
export type PlayoutCommand =
  | { readonly type: 'playout.hold' }
  | { readonly type: 'playout.release' }
  | { readonly type: 'playout.finish' }
  /** No more of this reply comes and its end is torn: plays to the last word gap. */
  | { readonly type: 'playout.finishAtGap' }
  /** Plays the phrase for a caller who waits while a tool runs. */
  | { readonly type: 'playout.fill' }
  | { readonly type: 'playout.flush' }
  | { readonly type: 'playout.apologise' };

/** Who may speak, as the caller hears it. */
export type Floor = 'agent' | 'caller' | 'nobody';

/** Reports of the turn to the call. */
export type TurnReport =
  | { readonly type: 'turn.floor'; readonly floor: Floor; readonly because: string }
  | { readonly type: 'turn.verdict'; readonly verdict: 'confirmed' | 'rejected' }
  | { readonly type: 'turn.modelSilent'; readonly failure: Failure };

/** Reports of the tools to the call: whether any that the model waits for is running. */
export type ToolReport =
  | { readonly type: 'tool.started'; readonly phraseAfterMs?: number | undefined }
  | { readonly type: 'tool.finished' };

/** What a key does that is pressed alone: passes the call on, ends it, or asks the agent to say it again. */
export type KeyAction = 'transfer' | 'end' | 'repeat';

/** A number that somebody waits for, such as a one-time password. */
export interface KeypadAsk {
  /** So many digits complete it. */
  readonly digits: number;
  /** The key that completes it sooner; empty: none does. */
  readonly terminator: string;
  /** Longest wait for the first key, and for each further one, ms. */
  readonly timeoutMs: number;
}

/** What the keypad is told. */
export type KeypadCommand =
  | Extract<ExotelReport, { type: 'exotel.digit' }>
  | Extract<TurnReport, { type: 'turn.floor' }>
  | { readonly type: 'keypad.ask'; readonly ask: KeypadAsk }
  | { readonly type: 'keypad.withdraw' };

/** Reports of the keypad to the call; digits are personal data. */
export type KeypadReport =
  /** The caller presses keys and wants to be heard. */
  | { readonly type: 'keypad.began' }
  | { readonly type: 'keypad.entered'; readonly digits: string; readonly meaning: 'tell' | KeyAction }
  | {
      readonly type: 'keypad.answered';
      readonly digits: string;
      readonly because: 'complete' | 'terminator' | 'timeout' | 'withdrawn';
    };
