import {
  audible,
  CallRig,
  type CallStep,
  filled,
  generationComplete,
  greetingHeard,
  heardAll,
  onset,
  paused,
  sentAll,
  speechEnded,
  sustained,
} from '../../../machines/call-rig.ts';
import { type Subject, usualCall } from '../subject.ts';

/** A call that never gets to its end. */
const endlessMs = 1e12;
/** A question and its reply, with everything that the charts are told of them. */
const question: readonly CallStep[] = [
  { ear: { type: 'score.rose' } },
  onset,
  300,
  sustained,
  700,
  paused,
  500,
  speechEnded,
  800,
  audible,
  60,
  filled,
  400,
  generationComplete,
  2000,
  sentAll,
  200,
  heardAll,
  { model: { type: 'wire.turnComplete', isEmpty: false } },
  // what was cancelled is forgotten by the simulated clock when it is due
  700,
];

/** A whole turn through all charts of a call, each an actor, with no audio at the edges. */
export async function turn(): Promise<Subject> {
  const rig = new CallRig({ warnAfterMs: endlessMs }).start().play(greetingHeard);
  return {
    operations: [
      {
        what: 'charts: a whole turn, question to heard reply',
        perCallSecond: usualCall.turnsPerMinute / 60,
        run: (times) => {
          for (let at = 0; at < times; at += 1) rig.play(question);
          if (rig.place !== 'listening.quiet') throw new Error(`expected a quiet line, found ${rig.place}`);
        },
      },
    ],
  };
}
