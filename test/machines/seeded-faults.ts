import { StateMachine } from 'xstate';
import { turnMachine } from '../../machines/index.ts';
import type { TurnChart } from './turn-rig.ts';

/** One change of the chart's data: a value put at a path (undefined takes it away), or an action dropped there. */
export type Edit =
  | { readonly at: readonly string[]; readonly set: unknown }
  | { readonly at: readonly string[]; readonly drop: string };

/** A fault that somebody could make in the chart. */
export interface Fault {
  readonly name: string;
  readonly edits: readonly Edit[];
}

const on = (state: string, event: string): string[] => [...inside(state), 'on', event];
const inside = (state: string): string[] => state.split('.').flatMap((key) => ['states', key]);

/** The faults, one at a time, in words of the phone. */
export const faults: readonly Fault[] = [
  {
    name: 'the agent greets although the caller is to speak first',
    edits: [{ at: [...inside('opening'), 'always'], set: 'greeting' }],
  },
  {
    name: 'the greeting is not protected',
    edits: [
      {
        at: on('greeting.protected.undisturbed', 'speech.started'),
        set: { target: '#turn.modelSpeaking.yielding', actions: ['rememberOnset', 'holdPlayout'] },
      },
    ],
  },
  {
    name: 'the protection of the greeting outlives it',
    edits: [{ at: [...inside('greeting.protected'), 'exit'], drop: 'stopGreetingProtection' }],
  },
  {
    name: 'a caller who insists during the greeting is forgotten',
    edits: [
      {
        at: on('greeting.protected.insisted', 'deadline.greetingProtection'),
        set: '#turn.modelSpeaking.speaking',
      },
    ],
  },
  {
    name: 'the onset of the caller’s turn is forgotten',
    edits: [{ at: on('listening.quiet', 'speech.started'), drop: 'rememberOnset' }],
  },
  {
    name: 'the model is not told that the caller has begun',
    edits: [{ at: on('listening.quiet', 'speech.started'), drop: 'startCallerTurn' }],
  },
  {
    name: 'the model is not told that the caller has ended',
    edits: [{ at: on('listening.callerSpeaking', 'speech.ended'), drop: 'endCallerTurn' }],
  },
  {
    name: 'a caller’s turn has no longest length',
    edits: [{ at: [...inside('listening.callerSpeaking'), 'entry'], drop: 'startCallerTurnDeadline' }],
  },
  {
    name: 'a model that takes the floor leaves the caller’s turn open',
    edits: [{ at: on('listening.callerSpeaking', 'playout.primed'), drop: 'endCallerTurn' }],
  },
  {
    name: 'the nudge is not cancelled when the reply comes',
    edits: [{ at: [...inside('awaitingReply'), 'exit'], drop: 'stopNudgeDeadline' }],
  },
  {
    name: 'the apology is not cancelled when the reply comes',
    edits: [{ at: [...inside('awaitingReply'), 'exit'], drop: 'stopApologyDeadline' }],
  },
  {
    name: 'a silent model is never given up',
    edits: [{ at: [...inside('awaitingReply'), 'entry'], drop: 'startApologyDeadline' }],
  },
  {
    name: 'the call is not told that the model is silent',
    edits: [{ at: [...inside('modelSilent'), 'entry'], set: [] }],
  },
  {
    name: 'an answer to half a question is played after the other half',
    edits: [{ at: on('awaitingReply.patient', 'speech.started'), drop: 'cancelReply' }],
  },
  {
    name: 'a reply whose prebuffer never fills is never played',
    edits: [{ at: [...inside('modelSpeaking.priming'), 'entry'], drop: 'startApologyDeadline' }],
  },
  {
    name: 'a caller who talks before the greeting is not heard',
    edits: [{ at: on('greeting.awaited.disturbed', 'speech.sustained'), set: undefined }],
  },
  {
    name: 'a caller who insists is not heard when the greeting stalls',
    edits: [{ at: on('greeting.protected.insisted', 'playout.underran'), set: undefined }],
  },
  {
    name: 'a caller who asks a dead model again is waited for from the beginning',
    edits: [
      {
        at: on('awaitingReply.nudged.quiet', 'speech.started'),
        set: {
          target: '#turn.listening.callerSpeaking',
          actions: ['rememberOnset', 'cancelReply', 'startCallerTurn'],
        },
      },
    ],
  },
  {
    name: 'the model is reminded in the middle of the caller’s sentence',
    edits: [{ at: on('awaitingReply.renewing.callerSpeaking', 'gemini.ready'), set: undefined }],
  },
  {
    name: 'the apology cuts into the caller’s sentence',
    edits: [{ at: on('awaitingReply.renewing.callerSpeaking', 'deadline.apology'), set: undefined }],
  },
  {
    name: 'a cough before the first chunk costs the whole reply',
    edits: [
      {
        at: on('modelSpeaking.priming', 'speech.started'),
        set: { target: '#turn.bargeIn', actions: 'rememberOnset' },
      },
    ],
  },
  {
    name: 'a reply that stalls is waited for for ever',
    edits: [{ at: [...inside('modelSpeaking.stalled'), 'entry'], drop: 'startNudgeDeadline' }],
  },
  {
    name: 'a model whose replies all stall is nudged for ever',
    edits: [
      {
        at: on('modelSpeaking.stalled', 'deadline.nudge'),
        set: { target: '#turn.awaitingReply.nudged', actions: ['flushPlayout', 'nudgeModel'] },
      },
    ],
  },
  {
    name: 'a reply that stalled long ago counts against a later one',
    edits: [{ at: on('modelSpeaking.speaking', 'gemini.generationComplete'), drop: 'noteGenerated' }],
  },
  {
    name: 'the nudge of a stalled reply comes although it has gone on',
    edits: [{ at: [...inside('modelSpeaking.stalled'), 'exit'], drop: 'stopNudgeDeadline' }],
  },
  {
    name: 'a stalled reply plays on unnoticed behind the nudge',
    edits: [
      {
        at: on('modelSpeaking.stalled', 'deadline.nudge'),
        set: { target: '#turn.awaitingReply.nudged', actions: ['countStall', 'nudgeModel'] },
      },
    ],
  },
  {
    name: 'an underrun ends the verdict and leaves the agent held',
    edits: [{ at: on('draining.yielding', 'playout.underran'), set: '#turn.modelSpeaking.stalled' }],
  },
  {
    name: 'nobody owes an answer to a caller whom only the model has heard',
    edits: [{ at: on('overruled', 'playout.flushed'), set: '#turn.listening.quiet' }],
  },
  {
    name: 'the caller’s turn begins before the old reply is dropped',
    edits: [
      {
        at: [...inside('bargeIn'), 'entry'],
        set: [
          { type: 'reportVerdict', params: { verdict: 'confirmed' } },
          'cancelReply',
          'startCallerTurn',
          'flushPlayout',
          'startVerdictDeadline',
        ],
      },
    ],
  },
  {
    name: 'the agent does not hold when the caller may be interrupting',
    edits: [{ at: [...inside('modelSpeaking.yielding'), 'entry'], drop: 'holdPlayout' }],
  },
  {
    name: 'a rejected interruption leaves the agent held',
    edits: [{ at: on('modelSpeaking.yielding', 'speech.paused'), drop: 'releasePlayout' }],
  },
  {
    name: 'a rejected interruption loses the rest of the reply',
    edits: [
      {
        at: on('modelSpeaking.yielding', 'speech.paused'),
        set: { target: '#turn.bargeIn', actions: [] },
      },
    ],
  },
  {
    name: 'a confirmed interruption lets the old reply out',
    edits: [
      {
        at: on('modelSpeaking.yielding', 'speech.sustained'),
        set: { target: '#turn.bargeIn', actions: ['releasePlayout'] },
      },
    ],
  },
  {
    name: 'the verdict is not cancelled',
    edits: [{ at: [...inside('modelSpeaking.yielding'), 'exit'], drop: 'stopVerdictDeadline' }],
  },
  {
    name: 'the verdict is awaited for ever',
    edits: [{ at: [...inside('draining.yielding'), 'entry'], drop: 'startVerdictDeadline' }],
  },
  {
    name: 'the end of the generation holds a held playout once more',
    edits: [{ at: [...inside('draining.yielding'), 'entry'], set: ['holdPlayout', 'startVerdictDeadline'] }],
  },
  {
    name: 'the tail of a reply cannot be interrupted',
    edits: [
      { at: on('draining.playingOut', 'speech.started'), set: undefined },
      { at: on('draining.playingOut', 'speech.resumed'), set: undefined },
    ],
  },
  {
    name: 'a reply that is complete is never finished',
    edits: [{ at: on('modelSpeaking.speaking', 'gemini.generationComplete'), drop: 'finishPlayout' }],
  },
  {
    name: 'the end of the generation takes the floor from the agent',
    edits: [
      {
        at: on('modelSpeaking.speaking', 'gemini.generationComplete'),
        set: { target: '#turn.listening.quiet', actions: 'finishPlayout' },
      },
    ],
  },
  {
    name: 'nothing is flushed on a barge-in',
    edits: [{ at: [...inside('bargeIn'), 'entry'], drop: 'flushPlayout' }],
  },
  {
    name: 'the model goes on after a barge-in',
    edits: [{ at: [...inside('bargeIn'), 'entry'], drop: 'cancelReply' }],
  },
  {
    name: 'the words of a barge-in never reach the model',
    edits: [{ at: [...inside('bargeIn'), 'entry'], drop: 'startCallerTurn' }],
  },
  {
    name: 'stale audio is accepted after a flush',
    edits: [{ at: on('bargeIn', 'playout.primed'), set: '#turn.modelSpeaking.priming' }],
  },
  {
    name: 'the model’s own interruption is not heeded',
    edits: [{ at: on('modelSpeaking.speaking', 'gemini.interrupted'), set: undefined }],
  },
  {
    name: 'a torn reply is taken for a whole one',
    edits: [{ at: on('modelSpeaking.speaking', 'gemini.replyTorn'), drop: 'noteTear' }],
  },
  {
    name: 'the model is not asked to go on with a torn reply',
    edits: [{ at: [...inside('said'), 'always'], set: 'listening.quiet' }],
  },
  {
    name: 'a torn reply is gone on with although the caller has interrupted it',
    edits: [
      { at: [...inside('listening'), 'entry'], drop: 'forgetTear' },
      { at: [...inside('modelSpeaking.priming'), 'entry'], drop: 'forgetTear' },
    ],
  },
  {
    name: 'the model is reminded while its tool runs',
    edits: [{ at: [...inside('awaitingReply'), 'on', 'tool.started'], set: { actions: 'noteToolRunning' } }],
  },
  {
    name: 'an "ok" costs the tool that runs',
    edits: [
      {
        at: on('working.quiet', 'speech.started'),
        set: { target: '#turn.listening.callerSpeaking', actions: ['rememberOnset', 'startCallerTurn'] },
      },
    ],
  },
  {
    name: 'a caller who waits for a tool hears nothing',
    edits: [{ at: on('working', 'deadline.phrase'), drop: 'fillSilence' }],
  },
  {
    name: 'a tool that never answers is waited for for ever',
    edits: [{ at: [...inside('working'), 'entry'], drop: 'startToolDeadline' }],
  },
  {
    name: 'nobody owes an answer once the tool has given its own',
    edits: [{ at: on('modelSpeaking', 'tool.finished'), set: { actions: 'noteToolOver' } }],
  },
  {
    name: 'a "yes" over the end of a question is dropped',
    edits: [{ at: on('draining.answered.over', 'playout.drained'), set: '#turn.said' }],
  },
  {
    name: 'a dead model is asked again and again',
    edits: [{ at: on('awaitingReply.patient', 'deadline.overdue'), drop: 'countUnanswered' }],
  },
  {
    name: 'a model that has answered is renewed for what it left unanswered long ago',
    edits: [
      { at: [...inside('modelSpeaking.speaking'), 'entry'], drop: 'noteHeard' },
      { at: [...inside('draining'), 'entry'], drop: 'noteHeard' },
    ],
  },
  {
    name: 'the apology is put off for as long as the caller talks',
    edits: [{ at: [...inside('pressing.quiet'), 'entry'], drop: 'startLastAnswerDeadline' }],
  },
  {
    name: 'a model that cuts in on a caller who keeps talking is not noticed',
    edits: [{ at: on('listening.callerSpeaking', 'playout.primed'), drop: 'askWhetherSustained' }],
  },
];

