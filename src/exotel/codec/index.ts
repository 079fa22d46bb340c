export { padToMultiple } from './align.ts';
export { customFieldName } from './custom-parameters.ts';
export {
  type ExotelSampleRateHz,
  exotelSampleRatesHz,
  isExotelSampleRateHz,
  maxInboundFrameBytes,
  maxMediaBytes,
  mediaGrainBytes,
} from './limits.ts';
export type {
  ClearMessage,
  ConnectedMessage,
  DtmfMessage,
  ExotelMessage,
  IgnoredFields,
  MarkMessage,
  MediaMessage,
  StartMessage,
  StopMessage,
  UnknownMessage,
} from './messages.ts';
export type { ExotelProblem, ExotelProblemCode } from './problem.ts';
export { parseExotelFrame } from './read-frame.ts';
export { ExotelWriter } from './writer.ts';
