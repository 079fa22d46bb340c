import { describe, expect, it } from 'vitest';
import {
  type ExotelCommand,
  type ExotelWireCommand,
  type ExotelWireReport,
  exotelLinkMachine,
} from '../../machines/index.ts';
import { callInput, type FakeEdge } from '../helpers/machines.ts';
import { play, type Situation } from './situations.ts';

type LinkEvent = ExotelWireReport | ExotelCommand;

const started: LinkEvent = { type: 'wire.started', sampleRateHz: 8000 };
const stopped: LinkEvent = { type: 'wire.stopped' };
const close: LinkEvent = { type: 'exotel.close' };
const faulted: LinkEvent = {
  type: 'wire.faulted',
  failure: { code: 'exotel.protocol', message: 'too many bad frames' },
};
const closed = (code: number): LinkEvent => ({ type: 'wire.closed', code });
const { startMs, closeMs } = callInput.exotelLink;

const situations: readonly Situation<LinkEvent>[] = [
  {
    title: 'waits for the start message until its deadline',
    steps: [startMs - 1],
    state: 'awaitingStart',
    reported: [],
    commanded: [],
  },
  {
    title: 'gives up a peer that never says start',
    steps: [startMs],
    state: 'closing',
    reported: ['exotel.failed exotel.start-timeout'],
    commanded: ['wire.close'],
  },
  {
    title: 'streams for as long as the call takes once started',
    steps: [started, 3_600_000],
    state: 'streaming',
    reported: ['exotel.started 8000'],
    commanded: [],
  },
  {
    title: 'passes digits on',
    steps: [started, { type: 'wire.digit', digit: '5' }],
    state: 'streaming',
    reported: ['exotel.started 8000', 'exotel.digit 5'],
    commanded: [],
  },
  {
    title: 'ignores a digit before the start',
    steps: [{ type: 'wire.digit', digit: '5' }],
    state: 'awaitingStart',
    reported: [],
    commanded: [],
  },
  {
    title: 'closes when the caller hangs up',
    steps: [started, stopped, closed(1000)],
    state: 'closed',
    reported: ['exotel.started 8000', 'exotel.hungUp', 'exotel.closed 1000'],
    commanded: ['wire.close'],
  },
  {
    title: 'closes when the caller hangs up before the start',
    steps: [stopped, closed(1000)],
    state: 'closed',
    reported: ['exotel.hungUp', 'exotel.closed 1000'],
    commanded: ['wire.close'],
  },
  {
    title: 'closes when the call is over',
    steps: [started, close],
    state: 'closing',
    reported: ['exotel.started 8000'],
    commanded: ['wire.close'],
  },
  {
    title: 'drops a peer that does not answer the closing handshake',
    steps: [started, close, closeMs],
    state: 'closed',
    reported: ['exotel.started 8000', 'exotel.closed 1006'],
    commanded: ['wire.close', 'wire.drop'],
  },
  {
    title: 'is told once of a hang-up that crosses its own close',
    steps: [started, close, stopped, closed(1000)],
    state: 'closed',
    reported: ['exotel.started 8000', 'exotel.closed 1000'],
    commanded: ['wire.close'],
  },
  {
    title: 'reports a line that is cut while streaming',
    steps: [started, closed(1006)],
    state: 'closed',
    reported: ['exotel.started 8000', 'exotel.closed 1006'],
    commanded: [],
  },
  {
    title: 'reports a line that is cut before the start',
    steps: [closed(1006)],
    state: 'closed',
    reported: ['exotel.closed 1006'],
    commanded: [],
  },
  {
    title: 'closes a stream that breaks the protocol',
    steps: [started, faulted],
    state: 'closing',
    reported: ['exotel.started 8000', 'exotel.failed exotel.protocol'],
    commanded: ['wire.close'],
  },
];

describe('the Exotel link of an agent that says stop before it closes', () => {
  const { stopMs } = callInput.exotelLink;
  it.each([
    { title: 'says so', steps: [started, close], commanded: ['wire.stop'], state: 'stopping' },
    {
      title: 'closes a moment later',
      steps: [started, close, stopMs],
      commanded: ['wire.stop', 'wire.close'],
      state: 'closing',
    },
    {
      title: 'closes at once when the caller leaves first',
      steps: [started, close, stopped],
      commanded: ['wire.stop', 'wire.close'],
      state: 'closing',
    },
    {
      title: 'does not answer a stop with another',
      steps: [started, stopped],
      commanded: ['wire.close'],
      state: 'closing',
    },
  ])('$title', ({ steps, state, commanded }) => {
    const outcome = play(
      (edge: FakeEdge<ExotelWireCommand, ExotelWireReport>) =>
        exotelLinkMachine.provide({ actors: { exotelWire: edge.logic } }),
      { ...callInput.exotelLink, stopsFirst: true },
      steps,
    );
    expect(outcome).toMatchObject({ state, commanded });
  });
});

describe('the Exotel link', () => {
  it.each(situations)('$title', ({ steps, state, reported, commanded }) => {
    const outcome = play(
      (edge: FakeEdge<ExotelWireCommand, ExotelWireReport>) =>
        exotelLinkMachine.provide({ actors: { exotelWire: edge.logic } }),
      callInput.exotelLink,
      steps,
    );
    expect(outcome).toMatchObject({ state, reported, commanded });
    expect(outcome.pendingTimers).toBe(0);
    expect(outcome.isDisposed).toBe(true);
  });
});
