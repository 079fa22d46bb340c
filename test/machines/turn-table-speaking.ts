import {
  bargeInFromBefore,
  bargeInFromHere,
  callerFloor,
  caughtSpeaking,
  deadlinesBut,
  dryOrNot,
  forOthers,
  overruled,
  owed,
  owedFloor,
  quiet,
  type Reaction,
  type Rows,
  rejected,
  replyFloor,
  silent,
  turnFromHere,
} from './turn-words.ts';

const holds: Reaction = ['modelSpeaking.yielding', 'playout.hold'];
const drains: Reaction = ['draining.playingOut', 'playout.finish'];
const resumes: Reaction = ['modelSpeaking.speaking', 'playout.release', rejected, replyFloor];
const resumesTail: Reaction = ['draining.playingOut', 'playout.release', rejected];
const holdsTail: Reaction = ['draining.yielding', 'playout.hold'];

/** A reply that is being generated. */
export const speakingRows: Rows<
  'modelSpeaking.priming' | 'modelSpeaking.speaking' | 'modelSpeaking.stalled' | 'modelSpeaking.yielding'
> = {
  'modelSpeaking.priming': {
    deadlines: ['apology'],
    tags: ['modelOwesReply'],
    on: {
      'speech.started': holds,
      'speech.resumed': holds,
      'speech.sustained': bargeInFromHere,
      'playout.started': ['modelSpeaking.speaking', replyFloor],
      'playout.drained': quiet,
      'gemini.generationComplete': ['modelSpeaking.priming', 'playout.finish'],
      'gemini.interrupted': overruled,
      // rather a part of the answer than none
      'deadline.apology': ['modelSpeaking.priming', 'playout.finish'],
    },
    stays: [
      ...forOthers,
      ...dryOrNot,
      'speech.paused',
      'speech.ended',
      'playout.primed',
      'playout.flushed',
      'gemini.ready',
      ...deadlinesBut('deadline.apology'),
    ],
  },

  'modelSpeaking.speaking': {
    deadlines: [],
    tags: ['agentAudible'],
    on: {
      'speech.started': holds,
      'speech.resumed': holds,
      'speech.sustained': bargeInFromHere,
      'playout.underran': ['modelSpeaking.stalled'],
      'playout.drained': quiet,
      'gemini.generationComplete': drains,
      'gemini.interrupted': overruled,
    },
    stays: [
      ...forOthers,
      'speech.paused',
      'speech.ended',
      'playout.primed',
      'playout.started',
      'playout.refilled',
      'playout.flushed',
      'gemini.ready',
      ...deadlinesBut(),
    ],
  },

  'modelSpeaking.stalled': {
    deadlines: ['nudge'],
    tags: ['modelOwesReply'],
    on: {
      // nobody is heard: there is nothing to hold, and whoever speaks has the floor
      'speech.started': bargeInFromHere,
      'speech.resumed': bargeInFromHere,
      'speech.sustained': bargeInFromHere,
      'playout.refilled': ['modelSpeaking.speaking', replyFloor],
      'playout.drained': quiet,
      'gemini.generationComplete': drains,
      'gemini.interrupted': overruled,
      'deadline.nudge': ['awaitingReply.nudged.quiet', 'playout.flush', 'gemini.nudge', owedFloor],
    },
    again: {
      'deadline.nudge': [
        ['awaitingReply.renewing.quiet', 'playout.flush', 'gemini.renew', owedFloor],
        // the apology drops what is left of the reply
        silent,
      ],
    },
    stays: [
      ...forOthers,
      'speech.paused',
      'speech.ended',
      'playout.primed',
      'playout.started',
      'playout.underran',
      'playout.flushed',
      'gemini.ready',
      ...deadlinesBut('deadline.nudge'),
    ],
  },

  'modelSpeaking.yielding': {
    deadlines: ['verdict'],
    tags: ['agentAudible', 'verdictPending'],
    on: {
      'speech.sustained': bargeInFromBefore,
      'speech.paused': resumes,
      'speech.ended': resumes,
      'playout.drained': caughtSpeaking,
      'gemini.generationComplete': ['draining.yielding', 'playout.finish'],
      'gemini.interrupted': bargeInFromBefore,
      'deadline.verdict': bargeInFromBefore,
    },
    stays: [
      ...forOthers,
      ...dryOrNot,
      'speech.started',
      'speech.resumed',
      'playout.primed',
      'playout.started',
      'playout.flushed',
      'gemini.ready',
      ...deadlinesBut('deadline.verdict'),
    ],
  },
};

