export { streamAddress } from './addresses.ts';
export { usualLimits } from './admission.ts';
export { BaariServer, type ServerOptions } from './baari-server.ts';
export { Certificate, CertificateError } from './certificate.ts';
export { consoleFolder } from './console-route.ts';
export type { DoorOptions } from './door-options.ts';
export { watchLoopLag } from './loop-lag.ts';
export { type MayWatch, watchWithToken } from './watch-door.ts';
