import { describe, expect, it } from 'vitest';
import {
  type GeminiCommand,
  type GeminiWireCommand,
  type GeminiWireReport,
  geminiLinkMachine,
} from '../../machines/index.ts';
import { callInput, type FakeEdge } from '../helpers/machines.ts';
import { type Outcome, play, type Situation, type Step } from './situations.ts';

type LinkEvent = GeminiWireReport | GeminiCommand;

const { setupMs, resumeBudgetMs, stableMs, mostAttempts } = callInput.geminiLink;
const goneMessage = 'the connection is gone';
const setUp: LinkEvent = { type: 'wire.setUp', resumed: false };
const resumed: LinkEvent = { type: 'wire.setUp', resumed: true };
const lost = (remedy: 'resume' | 'renew' | 'none'): LinkEvent => ({
  type: 'wire.lost',
  failure: { code: 'gemini.closed', message: goneMessage },
  remedy,
});
const goingAway = (timeLeftMs: number): LinkEvent => ({ type: 'wire.goingAway', timeLeftMs });
const turnComplete: LinkEvent = { type: 'wire.turnComplete' };

const ready = ['gemini.ready false'];
const first = ['wire.connect first'];

const situations: readonly Situation<LinkEvent>[] = [
  {
    title: 'is ready once the first session is set up',
    steps: [setUp, 3_600_000],
    state: 'ready.steady',
    reported: ready,
    commanded: first,
  },
  {
    title: 'fails when the first session is not set up in time',
    steps: [setupMs],
    state: 'failed',
    reported: ['gemini.failed gemini.setup-timeout'],
    commanded: [...first, 'wire.close'],
  },
  {
    title: 'waits for the first session until the deadline',
    steps: [setupMs - 1],
    state: 'connecting',
    reported: [],
    commanded: first,
  },
  {
    title: 'does not retry a first session that is refused: the caller is waiting',
    steps: [lost('resume')],
    state: 'failed',
    reported: ['gemini.failed gemini.closed'],
    commanded: [...first, 'wire.close'],
  },
  {
    title: 'tells what the model does',
    steps: [setUp, { type: 'wire.generationComplete' }, { type: 'wire.interrupted' }, turnComplete],
    state: 'ready.steady',
    reported: [...ready, 'gemini.generationComplete', 'gemini.interrupted', 'gemini.turnComplete'],
    commanded: first,
  },
  {
    title: 'passes commands on',
    steps: [
      setUp,
      { type: 'gemini.greet' },
      { type: 'gemini.startCallerTurn', onsetSample: 80 },
      { type: 'gemini.endCallerTurn' },
      { type: 'gemini.nudge' },
      { type: 'gemini.cancelReply' },
      { type: 'gemini.prompt', about: 'goodbye' },
    ],
    state: 'ready.steady',
    reported: ready,
    commanded: [
      ...first,
      'gemini.greet',
      'gemini.startCallerTurn 80',
      'gemini.endCallerTurn',
      'gemini.nudge',
      'gemini.cancelReply',
      'gemini.prompt goodbye',
    ],
  },
  {
    title: 'waits for a quiet moment when the session is to end',
    steps: [setUp, goingAway(10_000), 8999],
    state: 'ready.leaving',
    reported: ready,
    commanded: first,
  },
  {
    title: 'rotates at the quiet moment, and nothing is reported lost',
    steps: [setUp, goingAway(10_000), turnComplete, resumed],
    state: 'ready.steady',
    reported: [...ready, 'gemini.turnComplete', 'gemini.ready true'],
    commanded: [...first, 'wire.close', 'wire.connect resume'],
  },
  {
    title: 'rotates a second before the end when no quiet moment comes, and says that a reply may be cut',
    steps: [setUp, goingAway(10_000), 9000],
    state: 'rotating',
    reported: [...ready, 'gemini.lost'],
    commanded: [...first, 'wire.close', 'wire.connect resume'],
  },
  {
    title: 'rotates at once when there is no time left',
    steps: [setUp, goingAway(300), 1],
    state: 'rotating',
    reported: [...ready, 'gemini.lost'],
    commanded: [...first, 'wire.close', 'wire.connect resume'],
  },
  {
    title: 'passes commands on while it rotates, to be kept for the next session',
    steps: [setUp, goingAway(300), 1, { type: 'gemini.startCallerTurn', onsetSample: 8 }],
    state: 'rotating',
    reported: [...ready, 'gemini.lost'],
    commanded: [...first, 'wire.close', 'wire.connect resume', 'gemini.startCallerTurn 8'],
  },
  {
    title: 'goes on resuming when a rotation is not set up in time',
    steps: [setUp, goingAway(10_000), turnComplete, setupMs],
    state: 'resuming.waiting',
    reported: [...ready, 'gemini.turnComplete'],
    commanded: [...first, 'wire.close', 'wire.connect resume'],
  },
  {
    title: 'starts afresh when the handle of a rotation is refused',
    steps: [setUp, goingAway(10_000), turnComplete, lost('renew'), setUp],
    state: 'ready.steady',
    reported: [...ready, 'gemini.turnComplete', 'gemini.ready false'],
    commanded: [...first, 'wire.close', 'wire.connect resume', 'wire.connect renew'],
  },
  {
    title: 'resumes a lost connection after half a second',
    steps: [setUp, lost('resume'), 500, resumed],
    state: 'ready.steady',
    reported: [...ready, 'gemini.lost', 'gemini.ready true'],
    commanded: [...first, 'wire.connect resume'],
  },
  {
    title: 'renews at once when the session cannot be resumed',
    steps: [setUp, lost('renew'), setUp],
    state: 'ready.steady',
    reported: [...ready, 'gemini.lost', 'gemini.ready false'],
    commanded: [...first, 'wire.connect renew'],
  },
  {
    title: 'fails at once when there is no remedy',
    steps: [setUp, lost('none')],
    state: 'failed',
    reported: [...ready, 'gemini.failed gemini.closed'],
    commanded: [...first, 'wire.close'],
  },
  {
    title: 'fails when an attempt finds that there is no remedy',
    steps: [setUp, lost('resume'), 500, lost('none')],
    state: 'failed',
    reported: [...ready, 'gemini.lost', 'gemini.failed gemini.closed'],
    commanded: [...first, 'wire.connect resume', 'wire.close'],
  },
  {
    title: 'fails when a renewal finds that there is no remedy',
    steps: [setUp, lost('renew'), lost('none')],
    state: 'failed',
    reported: [...ready, 'gemini.lost', 'gemini.failed gemini.closed'],
    commanded: [...first, 'wire.connect renew', 'wire.close'],
  },
  {
    title: 'waits before the next attempt when a renewal is cut',
    steps: [setUp, lost('renew'), lost('resume')],
    state: 'resuming.waiting',
    reported: [...ready, 'gemini.lost'],
    commanded: [...first, 'wire.connect renew'],
  },
  {
    title: 'tries again when an attempt hangs',
    steps: [setUp, lost('resume'), 500, setupMs, 1000, resumed],
    state: 'ready.steady',
    reported: [...ready, 'gemini.lost', 'gemini.ready true'],
    commanded: [...first, 'wire.connect resume', 'wire.connect resume'],
  },
  {
    title: 'takes an attempt that hung and is set up after all',
    steps: [setUp, lost('resume'), 500, setupMs, resumed],
    state: 'ready.steady',
    reported: [...ready, 'gemini.lost', 'gemini.ready true'],
    commanded: [...first, 'wire.connect resume'],
  },
  {
    title: 'tries again when a renewal hangs',
    steps: [setUp, { type: 'gemini.renew' }, setupMs, 500],
    state: 'resuming.connecting',
    reported: ready,
    commanded: [...first, 'wire.connect renew', 'wire.connect resume'],
  },
  {
    title: 'renews when it is told to',
    steps: [setUp, { type: 'gemini.renew' }, setUp],
    state: 'ready.steady',
    reported: [...ready, 'gemini.ready false'],
    commanded: [...first, 'wire.connect renew'],
  },
];

