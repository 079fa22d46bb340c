import { fromCallback, type NonReducibleUnknown } from 'xstate';
import type { ExotelWireCommand, ExotelWireReport } from '../../machines/index.ts';
import type { ExotelWire } from './exotel-wire.ts';

/** The wire as an actor: reports go to the Exotel link's chart, its commands come back. */
export function exotelWireActor(wire: ExotelWire) {
  return fromCallback<ExotelWireCommand, NonReducibleUnknown, ExotelWireReport>(({ sendBack, receive }) => {
    receive((command) => {
      if (command.type === 'wire.close') wire.close();
      else if (command.type === 'wire.stop') wire.stop();
      else wire.drop();
    });
    wire.open(sendBack);
    return () => wire.dispose();
  });
}
