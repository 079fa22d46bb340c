import { describe, expect, it } from 'vitest';
import {
  type FloorNotice,
  type GeminiCommand,
  type GeminiWireCommand,
  type GeminiWireReport,
  geminiLinkMachine,
  type ToolReport,
} from '../../machines/index.ts';
import { callInput, type FakeEdge } from '../helpers/machines.ts';
import { type Outcome, play, type Situation, type Step } from './situations.ts';

type LinkEvent = GeminiWireReport | GeminiCommand | FloorNotice | ToolReport;

const {
  setupMs,
  resumeBudgetMs,
  stableMs,
  rotateAfterMs,
  rotateGraceMs,
  silenceMs,
  poisonedMs,
  turnCompleteMs,
  handleMs,
} = callInput.geminiLink;
const goneMessage = 'the connection is gone';
const setUp: LinkEvent = { type: 'wire.setUp', resumed: false };
const resumed: LinkEvent = { type: 'wire.setUp', resumed: true };
const lost = (remedy: 'resume' | 'renew' | 'none', retryAfterMs?: number): LinkEvent => ({
  type: 'wire.lost',
  failure: { code: 'gemini.closed', message: goneMessage },
  remedy,
  ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
});
const goingAway = (timeLeftMs: number): LinkEvent => ({ type: 'wire.goingAway', timeLeftMs });
const turnComplete: LinkEvent = { type: 'wire.turnComplete', isEmpty: false };

const asked: LinkEvent = { type: 'wire.asked' };
const answering: LinkEvent = { type: 'wire.answering' };
const alive: LinkEvent = { type: 'wire.alive' };
const generated: LinkEvent = { type: 'wire.generationComplete' };
const emptyTurn: LinkEvent = { type: 'wire.turnComplete', isEmpty: true };
const handle: LinkEvent = { type: 'wire.handle' };
const free: LinkEvent = { type: 'floor.free' };
const taken: LinkEvent = { type: 'floor.taken' };
const startTurn: LinkEvent = { type: 'gemini.startCallerTurn', onsetSample: 8 };

/** The regions of a session that is set up, as far as they are not the usual ones. */
function inReady({ age = 'steady', answer = 'idle', proof = 'sound' } = {}): string {
  return `ready.line + ready.age.${age} + ready.answer.${answer} + ready.proof.${proof}`;
}

const ready = ['gemini.ready false'];
const first = ['wire.connect first'];
const rotated = ['wire.note rotated', 'wire.close', 'wire.connect rotate'];
const rotatedInHaste = ['wire.note rotatedInHaste', 'wire.close', 'wire.connect resume'];