function run(steps: readonly Step<LinkEvent>[]): Outcome {
  return play(
    (edge: FakeEdge<GeminiWireCommand, GeminiWireReport>) =>
      geminiLinkMachine.provide({ actors: { geminiWire: edge.logic } }),
    callInput.geminiLink,
    steps,
  );
}

function attemptsOf(outcome: Outcome): { atMs: number; how: string }[] {
  return outcome.timed
    .filter(({ command }) => command.startsWith('wire.connect'))
    .map(({ atMs, command }) => ({ atMs, how: command.split(' ')[1] ?? '' }));
}

describe('the Gemini link', () => {
  it.each(situations)('$title', ({ steps, state, reported, commanded }) => {
    const outcome = run(steps);
    expect(outcome).toMatchObject({ state, reported, commanded });
    expect(outcome.pendingTimers).toBe(0);
    expect(outcome.isDisposed).toBe(true);
  });

  it('tries with growing pauses, each cut at once, until its budget is spent', () => {
    const pausesMs = [500, 1000, 2000, 4000, 4000, 4000, 4000, 4000, 4000];
    const attempts = pausesMs.flatMap((pauseMs) => [pauseMs, lost('resume')]);
    const spentMs = pausesMs.reduce((sum, pauseMs) => sum + pauseMs, 0);
    const outcome = run([setUp, lost('resume'), ...attempts, resumeBudgetMs - spentMs]);
    expect(attemptsOf(outcome).map(({ atMs }) => atMs)).toEqual([
      0, 500, 1500, 3500, 7500, 11_500, 15_500, 19_500, 23_500, 27_500,
    ]);
    expect(outcome.state).toBe('failed');
    expect(outcome.reported.at(-1)).toBe('gemini.failed gemini.resume-timeout');
    expect(outcome.commanded.at(-1)).toBe('wire.close');
  });

  it('gives up within its budget when every attempt hangs', () => {
    const outcome = run([setUp, lost('resume'), resumeBudgetMs]);
    expect(attemptsOf(outcome).map(({ atMs }) => atMs)).toEqual([0, 500, 11_500, 23_500]);
    expect(outcome.state).toBe('failed');
  });

  it('begins with the shortest pause again once a session has lasted', () => {
    const outcome = run([
      setUp,
      ...[lost('resume'), 500, lost('resume'), 1000, resumed, stableMs],
      ...[lost('resume'), 500],
    ]);
    expect(outcome.state).toBe('resuming.connecting');
    expect(attemptsOf(outcome).map(({ atMs }) => atMs)).toEqual([0, 500, 1500, 1500 + stableMs + 500]);
  });

  it('takes a session that drops at once for another failed attempt: the next pause is longer', () => {
    const outcome = run([setUp, ...[lost('resume'), 500, resumed, stableMs - 1], ...[lost('resume'), 999]]);
    expect(outcome.state).toBe('resuming.waiting');
    expect(attemptsOf(outcome).map(({ atMs }) => atMs)).toEqual([0, 500]);
  });

  it('gives up a server whose sessions all drop at once, after so many attempts', () => {
    const pausesMs = Array.from({ length: mostAttempts }, (_, attempt) => Math.min(500 * 2 ** attempt, 4000));
    const outcome = run([
      setUp,
      ...pausesMs.flatMap((pauseMs) => [lost('resume'), pauseMs, resumed]),
      lost('resume'),
    ]);
    expect(attemptsOf(outcome)).toHaveLength(1 + mostAttempts);
    expect(outcome.state).toBe('failed');
    expect(outcome.reported.at(-1)).toBe('gemini.failed gemini.closed');
  });
});
