import { describe, expect, it } from 'vitest';
import { callMachine, turnMachine } from '../../machines/index.ts';
import { layOutChart } from '../../src/console/charts/lay-out-chart.ts';
import { actorsOf, litStates, takenArrows, takes } from '../../src/console/live/chart-place.ts';
import { sortedCalls } from '../../src/console/live/sorted-calls.ts';
import { targetNames, transferTo } from '../../src/console/live/transfer-to.ts';
import { timeText } from '../../src/console/timeline/mark-words.ts';
import { replyParts } from '../../src/console/timeline/reply-parts.ts';
import { markNear, spansOf, type TimelineData } from '../../src/console/timeline/timeline-data.ts';
import type { CallRow, ChartState, Mark, Step } from '../../src/inspection/format.ts';

const silence = { fromMs: 0, peaks: [] };

describe('what lasts on the time axis', () => {
  const spans = (marks: readonly Mark[], turns: TimelineData['turns'] = []) =>
    spansOf({ durationMs: 9000, levelEveryMs: 20, caller: silence, agent: silence, turns, marks });

  it('is a hold until the voice goes on or is dropped, an outage until the model is back, a tool before its answer', () => {
    const { holds, outages, tools, mutes } = spans([
      { atMs: 100, kind: 'play' },
      { atMs: 1000, kind: 'hold' },
      { atMs: 1200, kind: 'hold' },
      { atMs: 1500, kind: 'play' },
      { atMs: 2000, kind: 'hold' },
      { atMs: 2400, kind: 'flush' },
      { atMs: 3000, kind: 'tool', what: 'order ok', tookMs: 700 },
      { atMs: 4000, kind: 'lost' },
      { atMs: 5000, kind: 'ready' },
      { atMs: 6000, kind: 'mute' },
      { atMs: 6500, kind: 'unmute' },
      { atMs: 8000, kind: 'lost' },
    ]);
    expect(mutes).toEqual([{ fromMs: 6000, toMs: 6500 }]);
    expect(holds).toEqual([
      { fromMs: 1000, toMs: 1500 },
      { fromMs: 2000, toMs: 2400 },
    ]);
    expect(outages).toEqual([
      { fromMs: 4000, toMs: 5000 },
      { fromMs: 8000, toMs: 9000 },
    ]);
    expect(tools).toEqual([{ fromMs: 2300, toMs: 3000, what: 'order ok' }]);
  });

  it('is the caller’s turn, and the wait for its answer; nothing of what the agent said unasked', () => {
    const { caller, waits } = spans(
      [],
      [
        { turn: 1, isBargeIn: false, firstChunkMs: 50 },
        { turn: 2, isBargeIn: true, callerStartedMs: 1000, callerEndedMs: 2000, firstChunkMs: 2900 },
      ],
    );
    expect(caller).toEqual([{ fromMs: 1000, toMs: 2000, isBargeIn: true }]);
    expect(waits).toEqual([{ fromMs: 2000, toMs: 2900 }]);
  });

  it('finds the mark that is pointed at', () => {
    const marks: Mark[] = [
      { atMs: 100, kind: 'key' },
      { atMs: 180, kind: 'end' },
    ];
    expect(markNear(marks, 150, 60)?.kind).toBe('end');
    expect(markNear(marks, 110, 60)?.kind).toBe('key');
    expect(markNear(marks, 400, 60)).toBeUndefined();
  });

  it.each([
    [0, '0:00.0'],
    [61_299, '1:01.2'],
    [-5, '0:00.0'],
  ])('writes %i ms as %s', (ms, text) => expect(timeText(ms)).toBe(text));
});

describe('what a reply’s delay was made of', () => {
  it.each([
    [
      'all is known',
      { callerEndedMs: 1000, toldMs: 1400, firstAudioMs: 1900, firstChunkMs: 2000 },
      [400, 500, 100],
    ],
    ['no first audio', { callerEndedMs: 1000, toldMs: 1400, firstChunkMs: 2000 }, [400, 600, 0]],
    [
      'told after it began',
      { callerEndedMs: 1000, toldMs: 2500, firstAudioMs: 900, firstChunkMs: 2000 },
      [1000, 0, 0],
    ],
  ])('%s', (_, times, parts) => {
    const [reply] = replyParts({ turn: 1, isBargeIn: false, ...times });
    expect(reply?.parts.map(({ ms }) => ms)).toEqual(parts);
    expect(reply?.totalMs).toBe(1000);
  });

  it('is nothing for what the agent said unasked', () => {
    expect(replyParts({ turn: 1, isBargeIn: false, firstChunkMs: 100 })).toEqual([]);
  });
});

