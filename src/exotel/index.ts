export { maxInboundFrameBytes, type StartMessage } from './codec/index.ts';
export { exotelWireActor } from './exotel-link.actor.ts';
export { type ExotelCount, ExotelWire, type ExotelWireOptions } from './exotel-wire.ts';
