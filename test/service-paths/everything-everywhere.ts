import type { TurnState } from '../machines/turn-words.ts';
import type { Act } from './acts.ts';
import {
  type AgentKind,
  draining,
  generated,
  greeting,
  greetingAwaited,
  nudged,
  type OutsideStory,
  patient,
  pressing,
  quiet,
  renewing,
  speaking,
  speaks,
  until,
  working,
} from './outside.ts';

/** How each state is come to from outside. */
const ways: readonly {
  readonly agent: AgentKind;
  readonly state: TurnState;
  readonly acts: readonly Act[];
}[] = [
  { agent: 'greets', state: 'greeting.awaited.undisturbed', acts: greetingAwaited },
  {
    agent: 'greets',
    state: 'greeting.awaited.disturbed',
    acts: [...greetingAwaited, ...speaks(400, 'greeting.awaited.disturbed')],
  },
  { agent: 'greets', state: 'greeting.protected.undisturbed', acts: greeting(3000) },
  {
    agent: 'greets',
    state: 'greeting.protected.disturbed',
    acts: [...greeting(3000), ...speaks(1000, 'greeting.protected.disturbed')],
  },
  {
    agent: 'greets',
    state: 'greeting.protected.insisted',
    acts: [...greeting(3000), ...speaks(1000, 'greeting.protected.insisted')],
  },
  { agent: 'listens', state: 'listening.quiet', acts: quiet },
  {
    agent: 'listens',
    state: 'listening.callerSpeaking',
    acts: [...quiet, ...speaks(800, 'listening.callerSpeaking')],
  },
  {
    agent: 'leavesTurnsToGemini',
    state: 'listening.callerSpeaking',
    acts: [...quiet, ...speaks(800, 'listening.callerSpeaking')],
  },
  { agent: 'listens', state: 'awaitingReply.patient', acts: patient },
  { agent: 'listens', state: 'awaitingReply.nudged.quiet', acts: nudged },
  {
    agent: 'listens',
    state: 'awaitingReply.nudged.callerSpeaking',
    acts: [...nudged, ...speaks(800, 'awaitingReply.nudged.callerSpeaking')],
  },
  {
    agent: 'leavesTurnsToGemini',
    state: 'awaitingReply.nudged.callerSpeaking',
    acts: [...nudged, ...speaks(800, 'awaitingReply.nudged.callerSpeaking')],
  },
  { agent: 'listens', state: 'awaitingReply.renewing.quiet', acts: renewing },
  {
    agent: 'listens',
    state: 'awaitingReply.renewing.callerSpeaking',
    acts: [...renewing, ...speaks(800, 'awaitingReply.renewing.callerSpeaking')],
  },
  {
    agent: 'leavesTurnsToGemini',
    state: 'awaitingReply.renewing.callerSpeaking',
    acts: [...renewing, { pass: 100 }, ...speaks(800, 'awaitingReply.renewing.callerSpeaking')],
  },
  { agent: 'listens', state: 'working.quiet', acts: working },
  {
    agent: 'listens',
    state: 'working.disturbed',
    acts: [...working, ...speaks(300, 'working.disturbed')],
  },
  { agent: 'listens', state: 'pressing.callerSpeaking', acts: pressing },
  { agent: 'leavesTurnsToGemini', state: 'pressing.callerSpeaking', acts: pressing },
  { agent: 'listens', state: 'pressing.quiet', acts: [...pressing, until('pressing.quiet')] },
  {
    agent: 'listens',
    state: 'modelSpeaking.priming',
    acts: [...patient, { audio: 50 }, until('modelSpeaking.priming')],
  },
  { agent: 'listens', state: 'modelSpeaking.speaking', acts: speaking(3000) },
  {
    agent: 'listens',
    state: 'modelSpeaking.stalled',
    acts: [...patient, { audio: 300 }, until('modelSpeaking.stalled')],
  },
  {
    agent: 'listens',
    state: 'modelSpeaking.yielding',
    acts: [...speaking(3000), ...speaks(800, 'modelSpeaking.yielding')],
  },
  { agent: 'listens', state: 'draining.playingOut', acts: draining(3000) },
  {
    agent: 'listens',
    state: 'draining.yielding',
    acts: [...draining(3000), ...speaks(800, 'draining.yielding')],
  },
  ...(['draining.answered.pausing', 'draining.answered.over'] as const).map((state) => ({
    agent: 'hasALongTail' as const,
    state,
    acts: [...draining(3000), { speak: 200 }, until(state)],
  })),
];

/** What then happens, in each of them. */
const then: readonly { readonly title: string; readonly acts: readonly Act[] }[] = [
  {
    title: 'the caller says two words, with a pause between them',
    acts: [{ speak: 300 }, { pass: 420 }, { speak: 300 }, { pass: 1000 }],
  },
  { title: 'the caller says a sentence', acts: [{ speak: 900 }, { pass: 1600 }] },
  {
    title: 'the model speaks, stalls, goes on and ends',
    acts: [{ audio: 200 }, { pass: 600 }, { audio: 500 }, { pass: 200 }, generated, { pass: 1500 }],
  },
  { title: 'the model has said all', acts: [generated, { pass: 2000 }] },
  {
    title: 'the model says that it was interrupted',
    acts: [{ model: 'interrupted' }, { model: 'turnComplete' }, { pass: 300 }],
  },
  { title: 'the model moves the call to a new connection', acts: [{ model: 'rotates' }, { pass: 200 }] },
  { title: 'the model’s connection drops', acts: [{ model: 'drops' }, { pass: 700 }] },
  {
    title: 'the model calls a tool, which answers',
    acts: [{ tool: 'called' }, { pass: 40 }, { tool: 'answers' }, { pass: 700 }],
  },
  { title: 'nothing more happens', acts: [{ pass: 3500 }] },
];

/** Every state, with everything that could happen next. */
export const everythingEverywhere: readonly OutsideStory[] = ways.flatMap(({ agent, state, acts }) =>
  then.map((next) => ({
    title: `in ${state} (${agent}), ${next.title}`,
    agent,
    acts: [...acts, ...next.acts],
  })),
);
