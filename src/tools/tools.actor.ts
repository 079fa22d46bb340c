import { type EventObject, fromCallback, type NonReducibleUnknown } from 'xstate';
import {
  type ToolDeskCommand,
  type ToolDeskReport,
  type ToolWorkReport,
  toolCallMachine,
  toolsMachine,
} from '../../machines/index.ts';
import type { ToolDesk } from './desk.ts';

/** The chart of the tools at work with `desk`: each run is a chart of its own in it. */
export function toolsActor(desk: ToolDesk) {
  const deskLogic = fromCallback<ToolDeskCommand, NonReducibleUnknown, ToolDeskReport>(
    ({ sendBack, receive }) => {
      receive(({ run, outcome }) => desk.settle(run, outcome));
      desk.listen(sendBack);
      return () => desk.dispose();
    },
  );
  const work = fromCallback<EventObject, { readonly run: string }, ToolWorkReport>(({ input, sendBack }) =>
    desk.work(input.run, sendBack),
  );
  return toolsMachine.provide({
    actors: { desk: deskLogic, toolCall: toolCallMachine.provide({ actors: { work } }) },
  });
}
