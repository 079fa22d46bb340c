export { FetchFailed } from './address-guard.ts';
export { type DialOptions, dialWebSocket, UpgradeRefused } from './dial.ts';
export { fetchThrough } from './fetch-through.ts';
export { type FloodLimits, floodGuarded, PeerFlood } from './flood-guard.ts';
export type { FrameSocket, FrameSocketListener } from './frame-socket.ts';
export { GuardedFetch, type GuardedRequest, type GuardedResponse } from './guarded-fetch.ts';
export { memorySocketPair } from './memory-socket.ts';
export { ProxyFailed, type ProxySettings } from './proxy.ts';
export { wsFrameSocket } from './ws-socket.ts';
