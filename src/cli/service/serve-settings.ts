import cluster from 'node:cluster';
import { Certificate, CertificateError } from '../../server/index.ts';
import { type Terminal, UserError } from '../output.ts';

/** @throws UserError naming what came */
export function readInspect(tool: string | undefined): 'stately' | undefined {
  if (tool !== undefined && tool !== 'stately') {
    throw new UserError(`--inspect: expected stately, found "${tool}"`, 2);
  }
  if (tool && cluster.isWorker) {
    throw new UserError('--inspect stately: expected a service of one process, found --workers', 2);
  }
  return tool;
}

/** @throws UserError when one file is named without the other, or they cannot be used */
export function openCertificate({
  BAARI_TLS_CERT: cert,
  BAARI_TLS_KEY: key,
}: Terminal['env']): Certificate | undefined {
  if (!cert && !key) return undefined;
  if (!cert || !key) {
    const [found, missing] = cert ? ['BAARI_TLS_CERT', 'BAARI_TLS_KEY'] : ['BAARI_TLS_KEY', 'BAARI_TLS_CERT'];
    throw new UserError(`expected BAARI_TLS_CERT and BAARI_TLS_KEY, found ${found} without ${missing}`, 2);
  }
  try {
    return new Certificate({ cert, key });
  } catch (error) {
    if (error instanceof CertificateError) throw new UserError(error.message);
    throw error;
  }
}
