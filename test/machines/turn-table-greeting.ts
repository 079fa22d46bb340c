import {
  allHeard,
  allHeardInSpeech,
  allSpeech,
  bargeInFromBefore,
  caughtSpeaking,
  deadlinesBut,
  dryOrNot,
  forOthers,
  ofNoReplyNorTool,
  quiet,
  type Rows,
  replyFloor,
  silent,
  wantsTheRest,
} from './turn-words.ts';

const greeted = 'turn.floor agent greeting';

/** The agent speaks first. */
export const greetingRows: Rows<
  | 'greeting.awaited.undisturbed'
  | 'greeting.awaited.disturbed'
  | 'greeting.protected.undisturbed'
  | 'greeting.protected.disturbed'
  | 'greeting.protected.insisted'
> = {
  'greeting.awaited.undisturbed': {
    deadlines: ['nudge', 'newSession', 'apology'],
    tags: ['modelOwesReply'],
    on: {
      'speech.started': ['greeting.awaited.disturbed'],
      'speech.resumed': ['greeting.awaited.disturbed'],
      // its audio has begun to come: the nudge is waited for anew
      'playout.primed': ['greeting.awaited.undisturbed'],
      'playout.started': ['greeting.protected.undisturbed', greeted],
      'gemini.generationComplete': ['greeting.awaited.undisturbed', 'playout.finish'],
      'gemini.interrupted': ['greeting.awaited.undisturbed', 'playout.finish'],
      'gemini.ready': ['greeting.awaited.undisturbed', 'gemini.greet'],
      'deadline.nudge': ['greeting.awaited.undisturbed', 'gemini.greet'],
      'deadline.newSession': ['greeting.awaited.undisturbed', 'gemini.renew'],
      'deadline.apology': silent,
    },
    stays: [
      ...forOthers,
      ...ofNoReplyNorTool,
      ...dryOrNot,
      'speech.sustained',
      'speech.paused',
      'speech.ended',
      'playout.flushed',
      'playout.drained',
      ...deadlinesBut('deadline.nudge', 'deadline.newSession', 'deadline.apology'),
    ],
  },

  'greeting.awaited.disturbed': {
    deadlines: ['nudge', 'newSession', 'apology'],
    tags: ['modelOwesReply'],
    on: {
      'speech.sustained': [
        'listening.callerSpeaking',
        'gemini.cancelReply',
        'playout.flush',
        'gemini.startCallerTurn (remembered onset)',
        'turn.floor caller speech',
      ],
      'speech.paused': ['greeting.awaited.undisturbed'],
      'speech.ended': ['greeting.awaited.undisturbed'],
      'playout.primed': ['greeting.awaited.disturbed'],
      'playout.started': ['greeting.protected.disturbed', greeted],
      'gemini.generationComplete': ['greeting.awaited.disturbed', 'playout.finish'],
      'gemini.interrupted': ['greeting.awaited.disturbed', 'playout.finish'],
      'gemini.ready': ['greeting.awaited.disturbed', 'gemini.greet'],
      'deadline.nudge': ['greeting.awaited.disturbed', 'gemini.greet'],
      'deadline.newSession': ['greeting.awaited.disturbed', 'gemini.renew'],
      'deadline.apology': silent,
    },
    stays: [
      ...forOthers,
      ...ofNoReplyNorTool,
      ...dryOrNot,
      'speech.started',
      'speech.resumed',
      'playout.flushed',
      'playout.drained',
      ...deadlinesBut('deadline.nudge', 'deadline.newSession', 'deadline.apology'),
    ],
  },

  'greeting.protected.undisturbed': {
    deadlines: ['greetingProtection'],
    tags: ['agentAudible'],
    on: {
      'speech.started': ['greeting.protected.disturbed'],
      'speech.resumed': ['greeting.protected.disturbed'],
      'playout.underran': ['modelSpeaking.stalled'],
      'playout.drained': quiet,
      'gemini.generationComplete': ['greeting.protected.undisturbed', 'playout.finish'],
      'gemini.replyTorn': ['greeting.protected.undisturbed', 'playout.finishAtGap'],
      'tool.started': ['greeting.protected.undisturbed', 'playout.finish'],
      'gemini.interrupted': ['greeting.protected.undisturbed', 'playout.finish'],
      'deadline.greetingProtection': ['modelSpeaking.speaking', replyFloor],
    },
    unless: [...allHeard, wantsTheRest('greeting.protected.undisturbed')],
    stays: [
      ...forOthers,
      'tool.finished',
      'speech.sustained',
      'speech.paused',
      'speech.ended',
      'playout.primed',
      'playout.started',
      'playout.refilled',
      'playout.flushed',
      'gemini.ready',
      ...deadlinesBut('deadline.greetingProtection'),
    ],
  },

  'greeting.protected.disturbed': {
    deadlines: ['greetingProtection'],
    tags: ['agentAudible'],
    on: {
      'speech.sustained': ['greeting.protected.insisted'],
      'speech.paused': ['greeting.protected.undisturbed'],
      'speech.ended': ['greeting.protected.undisturbed'],
      // a short "hello?" into a gap of the greeting must not cost the caller the rest of it
      'playout.underran': ['modelSpeaking.stalled'],
      'playout.drained': caughtSpeaking,
      'gemini.generationComplete': ['greeting.protected.disturbed', 'playout.finish'],
      'gemini.replyTorn': ['greeting.protected.disturbed', 'playout.finishAtGap'],
      'tool.started': ['greeting.protected.disturbed', 'playout.finish'],
      'gemini.interrupted': ['greeting.protected.disturbed', 'playout.finish'],
      'deadline.greetingProtection': ['modelSpeaking.yielding', 'playout.hold'],
    },
    unless: [...allHeardInSpeech, wantsTheRest('greeting.protected.disturbed')],
    stays: [
      ...forOthers,
      'tool.finished',
      'speech.started',
      'speech.resumed',
      'playout.primed',
      'playout.started',
      'playout.refilled',
      'playout.flushed',
      'gemini.ready',
      ...deadlinesBut('deadline.greetingProtection'),
    ],
  },

  'greeting.protected.insisted': {
    deadlines: ['greetingProtection'],
    tags: ['agentAudible'],
    on: {
      'speech.paused': ['greeting.protected.undisturbed'],
      'speech.ended': ['greeting.protected.undisturbed'],
      // the agent has fallen silent and the caller has not
      'playout.underran': bargeInFromBefore,
      'playout.drained': caughtSpeaking,
      'gemini.generationComplete': ['greeting.protected.insisted', 'playout.finish'],
      'gemini.replyTorn': ['greeting.protected.insisted', 'playout.finishAtGap'],
      'tool.started': ['greeting.protected.insisted', 'playout.finish'],
      'gemini.interrupted': ['greeting.protected.insisted', 'playout.finish'],
      'deadline.greetingProtection': bargeInFromBefore,
    },
    unless: [...allHeardInSpeech, wantsTheRest('greeting.protected.insisted')],
    stays: [
      ...forOthers,
      'tool.finished',
      'speech.started',
      'speech.sustained',
      'speech.resumed',
      'playout.primed',
      'playout.started',
      'playout.refilled',
      'playout.flushed',
      'gemini.ready',
      ...deadlinesBut('deadline.greetingProtection'),
    ],
  },
};

/** The call has left the conversation to apologise. */
export const silentRows: Rows<'modelSilent'> = {
  modelSilent: {
    deadlines: [],
    tags: [],
    on: {},
    stays: [
      ...forOthers,
      ...ofNoReplyNorTool,
      ...allSpeech,
      ...dryOrNot,
      'playout.primed',
      'playout.started',
      'playout.flushed',
      'playout.drained',
      'gemini.ready',
      'gemini.generationComplete',
      'gemini.interrupted',
      ...deadlinesBut(),
    ],
  },
};
