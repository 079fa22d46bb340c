import { X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import type { Server } from 'node:http';
import { Server as TlsServer } from 'node:https';
import { createSecureContext } from 'node:tls';
import type { Log } from '../observe/index.ts';
import type { Clock, Timer } from '../time/index.ts';

/** How often the files are looked at, ms. */
const lookEveryMs = 30_000;

/** The files of a certificate chain and its key, PEM. */
export interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
}

/** A certificate that cannot be used; the message names the file and never holds any of it. */
export class CertificateError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CertificateError';
  }
}

/** Certificate and key of this server, read anew when their files change. */
export class Certificate {
  readonly #files: CertificateFiles;
  #pem: { readonly cert: Buffer; readonly key: Buffer };
  #stamp: string;
  #timer: Timer | undefined;

  /** @throws CertificateError when the files cannot be read, or do not belong together */
  constructor(files: CertificateFiles) {
    this.#files = files;
    this.#stamp = stampOf(files);
    this.#pem = read(files);
  }

  /** What a TLS server is created with. */
  get pem(): { readonly cert: Buffer; readonly key: Buffer } {
    return this.#pem;
  }

  /** When it runs out, as it says itself. */
  get validTo(): string {
    return new X509Certificate(this.#pem.cert).validTo;
  }

  /** Keeps `server` up to date until the returned function is called; what is newly read serves new connections. */
  keep(server: Server, clock: Clock, log: Log): { readonly reload: () => void; readonly stop: () => void } {
    const reload = (): void => {
      try {
        this.#stamp = stampOf(this.#files);
        this.#pem = read(this.#files);
        if (server instanceof TlsServer) server.setSecureContext(this.#pem);
        log.info({ validTo: this.validTo }, 'tls.reloaded');
      } catch (error) {
        const message = error instanceof Error ? error.message : 'unknown';
        log.error({ message }, 'tls.reloadFailed');
      }
    };
    const look = (): void => {
      if (hasChanged(this.#files, this.#stamp)) reload();
      this.#timer = clock.setTimeout(look, lookEveryMs);
    };
    this.#timer = clock.setTimeout(look, lookEveryMs);
    return { reload, stop: () => clock.clearTimeout(this.#timer) };
  }
}

function read({ cert, key }: CertificateFiles): { cert: Buffer; key: Buffer } {
  const pem = { cert: readOne(cert, 'BAARI_TLS_CERT'), key: readOne(key, 'BAARI_TLS_KEY') };
  try {
    createSecureContext(pem);
    return pem;
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown';
    throw new CertificateError(`expected a PEM certificate in ${cert} and its key in ${key}: ${reason}`);
  }
}

function readOne(file: string, variable: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new CertificateError(`${variable}: expected a file that can be read, found ${reasonOf(error)}`);
  }
}

/** When the files were written last, and how long they are: through the links that certificate tools turn over. */
function stampOf({ cert, key }: CertificateFiles): string {
  try {
    return [cert, key]
      .map((file) => statSync(file))
      .map(({ mtimeMs, size, ino }) => `${mtimeMs} ${size} ${ino}`)
      .join();
  } catch {
    return '';
  }
}

/** Files that are away for a moment have not changed. */
function hasChanged(files: CertificateFiles, stamp: string): boolean {
  const now = stampOf(files);
  return now !== '' && now !== stamp;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : 'an error';
}
