import {
  allHeard,
  allHeardInSpeech,
  bargeInFromBefore,
  bargeInFromHere,
  callerFloor,
  caughtSpeaking,
  deadlinesBut,
  dryOrNot,
  endOfTurn,
  forOthers,
  ofNoReplyNorTool,
  ofTools,
  overruled,
  owed,
  owedAfter,
  owedFloor,
  quiet,
  type Reaction,
  type Row,
  type Rows,
  rejected,
  replyFloor,
  silent,
  turnFromBefore,
  turnFromHere,
  wantsTheRest,
  whoOwes,
  workingAfter,
  workingFloor,
} from './turn-words.ts';

const holds: Reaction = ['modelSpeaking.yielding', 'playout.hold'];
const drains: Reaction = ['draining.playingOut', 'playout.finish'];
const resumes: Reaction = ['modelSpeaking.speaking', 'playout.release', rejected, replyFloor];
const resumesTail = (word: 'pausing' | 'over'): Reaction => [
  `draining.answered.${word}`,
  'playout.release',
  rejected,
];
const tears: Reaction = ['draining.playingOut', 'playout.finishAtGap'];
const holdsTail: Reaction = ['draining.yielding', 'playout.hold'];
/** A word came over the end of the reply: an answer, if there is hardly more to hear. */
const answered = (word: 'pausing' | 'over', on: Row['on'], stays: Row['stays']): Row => ({
  deadlines: ['tailAnswer'],
  tags: ['agentAudible'],
  on: {
    'speech.started': holdsTail,
    'speech.resumed': holdsTail,
    'playout.underran': ['modelSpeaking.stalled'],
    'gemini.generationComplete': [`draining.answered.${word}`, 'playout.finish'],
    'gemini.replyTorn': [`draining.answered.${word}`, 'playout.finishAtGap'],
    'gemini.interrupted': overruled,
    'deadline.tailAnswer': ['draining.playingOut'],
    ...on,
  },
  unless: [
    [
      'a tool runs',
      { 'playout.drained': word === 'pausing' ? ['working.disturbed', workingFloor] : workingAfter() },
    ],
    wantsTheRest(`draining.answered.${word}`),
  ],
  stays: [
    ...forOthers,
    ...ofTools,
    'speech.sustained',
    'speech.paused',
    'playout.primed',
    'playout.started',
    'playout.refilled',
    'playout.flushed',
    'gemini.ready',
    ...deadlinesBut('deadline.tailAnswer'),
    ...stays,
  ],
});

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
      // a blip is no part of an answer
      'gemini.replyTorn': owedAfter('playout.flush'),
      'tool.started': ['modelSpeaking.priming', 'playout.finish'],
      // rather a part of the answer than none
      'deadline.apology': ['modelSpeaking.priming', 'playout.finish'],
    },
    // what was torn before is forgotten with the first of the next reply
    unless: [
      ...allHeard.filter(([when]) => when !== 'the reply is torn'),
      ...whoOwes(['gemini.replyTorn'], 'playout.flush'),
    ],
    stays: [
      ...forOthers,
      'tool.finished',
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
      'gemini.replyTorn': tears,
      'tool.started': drains,
    },
    unless: allHeard,
    stays: [
      ...forOthers,
      'tool.finished',
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
      'gemini.replyTorn': owedAfter('playout.flush', 'gemini.goOn'),
      'tool.started': drains,
      'deadline.nudge': ['awaitingReply.nudged.quiet', 'playout.flush', 'gemini.nudge', owedFloor],
    },
    unless: [
      ...allHeard,
      ['a tool runs', { 'gemini.replyTorn': workingAfter('playout.flush', 'gemini.goOn') }],
      // the apology drops what is left of the reply
      ['replies have stalled', { 'deadline.nudge': silent }],
      [
        'a reply has stalled',
        { 'deadline.nudge': ['awaitingReply.renewing.quiet', 'playout.flush', 'gemini.renew', owedFloor] },
      ],
    ],
    stays: [
      ...forOthers,
      'tool.finished',
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
      'gemini.replyTorn': ['draining.yielding', 'playout.finishAtGap'],
      'tool.started': ['draining.yielding', 'playout.finish'],
      'gemini.interrupted': bargeInFromBefore,
      'deadline.verdict': bargeInFromBefore,
    },
    unless: allHeardInSpeech,
    stays: [
      ...forOthers,
      'tool.finished',
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
export const drainingRows: Rows<
  'draining.playingOut' | 'draining.yielding' | 'draining.answered.pausing' | 'draining.answered.over'
> = {
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
      // the model had gone on
      'gemini.replyTorn': ['draining.playingOut', 'playout.finishAtGap'],
    },
    unless: [...allHeard, wantsTheRest('draining.playingOut')],
    stays: [
      ...forOthers,
      ...ofTools,
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
      'speech.paused': resumesTail('pausing'),
      'speech.ended': resumesTail('over'),
      'playout.drained': caughtSpeaking,
      'gemini.generationComplete': ['draining.yielding', 'playout.finish'],
      'gemini.replyTorn': ['draining.yielding', 'playout.finishAtGap'],
      'gemini.interrupted': bargeInFromBefore,
      'deadline.verdict': bargeInFromBefore,
    },
    unless: [...allHeardInSpeech, wantsTheRest('draining.yielding')],
    stays: [
      ...forOthers,
      ...ofTools,
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

  'draining.answered.pausing': answered(
    'pausing',
    { 'speech.ended': ['draining.answered.over'], 'playout.drained': caughtSpeaking },
    [],
  ),

  'draining.answered.over': answered('over', { 'playout.drained': owedAfter(turnFromBefore, endOfTurn) }, [
    'speech.ended',
  ]),
};

const heardAgain: Reaction = ['listening.callerSpeaking', turnFromHere, callerFloor];
const owedAnew = owedAfter();

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
    unless: whoOwes(['speech.ended'], endOfTurn),
    stays: [
      ...forOthers,
      ...ofNoReplyNorTool,
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
    unless: whoOwes(['playout.flushed', 'deadline.verdict']),
    stays: [
      ...forOthers,
      ...ofNoReplyNorTool,
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
