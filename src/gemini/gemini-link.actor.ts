import { fromCallback, type NonReducibleUnknown } from 'xstate';
import type { GeminiWireCommand, GeminiWireReport } from '../../machines/index.ts';
import type { GeminiWire } from './gemini-wire.ts';

/** The wire as an actor: reports go to the Gemini link's chart, its commands come back. */
export function geminiWireActor(wire: GeminiWire) {
  return fromCallback<GeminiWireCommand, NonReducibleUnknown, GeminiWireReport>(({ sendBack, receive }) => {
    receive((command) => wire.handle(command));
    wire.listen(sendBack);
    return () => wire.dispose();
  });
}