describe('where a chart is', () => {
  const conversing: ChartState = {
    actor: 'call',
    chart: 'call',
    states: [
      { path: 'live.answered.conversing.errand.nothing' },
      { path: 'live.answered.conversing.farewell.staying' },
    ],
  };

  it('is lit with all that is around it', () => {
    expect(litStates({ actor: 'turn', chart: 'turn', states: [{ path: 'listening.quiet' }] })).toEqual(
      new Set(['turn', 'turn.listening', 'turn.listening.quiet']),
    );
    expect(litStates(undefined).size).toBe(0);
  });

  it('says which buttons are open: what the chart takes where it is', async () => {
    const chart = await layOutChart(callMachine);
    const lit = litStates(conversing);
    const arriving = litStates({ actor: 'call', chart: 'call', states: [{ path: 'live.arriving' }] });
    const ended = litStates({ actor: 'call', chart: 'call', states: [{ path: 'ended' }] });
    for (const event of ['call.say', 'call.transfer', 'call.end']) {
      expect(takes(chart, lit, event), event).toBe(true);
      expect(takes(chart, ended, event), event).toBe(false);
    }
    expect(takes(chart, arriving, 'call.say')).toBe(false);
    expect(takes(chart, arriving, 'call.transfer')).toBe(false);
    expect(takes(chart, arriving, 'call.end')).toBe(true);
    expect(takes(undefined, lit, 'call.end')).toBe(false);
  });

  it.each([
    [
      'one of a state around that which was left, and where it led without another event',
      { event: 'playout.drained', from: ['draining.playingOut'], to: ['listening.quiet'] },
      { 'turn.draining turn.said': 'playout.drained', 'turn.said turn.listening.quiet': 'always' },
    ],
    [
      'one from state to state',
      { event: 'speech.sustained', from: ['listening.quiet'], to: ['listening.callerSpeaking'] },
      { 'turn.listening.quiet turn.listening.callerSpeaking': 'speech.sustained' },
    ],
    ['none of an event that no state left takes', { event: 'unheard of', from: ['draining'], to: [] }, {}],
  ])('knows the arrows that were taken: %s', async (_, { event, from, to }, expected) => {
    const chart = await layOutChart(turnMachine);
    const step: Step = {
      atMs: 0,
      actor: 'turn',
      chart: 'turn',
      event,
      from: from.map((path) => ({ path })),
      to,
    };
    expect(Object.fromEntries(takenArrows(chart, step))).toEqual(expected);
  });

  it('names the charts that every call has, then those of its tools', () => {
    const tool: ChartState = { actor: 'tool-1', chart: 'toolCall', states: [] };
    const actors = actorsOf([conversing, tool]).map(({ actor }) => actor);
    expect(actors).toEqual([
      'turn',
      'call',
      'geminiLink',
      'exotelLink',
      'playout',
      'speechDetector',
      'tools',
      'keypad',
      'tool-1',
    ]);
  });
});

describe('the list of calls in order', () => {
  const rows: CallRow[] = [
    {
      callId: 'a',
      agent: 'shop',
      acceptedWallMs: 0,
      floor: 'agent',
      because: '',
      floorSinceMs: 9,
      latenciesMs: [800],
      health: 'good',
      isMuted: false,
    },
    {
      callId: 'b',
      agent: 'bank',
      acceptedWallMs: 1,
      floor: 'nobody',
      because: '',
      floorSinceMs: 9,
      latenciesMs: [],
      health: 'failing',
      isMuted: false,
    },
    {
      callId: 'c',
      agent: 'shop',
      acceptedWallMs: 2,
      floor: 'caller',
      because: '',
      floorSinceMs: 0,
      latenciesMs: [90, 900],
      health: 'slow',
      isMuted: false,
    },
  ];
  it.each([
    ['came', 'abc'],
    ['agent', 'bac'],
    ['floor', 'bca'],
    ['latency', 'cab'],
    ['health', 'bca'],
    ['caller', 'abc'],
  ] as const)('by %s', (by, ids) => {
    const inOrder = (isReversed: boolean): string =>
      sortedCalls(rows, by, isReversed)
        .map(({ callId }) => callId)
        .join('');
    expect(inOrder(false)).toBe(ids);
    expect(inOrder(true)).toBe([...ids].reverse().join(''));
  });
});

describe('whom a call is passed on to', () => {
  const names = targetNames([{ path: 'transfer.targets', value: 'owner (hours), front desk' }]);

  it.each([
    ['owner', { target: 'owner' }],
    [' Front Desk ', { target: 'front desk' }],
    ['+91 (900) 000-0001', { to: '+919000000001' }],
    ['nobody', undefined],
    ['12345', undefined],
    ['', undefined],
  ])('is read from what is written: %s', (written, whom) => expect(transferTo(written, names)).toEqual(whom));

  it('is a number where the agent knows nobody', () => {
    expect(targetNames([])).toEqual([]);
    expect(targetNames([{ path: 'transfer.targets', value: '' }])).toEqual([]);
  });
});