/** A reply that is generated and not heard to its end yet. */
export const drainingRows: Rows<'draining.playingOut' | 'draining.yielding'> = {
  'draining.playingOut': {
    deadlines: [],
    tags: ['agentAudible'],
    on: {
      'speech.started': holdsTail,
      'speech.resumed': holdsTail,
      'speech.sustained': bargeInFromHere,
      // the model went on, and then stopped again
      'playout.underran': ['modelSpeaking.stalled'],
      'playout.drained': quiet,
      'gemini.generationComplete': ['draining.playingOut', 'playout.finish'],
      'gemini.interrupted': overruled,
    },
    stays: [
      ...forOthers,
      'speech.paused',
      'speech.ended',
      'playout.primed',
      'playout.started',
      'playout.refilled',
      'playout.flushed',
      'gemini.ready',
      ...deadlinesBut(),
    ],
  },

  'draining.yielding': {
    deadlines: ['verdict'],
    tags: ['agentAudible', 'verdictPending'],
    on: {
      'speech.sustained': bargeInFromBefore,
      'speech.paused': resumesTail,
      'speech.ended': resumesTail,
      'playout.drained': caughtSpeaking,
      'gemini.generationComplete': ['draining.yielding', 'playout.finish'],
      'gemini.interrupted': bargeInFromBefore,
      'deadline.verdict': bargeInFromBefore,
    },
    stays: [
      ...forOthers,
      ...dryOrNot,
      'speech.started',
      'speech.resumed',
      'playout.primed',
      'playout.started',
      'playout.flushed',
      'gemini.ready',
      ...deadlinesBut('deadline.verdict'),
    ],
  },
};

const heardAgain: Reaction = ['listening.callerSpeaking', turnFromHere, callerFloor];
const owedAnew: Reaction = ['awaitingReply.patient', owedFloor];

/** A reply that is being dropped. */
export const droppingRows: Rows<'bargeIn' | 'overruled'> = {
  bargeIn: {
    deadlines: ['verdict'],
    tags: ['callerSpeaking'],
    on: {
      'speech.ended': owed,
      'playout.flushed': ['listening.callerSpeaking', callerFloor],
      'deadline.verdict': ['listening.callerSpeaking', callerFloor],
    },
    stays: [
      ...forOthers,
      ...dryOrNot,
      'speech.started',
      'speech.sustained',
      'speech.paused',
      'speech.resumed',
      'playout.primed',
      'playout.started',
      'playout.drained',
      'gemini.ready',
      'gemini.generationComplete',
      'gemini.interrupted',
      ...deadlinesBut('deadline.verdict'),
    ],
  },

  // the model has heard a caller whom we have not: an answer is owed
  overruled: {
    deadlines: ['verdict'],
    tags: [],
    on: {
      'speech.started': heardAgain,
      'speech.sustained': heardAgain,
      'speech.resumed': heardAgain,
      'playout.flushed': owedAnew,
      'deadline.verdict': owedAnew,
    },
    stays: [
      ...forOthers,
      ...dryOrNot,
      'speech.paused',
      'speech.ended',
      'playout.primed',
      'playout.started',
      'playout.drained',
      'gemini.ready',
      'gemini.generationComplete',
      'gemini.interrupted',
      ...deadlinesBut('deadline.verdict'),
    ],
  },
};
