import type { AnyActorLogic, EventFromLogic, EventObject, InputFrom, NonReducibleUnknown } from 'xstate';
import { FakeEdge, leaves, startUnderParent } from '../helpers/machines.ts';

/** What happens to a link: an event, or time that passes. */
export type Step<TEvent> = TEvent | number;

/** A row of a table: what happens, and what must have come of it. */
export interface Situation<TEvent> {
  readonly title: string;
  /** Events, and waits in ms. */
  readonly steps: readonly Step<TEvent>[];
  readonly state: string;
  /** What the call was told, in order and in words. */
  readonly reported: readonly string[];
  /** What the edge was told, in order and in words. */
  readonly commanded: readonly string[];
}

/** What came of a situation. */
export interface Outcome {
  readonly state: string;
  readonly reported: readonly string[];
  readonly commanded: readonly string[];
  /** The same commands with their times, ms. */
  readonly timed: readonly { readonly atMs: number; readonly command: string }[];
  readonly status: string;
  readonly pendingTimers: number;
  readonly isDisposed: boolean;
}

/** Plays `steps` to a child chart whose edge is a fake, then stops it. */
export function play<
  TLogic extends AnyActorLogic,
  TCommand extends EventObject,
  TReport extends EventObject,
  TInput extends NonReducibleUnknown = NonReducibleUnknown,
>(
  build: (edge: FakeEdge<TCommand, TReport, TInput>) => TLogic,
  input: InputFrom<TLogic>,
  steps: readonly Step<EventFromLogic<TLogic>>[],
): Outcome {
  let nowMs = (): number => 0;
  const edge = new FakeEdge<TCommand, TReport, TInput>(() => nowMs());
  const rig = startUnderParent(build(edge), input);
  nowMs = () => rig.clock.nowMs();
  for (const step of steps) {
    if (typeof step === 'number') rig.clock.advance(step);
    else rig.actor.send(step);
  }
  const { value, status } = rig.actor.getSnapshot();
  const reported = rig.take();
  rig.stop();
  return {
    state: leaves(value).join(' + '),
    reported,
    commanded: edge.words,
    timed: edge.commands,
    status,
    pendingTimers: rig.clock.pendingTimers,
    isDisposed: edge.isDisposed,
  };
}
