import type { TurnEvent } from '../../machines/index.ts';

/** Every event that the turn chart can be told. */
export type TurnEventType = TurnEvent['type'];

/** A deadline of the turn policy, by the name of its delay. */
export type DeadlineName =
  | 'greetingProtection'
  | 'verdict'
  | 'tailAnswer'
  | 'longestCallerTurn'
  | 'overdue'
  | 'nudge'
  | 'newSession'
  | 'apology'
  | 'lastAnswer'
  | 'phrase'
  | 'longestTool';

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
  | 'pressing.callerSpeaking'
  | 'pressing.quiet'
  | 'working.quiet'
  | 'working.disturbed'
  | 'modelSilent'
  | 'modelSpeaking.priming'
  | 'modelSpeaking.speaking'
  | 'modelSpeaking.stalled'
  | 'modelSpeaking.yielding'
  | 'draining.playingOut'
  | 'draining.yielding'
  | 'draining.answered.pausing'
  | 'draining.answered.over'
  | 'bargeIn'
  | 'overruled';

/** What an event leads to: the next state, then what the call is told, in order. */
export type Reaction = readonly [to: TurnState, ...told: readonly string[]];

/** What has happened before, where it changes what an event leads to. */
export type Circumstance =
  | 'the reply is torn'
  | 'a tool runs'
  | 'more is owed'
  | 'a reply has stalled'
  | 'replies have stalled'
  | 'turns were left unanswered';

/** What events lead to in a circumstance. */
export type Exception = readonly [Circumstance, Readonly<Partial<Record<TurnEventType, Reaction>>>];

/** What is expected of one state. */
export interface Row {
  readonly deadlines: readonly DeadlineName[];
  readonly tags: readonly string[];
  readonly on: Readonly<Partial<Record<TurnEventType, Reaction>>>;
  /** What some of these lead to instead; the first that holds. */
  readonly unless?: readonly Exception[];
  /** Events that change nothing and of which the call is told nothing. */
  readonly stays: readonly TurnEventType[];
}

/** Some rows of the table. */
export type Rows<TState extends TurnState> = Readonly<Record<TState, Row>>;

// what the call is told; the onset of a caller's turn is that of the event itself, or one remembered from before
export const turnFromHere = 'gemini.startCallerTurn (this onset)';
export const turnFromBefore = 'gemini.startCallerTurn (remembered onset)';
export const endOfTurn = 'gemini.endCallerTurn';
/** A caller who was reported as sustained before is not reported again unless asked about. */
export const sustainedStill = 'speech.repeatSustained';
export const callerFloor = 'turn.floor caller speech';
const quietFloor = 'turn.floor nobody quiet';
export const owedFloor = 'turn.floor nobody awaitingReply';
export const workingFloor = 'turn.floor nobody toolRunning';
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

/** Somebody owes an answer from now on; what the call is told before that is `told`. */
export const owedAfter = (...told: readonly string[]): Reaction => [
  'awaitingReply.patient',
  ...told,
  owedFloor,
];
export const owed: Reaction = owedAfter(endOfTurn);
/** The same, when it is the tool that keeps the model. */
export const workingAfter = (...told: readonly string[]): Reaction => [
  'working.quiet',
  ...told,
  workingFloor,
];
/** The same, when the model has left too many turns unanswered. */
export const renewingAfter = (...told: readonly string[]): Reaction => [
  'awaitingReply.renewing.quiet',
  ...told,
  'gemini.renew',
  owedFloor,
];
const each = (events: readonly TurnEventType[], reaction: Reaction): Exception[1] =>
  Object.fromEntries(events.map((event) => [event, reaction]));
/** An answer is owed after any of `events`, of which the call is told `told`. */
export const whoOwes = (
  events: readonly TurnEventType[],
  ...told: readonly string[]
): readonly [Exception, Exception] => [
  ['a tool runs', each(events, workingAfter(...told))],
  ['turns were left unanswered', each(events, renewingAfter(...told))],
];
/** The caller has heard all there is, and nobody speaks. */
export const allHeard: readonly Exception[] = [
  ['a tool runs', { 'playout.drained': workingAfter() }],
  ['the reply is torn', { 'playout.drained': owedAfter('gemini.goOn') }],
  ['more is owed', { 'playout.drained': owedAfter() }],
];
/** The rest of a torn reply is asked for at once: it plays behind what there is. */
export const wantsTheRest = (in_: TurnState): Exception => [
  'the reply is torn',
  { 'gemini.ready': [in_, 'gemini.goOn'] },
];
/** The caller has heard all there is, and speaks: that would cancel a tool. */
export const allHeardInSpeech: readonly Exception[] = [
  ['a tool runs', { 'playout.drained': ['working.disturbed', workingFloor] }],
];
export const caughtSpeaking: Reaction = ['listening.callerSpeaking', turnFromBefore, callerFloor];
export const silent: Reaction = ['modelSilent', 'turn.modelSilent gemini.silent'];

/** Nobody in the turn cares: the call deals with these, or they are bookkeeping. */
export const forOthers = ['gemini.turnComplete', 'gemini.lost', 'gemini.failed'] as const;
/** Nothing of a reply that is heard is torn, and a tool is only remembered. */
export const ofNoReplyNorTool = ['gemini.replyTorn', 'tool.started', 'tool.finished'] as const;
/** A tool is only remembered. */
export const ofTools = ['tool.started', 'tool.finished'] as const;
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
  'deadline.tailAnswer',
  'deadline.callerTurn',
  'deadline.overdue',
  'deadline.nudge',
  'deadline.newSession',
  'deadline.apology',
  'deadline.lastAnswer',
  'deadline.phrase',
  'deadline.tool',
] as const;

/** The deadlines that a state has not started, or does not wait for. */
export function deadlinesBut(
  ...own: readonly (typeof allDeadlines)[number][]
): readonly (typeof allDeadlines)[number][] {
  return allDeadlines.filter((type) => !own.includes(type));
}
