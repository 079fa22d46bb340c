import { turnEvents, turnStates, wayNames } from '../machines/turn-rig.ts';
import { turnTable } from '../machines/turn-table.ts';
import type { DeadlineName, TurnEventType, TurnState } from '../machines/turn-words.ts';

/** Pairs of state and event that nothing outside the service can bring about, and why. */
interface OutOfReach {
  readonly because: string;
  readonly states: readonly TurnState[];
  readonly events: readonly TurnEventType[];
}

const every = turnStates;
const within = (...prefixes: readonly string[]): TurnState[] =>
  every.filter((state) => prefixes.some((prefix) => state.startsWith(prefix)));
const everythingBut = (...events: readonly TurnEventType[]): TurnEventType[] =>
  turnEvents.map(({ type }) => type).filter((type) => !events.includes(type));

/** What is out of reach for reasons of its own; what no deadline was started for is found from the table. */
const reasons: readonly OutOfReach[] = [
  {
    because: 'the call leaves the conversation in the same moment, to apologise',
    states: ['modelSilent'],
    events: everythingBut(),
  },
  {
    because: 'the playout drops a reply in the same moment in which it is told to',
    states: ['bargeIn', 'overruled'],
    events: everythingBut('playout.flushed'),
  },
  { because: 'the call keeps it to itself', states: every, events: ['gemini.lost'] },
  { because: 'the call leaves the conversation to apologise', states: every, events: ['gemini.failed'] },
  {
    because: 'an earlier deadline leads on: an agent whose deadlines are in another order is refused',
    states: ['awaitingReply.patient', 'awaitingReply.nudged.quiet', 'awaitingReply.nudged.callerSpeaking'],
    events: ['deadline.apology'],
  },
  {
    because: 'an earlier deadline leads on: an agent whose deadlines are in another order is refused',
    states: ['awaitingReply.patient'],
    events: ['deadline.newSession'],
  },
  {
    because: 'it has fired before: it led here',
    states: within('awaitingReply.renewing'),
    events: ['deadline.nudge', 'deadline.newSession'],
  },
  {
    because: 'the caller is speaking: the detector has said so',
    states: [
      'greeting.awaited.disturbed',
      'greeting.protected.disturbed',
      'greeting.protected.insisted',
      'modelSpeaking.yielding',
      'draining.yielding',
      'working.disturbed',
    ],
    events: ['speech.started', 'speech.resumed'],
  },
  {
    because: 'the caller is speaking: the detector has said so',
    states: [
      'listening.callerSpeaking',
      'awaitingReply.nudged.callerSpeaking',
      'awaitingReply.renewing.callerSpeaking',
      'pressing.callerSpeaking',
    ],
    events: ['speech.started'],
  },
  {
    because: 'an utterance is long once',
    states: ['greeting.protected.insisted'],
    events: ['speech.sustained'],
  },
  {
    because: 'the caller is not speaking: what began has led on',
    states: ['greeting.awaited.undisturbed', 'greeting.protected.undisturbed', 'working.quiet'],
    events: ['speech.sustained', 'speech.paused'],
  },
  {
    because: 'the caller has paused: the word goes on, or is over',
    states: ['draining.answered.pausing'],
    events: ['speech.started', 'speech.sustained', 'speech.paused'],
  },
  {
    because: 'the word is over: the next one is a new one',
    states: ['draining.answered.over'],
    events: ['speech.sustained', 'speech.paused', 'speech.resumed', 'speech.ended'],
  },
  {
    because: 'nothing of a greeting plays yet',
    states: within('greeting.awaited'),
    events: ['playout.underran', 'playout.refilled', 'playout.drained', 'playout.flushed'],
  },
  {
    because: 'nothing of a reply plays',
    states: within('listening', 'awaitingReply', 'pressing', 'working'),
    events: ['playout.started', 'playout.underran', 'playout.refilled', 'playout.drained'],
  },
  {
    because: 'nothing of the reply plays yet',
    states: ['modelSpeaking.priming'],
    events: ['playout.underran', 'playout.refilled', 'playout.drained'],
  },
  {
    because: 'only what was told to drop a reply reports it, and where that is told leads on',
    states: [
      'listening.quiet',
      'awaitingReply.nudged.callerSpeaking',
      'awaitingReply.renewing.callerSpeaking',
      ...within('greeting.protected', 'modelSpeaking', 'draining', 'pressing'),
      'working.disturbed',
    ],
    events: ['playout.flushed'],
  },
  {
    because: 'a reply is primed once',
    states: within('greeting.protected', 'modelSpeaking', 'draining'),
    events: ['playout.primed'],
  },
  {
    because: 'the reply has started',
    states: [...within('greeting.protected', 'draining'), 'modelSpeaking.stalled'],
    events: ['playout.started'],
  },
  {
    because: 'a playout that is held does not run dry',
    states: ['modelSpeaking.yielding', 'draining.yielding'],
    events: ['playout.underran', 'playout.refilled'],
  },
  {
    because: 'what ran dry has led on',
    states: [...within('greeting.protected', 'draining.answered'), 'modelSpeaking.speaking'],
    events: ['playout.refilled'],
  },
  {
    because: 'a reply that is under way is heard, or dropped with what it belongs to',
    states: [
      ...within('listening', 'awaitingReply.patient', 'awaitingReply.nudged', 'pressing', 'working'),
      'awaitingReply.renewing.callerSpeaking',
    ],
    events: ['gemini.replyTorn'],
  },
  {
    because: 'no tool runs: what the model waits for would have led on',
    states: [
      'listening.quiet',
      'awaitingReply.patient',
      'awaitingReply.nudged.quiet',
      'awaitingReply.renewing.quiet',
      'pressing.quiet',
    ],
    events: ['tool.finished'],
  },
  { because: 'a tool runs already', states: within('working'), events: ['tool.started'] },
  { because: 'a tool is given up sooner', states: within('working'), events: ['deadline.tool'] },
  { because: 'it has run dry already', states: ['modelSpeaking.stalled'], events: ['playout.underran'] },
  {
    because: 'a reply that is still being generated has no end',
    states: ['modelSpeaking.stalled'],
    events: ['playout.drained'],
  },
];

