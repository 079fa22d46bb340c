import { type AnyActorRef, fromCallback, type NonReducibleUnknown } from 'xstate';
import type { ExotelWireCommand, ExotelWireReport } from '../../machines/index.ts';
import type { ExotelWire } from './exotel-wire.ts';

/** The wire of an actor's system as an actor: reports go to the Exotel link's chart, its commands come back. */
export function exotelWireActor(wireOf: (system: AnyActorRef['system']) => ExotelWire) {
  return fromCallback<ExotelWireCommand, NonReducibleUnknown, ExotelWireReport>(
    ({ system, sendBack, receive }) => {
      const wire = wireOf(system);
      receive((command) => {
        if (command.type === 'wire.close') wire.close();
        else if (command.type === 'wire.stop') wire.stop();
        else wire.drop();
      });
      wire.open(sendBack);
      return () => wire.dispose();
    },
  );
}
