export { streamAddress } from './addresses.ts';
export { BaariServer, type ServerOptions } from './baari-server.ts';
export { Certificate, CertificateError } from './certificate.ts';
