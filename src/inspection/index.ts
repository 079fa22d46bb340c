export type { WatchableCall } from './call-source.ts';
export type { WatchGrant } from './feed.ts';
export {
  applyCallChanges,
  applyListChanges,
  type CallChanges,
  type CallOver,
  type CallPicture,
  type CallRow,
  type Line,
  type ListPicture,
  type Mark,
  type MarkKind,
  type Step,
  type Turn,
  type WatchMessage,
  type WatchQuestion,
  watchCloseCodes,
  watchPath,
  watchProtocol,
  watchVersion,
} from './format.ts';
export { maskNumber } from './mask.ts';
export type { OtherProcesses, PeerListener } from './other-processes.ts';
export { marksOfJournal } from './past-marks.ts';
export {
  bridgePage,
  bridgePath,
  bridgePolicy,
  bridgeProtocol,
  bridgeSocketPath,
} from './stately/bridge-page.ts';
export { StatelyRelay } from './stately/stately-relay.ts';
export { SocketViewer } from './viewer.ts';
export { WatchHub } from './watch-hub.ts';
