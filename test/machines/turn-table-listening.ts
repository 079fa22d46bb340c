import {
  callerFloor,
  deadlinesBut,
  dryOrNot,
  endOfTurn,
  forOthers,
  ofNoGeneration,
  ofNoReply,
  owed,
  type Reaction,
  type Rows,
  silent,
  turnFromHere,
} from './turn-words.ts';

const begins: Reaction = ['listening.callerSpeaking', turnFromHere, callerFloor];
/** Whoever goes on had not finished: the answer to half a question is not wanted. */
const goesOn: Reaction = ['listening.callerSpeaking', 'gemini.cancelReply', turnFromHere, callerFloor];
const asksAgain = (to: Reaction[0]): Reaction => [to, 'gemini.cancelReply', turnFromHere];
const replyBegins: Reaction = ['modelSpeaking.priming'];
const replyCutsIn: Reaction = ['modelSpeaking.priming', endOfTurn];

/** The floor is the caller's. */
export const listeningRows: Rows<'listening.quiet' | 'listening.callerSpeaking'> = {
  'listening.quiet': {
    deadlines: [],
    tags: [],
    on: {
      'speech.started': begins,
      'speech.sustained': begins,
      'speech.resumed': begins,
      'playout.primed': replyBegins,
    },
    stays: [
      ...forOthers,
      ...dryOrNot,
      ...ofNoReply,
      ...ofNoGeneration,
      'speech.paused',
      'speech.ended',
      'gemini.ready',
      ...deadlinesBut(),
    ],
  },

  'listening.callerSpeaking': {
    deadlines: ['longestCallerTurn'],
    tags: ['callerSpeaking'],
    on: {
      'speech.ended': owed,
      'deadline.callerTurn': owed,
      'playout.primed': replyCutsIn,
    },
    stays: [
      ...forOthers,
      ...dryOrNot,
      ...ofNoReply,
      ...ofNoGeneration,
      'speech.started',
      'speech.sustained',
      'speech.paused',
      'speech.resumed',
      'gemini.ready',
      ...deadlinesBut('deadline.callerTurn'),
    ],
  },
};

/** The model owes an answer: never dead air. */
export const awaitingRows: Rows<
  | 'awaitingReply.patient'
  | 'awaitingReply.nudged.quiet'
  | 'awaitingReply.nudged.callerSpeaking'
  | 'awaitingReply.renewing.quiet'
  | 'awaitingReply.renewing.callerSpeaking'
> = {
  'awaitingReply.patient': {
    deadlines: ['nudge', 'newSession', 'apology'],
    tags: ['modelOwesReply'],
    on: {
      'speech.started': goesOn,
      'speech.sustained': goesOn,
      'speech.resumed': goesOn,
      'playout.primed': replyBegins,
      'gemini.ready': ['awaitingReply.patient', 'gemini.nudge'],
      'deadline.nudge': ['awaitingReply.nudged.quiet', 'gemini.nudge'],
      'deadline.apology': silent,
    },
    stays: [
      ...forOthers,
      ...dryOrNot,
      ...ofNoReply,
      ...ofNoGeneration,
      'speech.paused',
      'speech.ended',
      ...deadlinesBut('deadline.nudge', 'deadline.apology'),
    ],
  },

  'awaitingReply.nudged.quiet': {
    deadlines: ['nudge', 'newSession', 'apology'],
    tags: ['modelOwesReply'],
    on: {
      'speech.started': asksAgain('awaitingReply.nudged.callerSpeaking'),
      'speech.sustained': asksAgain('awaitingReply.nudged.callerSpeaking'),
      'speech.resumed': asksAgain('awaitingReply.nudged.callerSpeaking'),
      'playout.primed': replyBegins,
      'gemini.ready': ['awaitingReply.nudged.quiet', 'gemini.nudge'],
      'deadline.newSession': ['awaitingReply.renewing.quiet', 'gemini.renew'],
      'deadline.apology': silent,
    },
    stays: [
      ...forOthers,
      ...dryOrNot,
      ...ofNoReply,
      ...ofNoGeneration,
      'speech.paused',
      'speech.ended',
      ...deadlinesBut('deadline.newSession', 'deadline.apology'),
    ],
  },

  'awaitingReply.nudged.callerSpeaking': {
    deadlines: ['nudge', 'newSession', 'apology'],
    tags: ['modelOwesReply', 'callerSpeaking'],
    on: {
      'speech.ended': ['awaitingReply.nudged.quiet', endOfTurn],
      'playout.primed': replyCutsIn,
      'deadline.newSession': ['awaitingReply.renewing.callerSpeaking', 'gemini.renew'],
      'deadline.apology': silent,
    },
    stays: [
      ...forOthers,
      ...dryOrNot,
      ...ofNoReply,
      ...ofNoGeneration,
      'speech.started',
      'speech.sustained',
      'speech.paused',
      'speech.resumed',
      // a reminder into an open turn would be answered in the middle of it
      'gemini.ready',
      ...deadlinesBut('deadline.newSession', 'deadline.apology'),
    ],
  },

  'awaitingReply.renewing.quiet': {
    deadlines: ['nudge', 'newSession', 'apology'],
    tags: ['modelOwesReply'],
    on: {
      'speech.started': asksAgain('awaitingReply.renewing.callerSpeaking'),
      'speech.sustained': asksAgain('awaitingReply.renewing.callerSpeaking'),
      'speech.resumed': asksAgain('awaitingReply.renewing.callerSpeaking'),
      'playout.primed': replyBegins,
      'gemini.ready': ['awaitingReply.renewing.quiet', 'gemini.nudge'],
      'deadline.apology': silent,
    },
    stays: [
      ...forOthers,
      ...dryOrNot,
      ...ofNoReply,
      ...ofNoGeneration,
      'speech.paused',
      'speech.ended',
      ...deadlinesBut('deadline.apology'),
    ],
  },

  'awaitingReply.renewing.callerSpeaking': {
    deadlines: ['nudge', 'newSession', 'apology'],
    tags: ['modelOwesReply', 'callerSpeaking'],
    on: {
      'speech.ended': ['awaitingReply.renewing.quiet', endOfTurn],
      'playout.primed': replyCutsIn,
      // nobody apologises into a caller's sentence: the deadline begins again
      'deadline.apology': ['awaitingReply.renewing.callerSpeaking'],
    },
    stays: [
      ...forOthers,
      ...dryOrNot,
      ...ofNoReply,
      ...ofNoGeneration,
      'speech.started',
      'speech.sustained',
      'speech.paused',
      'speech.resumed',
      'gemini.ready',
      ...deadlinesBut('deadline.apology'),
    ],
  },
};
