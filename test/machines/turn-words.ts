import type { TurnEvent } from '../../machines/index.ts';

/** Every event that the turn chart can be told. */
export type TurnEventType = TurnEvent['type'];

/** A deadline of the turn policy, by the name of its delay. */
export type DeadlineName =
  | 'greetingProtection'
  | 'verdict'
  | 'longestCallerTurn'
  | 'nudge'
  | 'newSession'
  | 'apology';

/** The states a turn can rest in. */
export type TurnState =
  | 'greeting.awaited.undisturbed'
  | 'greeting.awaited.disturbed'
  | 'greeting.protected.undisturbed'
  | 'greeting.protected.disturbed'
  | 'greeting.protected.insisted'
  | 'listening.quiet'
  | 'listening.callerSpeaking'
  | 'awaitingReply.patient'
  | 'awaitingReply.nudged.quiet'
  | 'awaitingReply.nudged.callerSpeaking'
  | 'awaitingReply.renewing.quiet'
  | 'awaitingReply.renewing.callerSpeaking'
  | 'modelSilent'
  | 'modelSpeaking.priming'
  | 'modelSpeaking.speaking'
  | 'modelSpeaking.stalled'
  | 'modelSpeaking.yielding'
  | 'draining.playingOut'
  | 'draining.yielding'
  | 'bargeIn'
  | 'overruled';

/** What an event leads to: the next state, then what the call is told, in order. */
export type Reaction = readonly [to: TurnState, ...told: readonly string[]];

/** What is expected of one state. */
export interface Row {
  readonly deadlines: readonly DeadlineName[];
  readonly tags: readonly string[];
  readonly on: Readonly<Partial<Record<TurnEventType, Reaction>>>;
  /** What one of these leads to the second time, the third, and from then on, with no whole reply between. */
  readonly again?: Readonly<Partial<Record<TurnEventType, readonly Reaction[]>>>;
  /** Events that change nothing and of which the call is told nothing. */
  readonly stays: readonly TurnEventType[];
}

/** Some rows of the table. */
export type Rows<TState extends TurnState> = Readonly<Record<TState, Row>>;

// what the call is told; the onset of a caller's turn is that of the event itself, or one remembered from before
export const turnFromHere = 'gemini.startCallerTurn (this onset)';
const turnFromBefore = 'gemini.startCallerTurn (remembered onset)';
export const endOfTurn = 'gemini.endCallerTurn';
export const callerFloor = 'turn.floor caller speech';
const quietFloor = 'turn.floor nobody quiet';
export const owedFloor = 'turn.floor nobody awaitingReply';
export const replyFloor = 'turn.floor agent reply';
export const rejected = 'turn.verdict rejected';
const confirmed = 'turn.verdict confirmed';

/** The caller interrupts: the reply is cancelled and dropped before the caller's turn begins. */
const bargeIn = (turn: string): Reaction => [
  'bargeIn',
  confirmed,
  'gemini.cancelReply',
  'playout.flush',
  turn,
];
export const bargeInFromBefore = bargeIn(turnFromBefore);
export const bargeInFromHere = bargeIn(turnFromHere);
export const overruled: Reaction = ['overruled', 'gemini.cancelReply', 'playout.flush'];
export const quiet: Reaction = ['listening.quiet', quietFloor];
export const owed: Reaction = ['awaitingReply.patient', endOfTurn, owedFloor];
export const caughtSpeaking: Reaction = ['listening.callerSpeaking', turnFromBefore, callerFloor];
export const silent: Reaction = ['modelSilent', 'turn.modelSilent gemini.silent'];

/** Nobody in the turn cares: the call deals with these, or they are bookkeeping. */
export const forOthers = ['gemini.turnComplete', 'gemini.lost', 'gemini.failed', 'gemini.replyTorn'] as const;
/** The caller is heard by the model already, or nobody can be. */
export const allSpeech = [
  'speech.started',
  'speech.sustained',
  'speech.paused',
  'speech.resumed',
  'speech.ended',
] as const;
/** A queue that runs dry matters only while a reply plays. */
export const dryOrNot = ['playout.underran', 'playout.refilled'] as const;
/** No reply is under way that these could be about. */
export const ofNoReply = ['playout.started', 'playout.flushed', 'playout.drained'] as const;
/** No reply is being generated, or nobody waits for its end. */
export const ofNoGeneration = ['gemini.generationComplete', 'gemini.interrupted'] as const;

const allDeadlines = [
  'deadline.greetingProtection',
  'deadline.verdict',
  'deadline.callerTurn',
  'deadline.nudge',
  'deadline.newSession',
  'deadline.apology',
] as const;

/** The deadlines that a state has not started, or does not wait for. */
export function deadlinesBut(
  ...own: readonly (typeof allDeadlines)[number][]
): readonly (typeof allDeadlines)[number][] {
  return allDeadlines.filter((type) => !own.includes(type));
}