const deadlineOf: Readonly<Partial<Record<TurnEventType, DeadlineName>>> = {
  'deadline.greetingProtection': 'greetingProtection',
  'deadline.verdict': 'verdict',
  'deadline.tailAnswer': 'tailAnswer',
  'deadline.callerTurn': 'longestCallerTurn',
  'deadline.overdue': 'overdue',
  'deadline.nudge': 'nudge',
  'deadline.newSession': 'newSession',
  'deadline.apology': 'apology',
  'deadline.lastAnswer': 'lastAnswer',
  'deadline.phrase': 'phrase',
  'deadline.tool': 'longestTool',
};

/** Why an exception is out of reach. */
function whyNot(name: string): string | undefined {
  if (/^(modelSpeaking.*drained), when the reply is torn/.test(name)) return 'a torn reply drains';
  return outOfReachAlways.get(name.replace(/, when .*/, ''));
}

/** Why each pair of state and event that is out of reach is; by the pair. */
const outOfReachAlways: ReadonlyMap<string, string> = new Map([
  ...every.flatMap((state) =>
    turnEvents.flatMap(({ type }): [string, string][] => {
      const deadline = deadlineOf[type];
      const isStarted = deadline === undefined || turnTable[state].deadlines.includes(deadline);
      return isStarted ? [] : [[`${state} × ${type}`, 'nothing has started this deadline']];
    }),
  ),
  ...reasons.flatMap(({ because, states, events }) =>
    states.flatMap((state) => events.map((type): [string, string] => [`${state} × ${type}`, because])),
  ),
]);

/** The same, exceptions included. */
export const outOfReach: ReadonlyMap<string, string> = new Map([
  ...outOfReachAlways,
  ...wayNames.flatMap((name): [string, string][] => {
    const because = name.includes(', when ') ? whyNot(name) : undefined;
    return because ? [[name, because]] : [];
  }),
]);
