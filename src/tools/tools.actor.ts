import { type AnyActorRef, type EventObject, fromCallback, type NonReducibleUnknown } from 'xstate';
import {
  type ToolDeskCommand,
  type ToolDeskReport,
  type ToolWorkReport,
  toolCallMachine,
  toolsMachine,
} from '../../machines/index.ts';
import type { ToolDesk } from './desk.ts';

/** The chart of the tools at work with the desk of its system: each run is a chart of its own in it. */
export function toolsActor(deskOf: (system: AnyActorRef['system']) => ToolDesk) {
  const deskLogic = fromCallback<ToolDeskCommand, NonReducibleUnknown, ToolDeskReport>(
    ({ system, sendBack, receive }) => {
      const desk = deskOf(system);
      receive(({ run, outcome }) => desk.settle(run, outcome));
      desk.listen(sendBack);
      return () => desk.dispose();
    },
  );
  const work = fromCallback<EventObject, { readonly run: string }, ToolWorkReport>(
    ({ input, system, sendBack }) => deskOf(system).work(input.run, sendBack),
  );
  return toolsMachine.provide({
    actors: { desk: deskLogic, toolCall: toolCallMachine.provide({ actors: { work } }) },
  });
}
