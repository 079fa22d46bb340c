export type { WatchGrant } from './feed.ts';
export { watchCloseCodes, watchPath, watchProtocol } from './format.ts';
export { SocketViewer } from './viewer.ts';
export { WatchHub } from './watch-hub.ts';
