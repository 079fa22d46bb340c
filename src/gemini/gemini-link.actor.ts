import { type AnyActorRef, fromCallback, type NonReducibleUnknown } from 'xstate';
import type { GeminiWireCommand, GeminiWireReport } from '../../machines/index.ts';
import type { GeminiWire } from './gemini-wire.ts';

/** The wire of an actor's system as an actor: reports go to the Gemini link's chart, its commands come back. */
export function geminiWireActor(wireOf: (system: AnyActorRef['system']) => GeminiWire) {
  return fromCallback<GeminiWireCommand, NonReducibleUnknown, GeminiWireReport>(
    ({ system, sendBack, receive }) => {
      const wire = wireOf(system);
      receive((command) => wire.handle(command));
      wire.listen(sendBack);
      return () => wire.dispose();
    },
  );
}
