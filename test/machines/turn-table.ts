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
  | 'greeting.awaited'
  | 'greeting.protected.undisturbed'
  | 'greeting.protected.disturbed'
  | 'greeting.protected.insisted'
  | 'listening.quiet'
  | 'listening.callerSpeaking'
  | 'awaitingReply.patient'
  | 'awaitingReply.nudged'
  | 'awaitingReply.renewing'
  | 'modelSilent'
  | 'modelSpeaking.priming'
  | 'modelSpeaking.speaking'
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
  /** Events that change nothing and of which the call is told nothing. */
  readonly stays: readonly TurnEventType[];
}

// what the call is told; the onset of a caller's turn is that of the event itself, or one remembered from before
const turnFromHere = 'gemini.startCallerTurn (this onset)';
const turnFromBefore = 'gemini.startCallerTurn (remembered onset)';
const endOfTurn = 'gemini.endCallerTurn';
const callerFloor = 'turn.floor caller speech';
const quietFloor = 'turn.floor nobody quiet';
const owedFloor = 'turn.floor nobody awaitingReply';
const replyFloor = 'turn.floor agent reply';
const confirmed = 'turn.verdict confirmed';
const rejected = 'turn.verdict rejected';

const bargeInFromBefore: Reaction = [
  'bargeIn',
  confirmed,
  'gemini.cancelReply',
  turnFromBefore,
  'playout.flush',
];
const bargeInFromHere: Reaction = ['bargeIn', confirmed, 'gemini.cancelReply', turnFromHere, 'playout.flush'];
const overruled: Reaction = ['overruled', 'gemini.cancelReply', 'playout.flush'];
const quiet: Reaction = ['listening.quiet', quietFloor];
const caughtSpeaking: Reaction = ['listening.callerSpeaking', turnFromBefore, callerFloor];
const silent: Reaction = ['modelSilent', 'turn.modelSilent'];

/** Nobody in the turn cares: the call deals with these, or they are bookkeeping. */
const forOthers = ['gemini.turnComplete', 'gemini.lost', 'gemini.failed', 'playout.underran'] as const;
const allSpeech = [
  'speech.started',
  'speech.sustained',
  'speech.paused',
  'speech.resumed',
  'speech.ended',
] as const;

/** How a turn begins, by whether the agent greets. */
export const beginnings: Readonly<Record<'agentGreets' | 'callerFirst', Reaction>> = {
  agentGreets: ['greeting.awaited', 'gemini.greet'],
  callerFirst: quiet,
};

