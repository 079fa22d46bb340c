import {
  callerFloor,
  deadlinesBut,
  dryOrNot,
  type Exception,
  endOfTurn,
  forOthers,
  ofNoGeneration,
  ofNoReply,
  ofNoReplyNorTool,
  owed,
  owedAfter,
  type Reaction,
  type Rows,
  renewingAfter,
  silent,
  sustainedStill,
  turnFromBefore,
  turnFromHere,
  whoOwes,
  workingAfter,
} from './turn-words.ts';

const begins: Reaction = ['listening.callerSpeaking', turnFromHere, callerFloor];
/** Whoever goes on had not finished: the answer to half a question is not wanted. */
const goesOn: Reaction = ['listening.callerSpeaking', 'gemini.cancelReply', turnFromHere, callerFloor];
const asksAgain = (to: Reaction[0]): Reaction => [to, 'gemini.cancelReply', turnFromHere];
const replyBegins: Reaction = ['modelSpeaking.priming'];
const replyCutsIn: Reaction = ['modelSpeaking.priming', endOfTurn, sustainedStill];
const toolBegins: Reaction = workingAfter();
/** A tool has been waited for, and the model still says nothing. */
const stillNothing: readonly Exception[] = [
  ['turns were left unanswered', { 'tool.finished': renewingAfter(), 'deadline.tool': renewingAfter() }],
];

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
      'tool.started': toolBegins,
    },
    stays: [
      ...forOthers,
      'gemini.replyTorn',
      'tool.finished',
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
    unless: whoOwes(['speech.ended', 'deadline.callerTurn'], endOfTurn),
    stays: [
      ...forOthers,
      ...ofNoReplyNorTool,
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
    deadlines: ['overdue', 'nudge', 'newSession', 'apology'],
    tags: ['modelOwesReply'],
    on: {
      'speech.started': goesOn,
      'speech.sustained': goesOn,
      'speech.resumed': goesOn,
      'playout.primed': replyBegins,
      'tool.started': toolBegins,
      'gemini.ready': ['awaitingReply.patient', 'gemini.nudge'],
      // who asks again from now on is counted
      'deadline.overdue': ['awaitingReply.patient'],
      'deadline.nudge': ['awaitingReply.nudged.quiet', 'gemini.nudge'],
      'deadline.apology': silent,
    },
    stays: [
      ...forOthers,
      'gemini.replyTorn',
      'tool.finished',
      ...dryOrNot,
      ...ofNoReply,
      ...ofNoGeneration,
      'speech.paused',
      'speech.ended',
      ...deadlinesBut('deadline.overdue', 'deadline.nudge', 'deadline.apology'),
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
      'tool.started': toolBegins,
      'gemini.ready': ['awaitingReply.nudged.quiet', 'gemini.nudge'],
      'deadline.newSession': ['awaitingReply.renewing.quiet', 'gemini.renew'],
      'deadline.apology': silent,
    },
    stays: [
      ...forOthers,
      'gemini.replyTorn',
      'tool.finished',
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
      ...ofNoReplyNorTool,
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
      'tool.started': toolBegins,
      'gemini.ready': ['awaitingReply.renewing.quiet', 'gemini.nudge'],
      'deadline.apology': silent,
    },
    stays: [
      ...forOthers,
      'gemini.replyTorn',
      'tool.finished',
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
      // nobody apologises into a caller's sentence
      'deadline.apology': ['pressing.callerSpeaking'],
    },
    stays: [
      ...forOthers,
      ...ofNoReplyNorTool,
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

/** The apology is due and the caller speaks. */
export const pressingRows: Rows<'pressing.callerSpeaking' | 'pressing.quiet'> = {
  'pressing.callerSpeaking': {
    deadlines: ['longestCallerTurn'],
    tags: ['modelOwesReply', 'callerSpeaking'],
    on: {
      'speech.ended': ['pressing.quiet', endOfTurn],
      'deadline.callerTurn': ['pressing.quiet', endOfTurn],
      'playout.primed': replyCutsIn,
    },
    stays: [
      ...forOthers,
      ...ofNoReplyNorTool,
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

  'pressing.quiet': {
    deadlines: ['lastAnswer'],
    tags: ['modelOwesReply'],
    on: {
      'playout.primed': ['modelSpeaking.priming', sustainedStill],
      'gemini.ready': ['pressing.quiet', 'gemini.nudge'],
      'tool.started': toolBegins,
      'deadline.lastAnswer': silent,
    },
    stays: [
      ...forOthers,
      'gemini.replyTorn',
      'tool.finished',
      ...dryOrNot,
      ...ofNoReply,
      ...ofNoGeneration,
      // the end is near, whatever is said
      'speech.started',
      'speech.sustained',
      'speech.paused',
      'speech.resumed',
      'speech.ended',
      ...deadlinesBut('deadline.lastAnswer'),
    ],
  },
};

/** The model waits for a tool. */
export const workingRows: Rows<'working.quiet' | 'working.disturbed'> = {
  'working.quiet': {
    deadlines: ['phrase', 'longestTool'],
    tags: ['modelOwesReply'],
    on: {
      'speech.started': ['working.disturbed'],
      'speech.resumed': ['working.disturbed'],
      'playout.primed': replyBegins,
      'tool.finished': owedAfter(),
      'deadline.tool': owedAfter(),
      'deadline.phrase': ['working.quiet', 'playout.fill'],
    },
    unless: stillNothing,
    stays: [
      ...forOthers,
      'gemini.replyTorn',
      'tool.started',
      ...dryOrNot,
      ...ofNoReply,
      ...ofNoGeneration,
      'speech.sustained',
      'speech.paused',
      'speech.ended',
      // the answer of the tool is what a new connection waits for
      'gemini.ready',
      ...deadlinesBut('deadline.phrase', 'deadline.tool'),
    ],
  },

  'working.disturbed': {
    deadlines: ['phrase', 'longestTool'],
    tags: ['modelOwesReply'],
    on: {
      'speech.paused': ['working.quiet'],
      'speech.ended': ['working.quiet'],
      'speech.sustained': ['listening.callerSpeaking', 'gemini.cancelReply', turnFromBefore, callerFloor],
      'playout.primed': ['modelSpeaking.yielding', 'playout.hold'],
      'tool.finished': owedAfter(),
      'deadline.tool': owedAfter(),
      'deadline.phrase': ['working.disturbed', 'playout.fill'],
    },
    unless: stillNothing,
    stays: [
      ...forOthers,
      'gemini.replyTorn',
      'tool.started',
      ...dryOrNot,
      ...ofNoReply,
      ...ofNoGeneration,
      'speech.started',
      'speech.resumed',
      'gemini.ready',
      ...deadlinesBut('deadline.phrase', 'deadline.tool'),
    ],
  },
};
