export {
  ExotelWriter,
  maxInboundFrameBytes,
  parseExotelFrame,
  type StartMessage,
} from './codec/index.ts';
export { exotelWireActor } from './exotel-link.actor.ts';
export { type ExotelCount, ExotelWire, type ExotelWireOptions } from './exotel-wire.ts';
export {
  asE164,
  type CallFields,
  calledNumbers,
  callSidOf,
  connectReply,
  readCallFields,
  readStatusReport,
  readStreamReport,
  resolveReply,
  type StatusReport,
  type StreamReport,
  streamFailed,
  switchReply,
} from './http/index.ts';
export {
  type CallRequest,
  type CallStatus,
  callStatusOf,
  type ExotelAccess,
  type ExotelApiCode,
  ExotelApiError,
  type ExotelCall,
  ExotelCalls,
  exotelBaseUrl,
  isEnded,
  subdomainForm,
} from './rest/index.ts';
