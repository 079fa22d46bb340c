import { PlayoutScheduler, SharedPlayoutClock } from '../../../../src/playout/index.ts';
import { SimulatedClock } from '../../../../src/time/index.ts';
import { defaultPolicy } from '../../../playout/rig.ts';
import { type Subject, usualCall } from '../subject.ts';
import { inTurn, voicePieces } from '../voice.ts';

/** Calls on the shared clock, whose timers are theirs together. */
const calls = 100;

/** Replies without an end on one shared clock; their audio comes at the call's rate, as resampling is a subject of its own. */
export async function playout(): Promise<Subject> {
  const clock = new SimulatedClock();
  const sharedClock = new SharedPlayoutClock(clock);
  const next = inTurn(await voicePieces(8000, 20));
  const schedulers = Array.from({ length: calls }, () => replying(clock, sharedClock));
  const tick = (): void => {
    for (const { scheduler, returnMarks } of schedulers) {
      scheduler.write(next());
      returnMarks();
    }
    clock.advance(20);
  };
  // each is to be at its lead
  for (let at = 0; at < 50; at += 1) tick();
  return {
    operations: [
      {
        what: 'playout: a tick of 20 ms, with the audio that comes meanwhile',
        perCallSecond: 50 * usualCall.agentSpeaks,
        run: (times) => {
          for (let at = 0; at < times; at += calls) tick();
        },
      },
    ],
  };
}

function replying(clock: SimulatedClock, sharedClock: SharedPlayoutClock) {
  let marks: string[] = [];
  const scheduler: PlayoutScheduler = new PlayoutScheduler({
    clock,
    sharedClock,
    policy: defaultPolicy,
    callRateHz: 8000,
    modelRateHz: 8000,
    carrier: {
      takesData: true,
      media: () => undefined,
      mark: (name) => marks.push(name),
      clear: () => undefined,
    },
    notify: (notice) => {
      if (notice === 'filled' || notice === 'more') scheduler.play();
    },
    failed: (error) => {
      throw error;
    },
  });
  return {
    scheduler,
    returnMarks: () => {
      const heard = marks;
      marks = [];
      for (const name of heard) scheduler.markReturned(name);
    },
  };
}