const situations: readonly Situation<LinkEvent>[] = [
  {
    title: 'is ready once the first session is set up',
    steps: [setUp, 3_600_000],
    state: inReady(),
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
    state: 'connecting.attempting',
    reported: [],
    commanded: first,
  },
  {
    title: 'tries the first session once more after a moment’s trouble',
    steps: [lost('resume'), 499],
    state: 'connecting.pausing',
    reported: [],
    commanded: first,
  },
  {
    title: 'is ready when the second attempt succeeds',
    steps: [lost('resume'), 500, setUp],
    state: inReady(),
    reported: ready,
    commanded: [...first, ...first],
  },
  {
    title: 'gives up when the second attempt is lost as well: the caller is waiting',
    steps: [lost('resume'), 500, lost('resume')],
    state: 'failed',
    reported: ['gemini.failed gemini.closed'],
    commanded: [...first, ...first, 'wire.close'],
  },
  {
    title: 'tells what went wrong rather than that time is up',
    steps: [lost('resume'), setupMs],
    state: 'failed',
    reported: ['gemini.failed gemini.closed'],
    commanded: [...first, ...first, 'wire.close'],
  },
  {
    title: 'does not try a first session again that was refused for good',
    steps: [lost('none')],
    state: 'failed',
    reported: ['gemini.failed gemini.closed'],
    commanded: [...first, 'wire.close'],
  },
  {
    title: 'tells what the model does',
    steps: [setUp, { type: 'wire.generationComplete' }, { type: 'wire.interrupted' }, turnComplete],
    state: inReady({ answer: 'idle' }),
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
    state: inReady(),
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
    state: inReady({ age: 'leaving' }),
    reported: ready,
    commanded: first,
  },
  {
    title: 'rotates at the quiet moment, and nothing is reported lost',
    steps: [setUp, goingAway(10_000), taken, free, resumed],
    state: inReady({ proof: 'onProbation' }),
    reported: [...ready, 'gemini.ready true'],
    commanded: [...first, ...rotated],
  },
  {
    title: 'rotates a second before the end when no quiet moment comes, and says that a reply may be cut',
    steps: [setUp, goingAway(10_000), 9000],
    state: 'rotating.inHaste',
    reported: [...ready, 'gemini.lost'],
    commanded: [...first, ...rotatedInHaste],
  },
  {
    title: 'rotates at once when there is no time left',
    steps: [setUp, goingAway(300), 1],
    state: 'rotating.inHaste',
    reported: [...ready, 'gemini.lost'],
    commanded: [...first, ...rotatedInHaste],
  },
  {
    title: 'passes commands on while it rotates, to be kept for the next session',
    steps: [setUp, goingAway(300), 1, { type: 'gemini.startCallerTurn', onsetSample: 8 }],
    state: 'rotating.inHaste',
    reported: [...ready, 'gemini.lost'],
    commanded: [...first, ...rotatedInHaste, 'gemini.startCallerTurn 8'],
  },
  {
    title: 'goes on resuming when a rotation is not set up in time',
    steps: [setUp, free, goingAway(10_000), setupMs],
    state: 'resuming.waiting',
    reported: ready,
    commanded: [...first, ...rotated],
  },
  {
    title: 'starts afresh when the handle of a rotation is refused',
    steps: [setUp, free, goingAway(10_000), lost('renew'), setUp],
    state: inReady(),
    reported: [...ready, 'gemini.ready false'],
    commanded: [...first, ...rotated, 'wire.connect renew'],
  },
  {
    title: 'resumes a lost connection after half a second',
    steps: [setUp, lost('resume'), 500, resumed],
    state: inReady({ proof: 'onProbation' }),
    reported: [...ready, 'gemini.lost', 'gemini.ready true'],
    commanded: [...first, 'wire.connect resume'],
  },
  {
    title: 'renews at once when the session cannot be resumed',
    steps: [setUp, lost('renew'), setUp],
    state: inReady(),
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
    state: inReady({ proof: 'onProbation' }),
    reported: [...ready, 'gemini.lost', 'gemini.ready true'],
    commanded: [...first, 'wire.connect resume', 'wire.connect resume'],
  },
  {
    title: 'takes an attempt that hung and is set up after all',
    steps: [setUp, lost('resume'), 500, setupMs, resumed],
    state: inReady({ proof: 'onProbation' }),
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
    state: inReady(),
    reported: [...ready, 'gemini.ready false'],
    commanded: [...first, 'wire.connect renew'],
  },
  {
    title: 'rotates at once when it is to leave at a quiet moment',
    steps: [setUp, free, goingAway(10_000)],
    state: 'rotating.atLeisure',
    reported: ready,
    commanded: [...first, ...rotated],
  },
  {
    title: 'leaves a session of its own accord when it is old',
    steps: [setUp, free, rotateAfterMs - 1, taken, 1, 30_000, free],
    state: 'rotating.atLeisure',
    reported: ready,
    commanded: [...first, ...rotated],
  },
  {
    title: 'leaves an old session in haste when no quiet moment comes',
    steps: [setUp, rotateAfterMs, rotateGraceMs],
    state: 'rotating.inHaste',
    reported: [...ready, 'gemini.lost'],
    commanded: [...first, ...rotatedInHaste],
  },
  {
    title: 'counts the time that the server leaves even where it was leaving already',
    steps: [setUp, rotateAfterMs, goingAway(5000), 4000],
    state: 'rotating.inHaste',
    reported: [...ready, 'gemini.lost'],
    commanded: [...first, ...rotatedInHaste],
  },
  {
    title: 'does not leave while an answer is owed, comes, or its handle is waited for',
    steps: [setUp, asked, goingAway(10_000), free, answering, generated, turnComplete],
    state: inReady({ age: 'leaving', answer: 'over' }),
    reported: [...ready, 'gemini.generationComplete', 'gemini.turnComplete'],
    commanded: first,
  },
  {
    title: 'leaves once the handle that knows of the last turn has come',
    steps: [setUp, asked, goingAway(10_000), free, answering, generated, turnComplete, handle],
    state: 'rotating.atLeisure',
    reported: [...ready, 'gemini.generationComplete', 'gemini.turnComplete'],
    commanded: [...first, ...rotated],
  },
  {
    title: 'leaves without that handle when it does not come',
    steps: [setUp, asked, goingAway(10_000), free, answering, turnComplete, handleMs],
    state: 'rotating.atLeisure',
    reported: [...ready, 'gemini.turnComplete'],
    commanded: [...first, ...rotated],
  },
  {
    title: 'does not leave while a tool runs',
    steps: [setUp, { type: 'tool.started' }, free, goingAway(10_000), 5000],
    state: inReady({ age: 'leaving' }),
    reported: ready,
    commanded: first,
  },
  {
    title: 'leaves when the tool has run',
    steps: [setUp, { type: 'tool.started' }, free, goingAway(10_000), { type: 'tool.finished' }],
    state: 'rotating.atLeisure',
    reported: ready,
    commanded: [...first, ...rotated],
  },
  {
    title: 'does not wait for ever for the end of a turn that the caller has heard',
    steps: [setUp, asked, answering, generated, goingAway(60_000), 20_000, free, turnCompleteMs],
    state: 'rotating.atLeisure',
    reported: [...ready, 'gemini.generationComplete'],
    commanded: [...first, 'wire.note missingTurnComplete', ...rotated],
  },
  {
    title: 'is back to nothing owed when the caller goes on',
    steps: [setUp, asked, silenceMs - 1, startTurn, 60_000],
    state: inReady(),
    reported: ready,
    commanded: [...first, 'gemini.startCallerTurn 8'],
  },
  {
    title: 'resumes a connection on which nothing comes while an answer is owed',
    steps: [setUp, asked, silenceMs],
    state: 'resuming.connecting',
    reported: [...ready, 'gemini.lost'],
    commanded: [...first, 'wire.note silentConnection', 'wire.drop', 'wire.connect resume'],
  },
  {
    title: 'waits for a model that is slow, as long as the server sends something',
    steps: [setUp, asked, silenceMs - 1, alive, silenceMs - 1, alive, silenceMs - 1],
    state: inReady({ answer: 'owed' }),
    reported: ready,
    commanded: first,
  },
  {
    title: 'resumes a connection that falls silent in mid-reply',
    steps: [setUp, asked, answering, silenceMs - 1, alive, silenceMs],
    state: 'resuming.connecting',
    reported: [...ready, 'gemini.lost'],
    commanded: [...first, 'wire.note silentConnection', 'wire.drop', 'wire.connect resume'],
  },
  {
    title: 'waits for a tool as long as it takes',
    steps: [setUp, asked, answering, { type: 'tool.started' }, silenceMs * 4],
    state: inReady({ answer: 'coming' }),
    reported: ready,
    commanded: first,
  },
  {
    title: 'expects no sign of life while nothing is owed: an interruption out of nowhere wedges nothing',
    steps: [setUp, { type: 'wire.interrupted' }, 60_000],
    state: inReady(),
    reported: [...ready, 'gemini.interrupted'],
    commanded: first,
  },
  {
    title: 'resumes a session that is silent after an interruption out of nowhere',
    steps: [setUp, asked, { type: 'wire.interrupted' }, turnComplete, silenceMs],
    state: 'resuming.connecting',
    reported: [...ready, 'gemini.interrupted', 'gemini.turnComplete', 'gemini.lost'],
    commanded: [...first, 'wire.note silentConnection', 'wire.drop', 'wire.connect resume'],
  },
  {
    title: 'bears two empty turns in a row',
    steps: [setUp, asked, emptyTurn, asked, emptyTurn, handleMs],
    state: inReady(),
    reported: [...ready, 'gemini.turnComplete', 'gemini.turnComplete'],
    commanded: first,
  },
  {
    title: 'begins a fresh session after three',
    steps: [setUp, asked, emptyTurn, asked, emptyTurn, asked, emptyTurn, setUp],
    state: inReady(),
    reported: [
      ...ready,
      'gemini.turnComplete',
      'gemini.turnComplete',
      'gemini.turnComplete',
      'gemini.lost',
      'gemini.ready false',
    ],
    commanded: [...first, 'wire.note emptyTurnsInARow', 'wire.connect renew'],
  },
  {
    title: 'counts empty turns anew once an answer has come',
    steps: [setUp, asked, emptyTurn, asked, emptyTurn, asked, answering, turnComplete, asked, emptyTurn],
    state: inReady({ answer: 'over' }),
    reported: [...ready, ...new Array<string>(4).fill('gemini.turnComplete')],
    commanded: first,
  },
  {
    title: 'begins a fresh session when a resumed one hears and says nothing',
    steps: [
      ...[setUp, lost('resume'), 500, resumed, asked],
      ...[poisonedMs / 2, alive, poisonedMs / 2 - 1, alive, 1],
      setUp,
    ],
    state: inReady(),
    reported: [...ready, 'gemini.lost', 'gemini.ready true', 'gemini.lost', 'gemini.ready false'],
    commanded: [...first, 'wire.connect resume', 'wire.note poisonedResume', 'wire.connect renew'],
  },
  {
    title: 'begins a fresh session when a resumed one falls silent altogether',
    steps: [setUp, lost('resume'), 500, resumed, asked, silenceMs],
    state: 'resuming.renewing',
    reported: [...ready, 'gemini.lost', 'gemini.ready true', 'gemini.lost'],
    commanded: [
      ...[...first, 'wire.connect resume'],
      ...['wire.note poisonedResume', 'wire.drop', 'wire.connect renew'],
    ],
  },
  {
    title: 'believes in a resumed session that has spoken',
    steps: [setUp, lost('resume'), 500, resumed, asked, answering, generated, turnComplete, handle, 60_000],
    state: inReady(),
    reported: [
      ...[...ready, 'gemini.lost', 'gemini.ready true'],
      ...['gemini.generationComplete', 'gemini.turnComplete'],
    ],
    commanded: [...first, 'wire.connect resume'],
  },
  {
    title: 'suspects no resumed session of which nothing is asked',
    steps: [setUp, lost('resume'), 500, resumed, asked, 1000, startTurn, poisonedMs * 2],
    state: inReady({ proof: 'onProbation' }),
    reported: [...ready, 'gemini.lost', 'gemini.ready true'],
    commanded: [...first, 'wire.connect resume', 'gemini.startCallerTurn 8'],
  },
  {
    title: 'waits as long as the server asks it to',
    steps: [setUp, lost('resume', 7000), 6999],
    state: 'resuming.waiting',
    reported: [...ready, 'gemini.lost'],
    commanded: first,
  },
  {
    title: 'tries a fresh session when a handle does not help',
    steps: [
      ...[setUp, lost('resume'), 500, lost('resume'), 1000, lost('resume'), 2000, lost('resume')],
      4000,
      setUp,
    ],
    state: inReady(),
    reported: [...ready, 'gemini.lost', 'gemini.ready false'],
    commanded: [...first, ...new Array<string>(3).fill('wire.connect resume'), 'wire.connect renew'],
  },
  {
    title: 'renews at once when it is told to while it waits to resume',
    steps: [setUp, lost('resume'), { type: 'gemini.renew' }, { type: 'gemini.renew' }, setUp],
    state: inReady(),
    reported: [...ready, 'gemini.lost', 'gemini.ready false'],
    commanded: [...first, 'wire.connect renew'],
  },
  {
    title: 'gives up when fresh sessions are refused one after the other',
    steps: [setUp, lost('renew'), setUp, lost('renew'), setUp, lost('renew')],
    state: 'failed',
    reported: [
      ...[...ready, 'gemini.lost', 'gemini.ready false', 'gemini.lost', 'gemini.ready false'],
      'gemini.failed gemini.closed',
    ],
    commanded: [...first, 'wire.connect renew', 'wire.connect renew', 'wire.close'],
  },
  {
    title: 'stops when a rotation finds that there is no remedy',
    steps: [setUp, free, goingAway(10_000), lost('none')],
    state: 'failed',
    reported: [...ready, 'gemini.failed gemini.closed'],
    commanded: [...first, ...rotated, 'wire.close'],
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
    const { mostAttempts } = callInput.geminiLink;
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