/** What every event does in every state: written from the design, not from the chart. */
export const turnTable: Readonly<Record<TurnState, Row>> = {
  'greeting.awaited': {
    deadlines: ['nudge', 'newSession', 'apology'],
    tags: ['modelOwesReply'],
    on: {
      'playout.started': ['greeting.protected.undisturbed', 'turn.floor agent greeting'],
      'gemini.generationComplete': ['greeting.awaited', 'playout.finish'],
      'gemini.interrupted': ['greeting.awaited', 'playout.finish'],
      'gemini.ready': ['greeting.awaited', 'gemini.greet'],
      'deadline.nudge': ['greeting.awaited', 'gemini.greet'],
      'deadline.newSession': ['greeting.awaited', 'gemini.renew'],
      'deadline.apology': silent,
    },
    stays: [
      ...forOthers,
      ...allSpeech,
      'playout.primed',
      'playout.flushed',
      'playout.drained',
      'deadline.greetingProtection',
      'deadline.verdict',
      'deadline.callerTurn',
    ],
  },

  'greeting.protected.undisturbed': {
    deadlines: ['greetingProtection'],
    tags: ['agentAudible'],
    on: {
      'speech.started': ['greeting.protected.disturbed'],
      'speech.resumed': ['greeting.protected.disturbed'],
      'playout.drained': quiet,
      'gemini.generationComplete': ['greeting.protected.undisturbed', 'playout.finish'],
      'gemini.interrupted': ['greeting.protected.undisturbed', 'playout.finish'],
      'deadline.greetingProtection': ['modelSpeaking.speaking', replyFloor],
    },
    stays: [
      ...forOthers,
      'speech.sustained',
      'speech.paused',
      'speech.ended',
      'playout.primed',
      'playout.started',
      'playout.flushed',
      'gemini.ready',
      'deadline.verdict',
      'deadline.callerTurn',
      'deadline.nudge',
      'deadline.newSession',
      'deadline.apology',
    ],
  },

  'greeting.protected.disturbed': {
    deadlines: ['greetingProtection'],
    tags: ['agentAudible'],
    on: {
      'speech.sustained': ['greeting.protected.insisted'],
      'speech.paused': ['greeting.protected.undisturbed'],
      'speech.ended': ['greeting.protected.undisturbed'],
      'playout.drained': caughtSpeaking,
      'gemini.generationComplete': ['greeting.protected.disturbed', 'playout.finish'],
      'gemini.interrupted': ['greeting.protected.disturbed', 'playout.finish'],
      'deadline.greetingProtection': ['modelSpeaking.yielding', 'playout.hold'],
    },
    stays: [
      ...forOthers,
      'speech.started',
      'speech.resumed',
      'playout.primed',
      'playout.started',
      'playout.flushed',
      'gemini.ready',
      'deadline.verdict',
      'deadline.callerTurn',
      'deadline.nudge',
      'deadline.newSession',
      'deadline.apology',
    ],
  },

  'greeting.protected.insisted': {
    deadlines: ['greetingProtection'],
    tags: ['agentAudible'],
    on: {
      'speech.paused': ['greeting.protected.undisturbed'],
      'speech.ended': ['greeting.protected.undisturbed'],
      'playout.drained': caughtSpeaking,
      'gemini.generationComplete': ['greeting.protected.insisted', 'playout.finish'],
      'gemini.interrupted': ['greeting.protected.insisted', 'playout.finish'],
      'deadline.greetingProtection': bargeInFromBefore,
    },
    stays: [
      ...forOthers,
      'speech.started',
      'speech.sustained',
      'speech.resumed',
      'playout.primed',
      'playout.started',
      'playout.flushed',
      'gemini.ready',
      'deadline.verdict',
      'deadline.callerTurn',
      'deadline.nudge',
      'deadline.newSession',
      'deadline.apology',
    ],
  },

  'listening.quiet': {
    deadlines: [],
    tags: [],
    on: {
      'speech.started': ['listening.callerSpeaking', turnFromHere, callerFloor],
      'speech.resumed': ['listening.callerSpeaking', turnFromHere, callerFloor],
      'playout.primed': ['modelSpeaking.priming'],
    },
    stays: [
      ...forOthers,
      'speech.sustained',
      'speech.paused',
      'speech.ended',
      'playout.started',
      'playout.flushed',
      'playout.drained',
      'gemini.ready',
      'gemini.generationComplete',
      'gemini.interrupted',
      'deadline.greetingProtection',
      'deadline.verdict',
      'deadline.callerTurn',
      'deadline.nudge',
      'deadline.newSession',
      'deadline.apology',
    ],
  },

  'listening.callerSpeaking': {
    deadlines: ['longestCallerTurn'],
    tags: ['callerSpeaking'],
    on: {
      'speech.ended': ['awaitingReply.patient', endOfTurn, owedFloor],
      'deadline.callerTurn': ['awaitingReply.patient', endOfTurn, owedFloor],
      'playout.primed': ['modelSpeaking.priming', endOfTurn],
    },
    stays: [
      ...forOthers,
      'speech.started',
      'speech.sustained',
      'speech.paused',
      'speech.resumed',
      'playout.started',
      'playout.flushed',
      'playout.drained',
      'gemini.ready',
      'gemini.generationComplete',
      'gemini.interrupted',
      'deadline.greetingProtection',
      'deadline.verdict',
      'deadline.nudge',
      'deadline.newSession',
      'deadline.apology',
    ],
  },

  'awaitingReply.patient': {
    deadlines: ['nudge', 'newSession', 'apology'],
    tags: ['modelOwesReply'],
    on: {
      'speech.started': ['listening.callerSpeaking', 'gemini.cancelReply', turnFromHere, callerFloor],
      'playout.primed': ['modelSpeaking.priming'],
      'gemini.ready': ['awaitingReply.patient', 'gemini.nudge'],
      'deadline.nudge': ['awaitingReply.nudged', 'gemini.nudge'],
      'deadline.apology': silent,
    },
    stays: [
      ...forOthers,
      'speech.sustained',
      'speech.paused',
      'speech.resumed',
      'speech.ended',
      'playout.started',
      'playout.flushed',
      'playout.drained',
      'gemini.generationComplete',
      'gemini.interrupted',
      'deadline.greetingProtection',
      'deadline.verdict',
      'deadline.callerTurn',
      'deadline.newSession',
    ],
  },

  'awaitingReply.nudged': {
    deadlines: ['nudge', 'newSession', 'apology'],
    tags: ['modelOwesReply'],
    on: {
      'speech.started': ['listening.callerSpeaking', 'gemini.cancelReply', turnFromHere, callerFloor],
      'playout.primed': ['modelSpeaking.priming'],
      'gemini.ready': ['awaitingReply.nudged', 'gemini.nudge'],
      'deadline.newSession': ['awaitingReply.renewing', 'gemini.renew'],
      'deadline.apology': silent,
    },
    stays: [
      ...forOthers,
      'speech.sustained',
      'speech.paused',
      'speech.resumed',
      'speech.ended',
      'playout.started',
      'playout.flushed',
      'playout.drained',
      'gemini.generationComplete',
      'gemini.interrupted',
      'deadline.greetingProtection',
      'deadline.verdict',
      'deadline.callerTurn',
      'deadline.nudge',
    ],
  },

  'awaitingReply.renewing': {
    deadlines: ['nudge', 'newSession', 'apology'],
    tags: ['modelOwesReply'],
    on: {
      'speech.started': ['listening.callerSpeaking', 'gemini.cancelReply', turnFromHere, callerFloor],
      'playout.primed': ['modelSpeaking.priming'],
      'gemini.ready': ['awaitingReply.renewing', 'gemini.nudge'],
      'deadline.apology': silent,
    },
    stays: [
      ...forOthers,
      'speech.sustained',
      'speech.paused',
      'speech.resumed',
      'speech.ended',
      'playout.started',
      'playout.flushed',
      'playout.drained',
      'gemini.generationComplete',
      'gemini.interrupted',
      'deadline.greetingProtection',
      'deadline.verdict',
      'deadline.callerTurn',
      'deadline.nudge',
      'deadline.newSession',
    ],
  },

  modelSilent: {
    deadlines: [],
    tags: [],
    on: {},
    stays: [
      ...forOthers,
      ...allSpeech,
      'playout.primed',
      'playout.started',
      'playout.flushed',
      'playout.drained',
      'gemini.ready',
      'gemini.generationComplete',
      'gemini.interrupted',
      'deadline.greetingProtection',
      'deadline.verdict',
      'deadline.callerTurn',
      'deadline.nudge',
      'deadline.newSession',
      'deadline.apology',
    ],
  },

  'modelSpeaking.priming': {
    deadlines: ['nudge', 'apology'],
    tags: ['modelOwesReply'],
    on: {
      'speech.started': bargeInFromHere,
      'speech.resumed': bargeInFromHere,
      'playout.started': ['modelSpeaking.speaking', replyFloor],
      'playout.drained': quiet,
      'gemini.generationComplete': ['modelSpeaking.priming', 'playout.finish'],
      'gemini.interrupted': overruled,
      'deadline.nudge': ['modelSpeaking.priming', 'playout.finish'],
      'deadline.apology': silent,
    },
    stays: [
      ...forOthers,
      'speech.sustained',
      'speech.paused',
      'speech.ended',
      'playout.primed',
      'playout.flushed',
      'gemini.ready',
      'deadline.greetingProtection',
      'deadline.verdict',
      'deadline.callerTurn',
      'deadline.newSession',
    ],
  },

  'modelSpeaking.speaking': {
    deadlines: [],
    tags: ['agentAudible'],
    on: {
      'speech.started': ['modelSpeaking.yielding', 'playout.hold'],
      'speech.resumed': ['modelSpeaking.yielding', 'playout.hold'],
      'playout.drained': quiet,
      'gemini.generationComplete': ['draining.playingOut', 'playout.finish'],
      'gemini.interrupted': overruled,
    },
    stays: [
      ...forOthers,
      'speech.sustained',
      'speech.paused',
      'speech.ended',
      'playout.primed',
      'playout.started',
      'playout.flushed',
      'gemini.ready',
      'deadline.greetingProtection',
      'deadline.verdict',
      'deadline.callerTurn',
      'deadline.nudge',
      'deadline.newSession',
      'deadline.apology',
    ],
  },

  'modelSpeaking.yielding': {
    deadlines: ['verdict'],
    tags: ['agentAudible', 'verdictPending'],
    on: {
      'speech.sustained': bargeInFromBefore,
      'speech.paused': ['modelSpeaking.speaking', 'playout.release', rejected, replyFloor],
      'speech.ended': ['modelSpeaking.speaking', 'playout.release', rejected, replyFloor],
      'playout.drained': caughtSpeaking,
      'gemini.generationComplete': ['draining.yielding', 'playout.finish'],
      'gemini.interrupted': bargeInFromBefore,
      'deadline.verdict': bargeInFromBefore,
    },
    stays: [
      ...forOthers,
      'speech.started',
      'speech.resumed',
      'playout.primed',
      'playout.started',
      'playout.flushed',
      'gemini.ready',
      'deadline.greetingProtection',
      'deadline.callerTurn',
      'deadline.nudge',
      'deadline.newSession',
      'deadline.apology',
    ],
  },

  'draining.playingOut': {
    deadlines: [],
    tags: ['agentAudible'],
    on: {
      'speech.started': ['draining.yielding', 'playout.hold'],
      'speech.resumed': ['draining.yielding', 'playout.hold'],
      'playout.drained': quiet,
      'gemini.generationComplete': ['draining.playingOut', 'playout.finish'],
      'gemini.interrupted': overruled,
    },
    stays: [
      ...forOthers,
      'speech.sustained',
      'speech.paused',
      'speech.ended',
      'playout.primed',
      'playout.started',
      'playout.flushed',
      'gemini.ready',
      'deadline.greetingProtection',
      'deadline.verdict',
      'deadline.callerTurn',
      'deadline.nudge',
      'deadline.newSession',
      'deadline.apology',
    ],
  },

  'draining.yielding': {
    deadlines: ['verdict'],
    tags: ['agentAudible', 'verdictPending'],
    on: {
      'speech.sustained': bargeInFromBefore,
      'speech.paused': ['draining.playingOut', 'playout.release', rejected],
      'speech.ended': ['draining.playingOut', 'playout.release', rejected],
      'playout.drained': caughtSpeaking,
      'gemini.generationComplete': ['draining.yielding', 'playout.finish'],
      'gemini.interrupted': bargeInFromBefore,
      'deadline.verdict': bargeInFromBefore,
    },
    stays: [
      ...forOthers,
      'speech.started',
      'speech.resumed',
      'playout.primed',
      'playout.started',
      'playout.flushed',
      'gemini.ready',
      'deadline.greetingProtection',
      'deadline.callerTurn',
      'deadline.nudge',
      'deadline.newSession',
      'deadline.apology',
    ],
  },

  bargeIn: {
    deadlines: ['verdict'],
    tags: ['callerSpeaking'],
    on: {
      'speech.ended': ['awaitingReply.patient', endOfTurn, owedFloor],
      'playout.flushed': ['listening.callerSpeaking', callerFloor],
      'deadline.verdict': ['listening.callerSpeaking', callerFloor],
    },
    stays: [
      ...forOthers,
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
      'deadline.greetingProtection',
      'deadline.callerTurn',
      'deadline.nudge',
      'deadline.newSession',
      'deadline.apology',
    ],
  },

  overruled: {
    deadlines: ['verdict'],
    tags: [],
    on: {
      'speech.started': ['listening.callerSpeaking', turnFromHere, callerFloor],
      'playout.flushed': quiet,
      'deadline.verdict': quiet,
    },
    stays: [
      ...forOthers,
      'speech.sustained',
      'speech.paused',
      'speech.resumed',
      'speech.ended',
      'playout.primed',
      'playout.started',
      'playout.drained',
      'gemini.ready',
      'gemini.generationComplete',
      'gemini.interrupted',
      'deadline.greetingProtection',
      'deadline.callerTurn',
      'deadline.nudge',
      'deadline.newSession',
      'deadline.apology',
    ],
  },
};
