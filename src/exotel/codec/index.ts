export { padToMultiple } from './align.ts';
export { customFieldName } from './custom-parameters.ts';
export {
  type ExotelSampleRateHz,
  maxInboundFrameBytes,
  maxMediaBytes,
} from './limits.ts';
export type { ExotelMessage, MediaMessage, StartMessage } from './messages.ts';
export type { ExotelProblem } from './problem.ts';
export { parseExotelFrame } from './read-frame.ts';
export { ExotelWriter } from './writer.ts';
