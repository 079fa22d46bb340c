export { streamAddress } from './addresses.ts';
export { usualLimits } from './admission.ts';
export { ApiTokens, digestOf, TokensError } from './api/api-tokens.ts';
export { scopes } from './api/scopes.ts';
export { type ApiOptions, BaariServer, type ServerOptions } from './baari-server.ts';
export { Certificate, CertificateError } from './certificate.ts';
export { consoleFolder } from './console-route.ts';
export type { DoorOptions } from './door-options.ts';
export { watchLoopLag } from './loop-lag.ts';