/** A copy of the turn chart with `fault` in it; throws when the fault changes nothing. */
export function withFault({ name, edits }: Fault): TurnChart {
  let config = turnMachine.config;
  for (const edit of edits) {
    const before = JSON.stringify(config);
    config = edited(config, edit.at, edit);
    if (JSON.stringify(config) === before)
      throw new Error(`expected "${name}" to change the chart at ${edit.at.join('.')}`);
  }
  return new StateMachine(config, turnMachine.implementations);
}

/** A copy of `node` in which what lies at `path` is edited; everything beside the path is shared. */
function edited<T extends object>(node: T, path: readonly string[], edit: Edit): T {
  const [key = '', ...rest] = path;
  const child: unknown = Reflect.get(node, key);
  if (rest.length > 0) return { ...node, [key]: edited(isObject(child) ? child : {}, rest, edit) };
  if ('drop' in edit) return { ...node, [key]: without(child, edit.drop) };
  if (edit.set !== undefined) return { ...node, [key]: edit.set };
  // a reaction without a target would still hide those of the states around it
  const copy = { ...node };
  Reflect.deleteProperty(copy, key);
  return copy;
}

function without(actions: unknown, name: string): unknown {
  if (Array.isArray(actions)) return actions.filter((action) => action !== name);
  if (isObject(actions) && 'actions' in actions)
    return { ...actions, actions: without(actions.actions, name) };
  return actions === name ? [] : actions;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
