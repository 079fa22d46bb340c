/** A state that waits without a deadline of its own, and what bounds it all the same. */
export interface BoundedElsewhere {
  readonly state: string;
  readonly because: string;
}

/** States that are covered by a deadline somewhere else. */
export const boundedElsewhere: readonly BoundedElsewhere[] = [
  { state: 'call.live.arriving', because: 'the Exotel link reports a failure when no start message comes' },
  {
    state: 'call.live.answered.connecting',
    because: 'the Gemini link reports a failure when the first set-up takes too long',
  },
  { state: 'call.live.answered.conversing.turn', because: 'the turn chart holds its own deadlines' },
  {
    state: 'call.live.answered.conversing.patience.resting',
    because: 'whoever has the floor is bounded by the turn chart',
  },
  {
    state: 'call.live.answered.conversing.patience.muted',
    because: 'the limits of the call end it, however long somebody keeps the caller muted',
  },
  {
    state: 'call.live.closing.hangingUp',
    because: 'the Exotel link drops a peer that does not finish the closing handshake',
  },
  {
    state: 'call.live.answered.conversing.patience.asking',
    because: 'the agent’s sentence is finite, and a reply that stalls is bounded by the turn chart',
  },
  { state: 'turn.listening.quiet', because: 'the patience of the call asks a caller who says nothing' },
  {
    state: 'turn.modelSilent',
    because: 'the call leaves the conversation to apologise, and ends this chart',
  },
  {
    state: 'turn.modelSpeaking.priming',
    because: 'its deadline finishes the playout, which then starts with what it has',
  },
  {
    state: 'turn.modelSpeaking.speaking',
    because: 'the scheduler reports a queue that runs dry: the reply has stalled, which has a deadline',
  },
  {
    state: 'turn.draining.playingOut',
    because: 'playout was told to finish: its queue is finite and its last mark has a timed fallback',
  },
  { state: 'exotelLink.streaming', because: 'nothing is waited for; the call has a longest duration' },
  {
    state: 'geminiLink.ready.line',
    because: 'nothing is waited for: it passes on what comes',
  },
  { state: 'geminiLink.ready.proof.onProbation', because: 'nothing has been asked of the session' },
  { state: 'geminiLink.ready.proof.sound', because: 'nothing is waited for' },
  { state: 'call.live.answered.conversing.farewell.staying', because: 'nothing is waited for' },
  { state: 'call.live.answered.conversing.errand.nothing', because: 'nothing is waited for' },
  {
    state: 'keypad.waiting',
    because: 'the agent’s sentence is finite, and a reply that stalls is bounded by the turn chart',
  },
  {
    state: 'tools.free',
    because: 'nothing is waited for; each run that the model does not wait for has its deadline',
  },
  { state: 'tools.awaited', because: 'each run that the model waits for has a deadline in its own chart' },
  { state: 'speechDetector.silence', because: 'nothing is waited for' },
  { state: 'speechDetector.maybeSpeech', because: 'time is counted in samples by the detector' },
  {
    state: 'speechDetector.speech',
    because: 'the detector ends an utterance at a longest length, in samples',
  },
  { state: 'speechDetector.maybeSilence', because: 'the detector counts the silence, in samples' },
  { state: 'playout.idle', because: 'nothing is waited for' },
  {
    state: 'playout.priming',
    because: 'the turn chart finishes what has come when the prebuffer does not fill',
  },
  {
    state: 'playout.playing',
    because: 'the shared clock feeds what is queued, and the turn chart ends replies',
  },
  { state: 'playout.heldBack', because: 'the verdict of the turn chart has a deadline' },
  { state: 'playout.held', because: 'the verdict of the turn chart has a deadline' },
  { state: 'playout.heldAtEnd', because: 'the scheduler has a timed fallback for the last mark' },
  { state: 'playout.finishing', because: 'the scheduler has a timed fallback for the last mark' },
];
