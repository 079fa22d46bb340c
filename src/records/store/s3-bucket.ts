import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { S3 } from '@aws-sdk/client-s3';
import type { ByteRange, OpenedFile } from './record-store.ts';

/** A longer file is sent in parts of this length, bytes; S3 wants at least 5 MiB, and takes 10,000 parts at most. */
const partBytes = 16 * 1024 * 1024;
/** Longest wait for a connection, and for an answer, ms. */
const connectMs = 5000;
const requestMs = 60_000;
/** Times that the SDK sends a request which failed; the record's keeper tries again later. */
const attempts = 2;
/** Objects that one request removes at most, as S3 allows. */
const mostRemoved = 1000;

/** Where a bucket is. */
export interface S3BucketOptions {
  readonly bucket: string;
  /** Of a server that is not Amazon's; it is asked by paths then, not by names of hosts. */
  readonly endpoint?: string | undefined;
  readonly region: string;
  /** Stands before each name, with its slash. */
  readonly prefix: string;
  /** Without them those of the environment or of the machine, as Amazon's own tools find them. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
}

/** A bucket of an S3-compatible server; its SDK is loaded by the first use. Its errors tell S3's code and status only. */
export class S3Bucket {
  readonly #o: S3BucketOptions;
  #loading: Promise<S3> | undefined;

  constructor(options: S3BucketOptions) {
    this.#o = options;
  }

  /** Sends a file, of which the server checks a checksum; resolves with its length in bytes, undefined when there is none. */
  async put(name: string, path: string): Promise<number | undefined> {
    const file = await open(path).catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (!file) return undefined;
    try {
      const { size } = await file.stat();
      const read = async (first: number): Promise<Buffer> => {
        const bytes = Buffer.alloc(Math.min(partBytes, size - first));
        const { bytesRead } = await file.read(bytes, 0, bytes.length, first);
        if (bytesRead < bytes.length) throw new Error('the file became shorter while it was sent');
        return bytes;
      };
      if (size > partBytes) await this.#putParts(name, size, read);
      else {
        const bytes = await read(0);
        await this.#ask((s3) => s3.putObject({ ...this.#at(name), Body: bytes }));
      }
      return size;
    } finally {
      await file.close();
    }
  }

  /** The length of an object in bytes; undefined when there is none. */
  async size(name: string): Promise<number | undefined> {
    const head = await this.#ask((s3) => s3.headObject(this.#at(name)), 404);
    return head?.ContentLength;
  }

  /** Reads an object or some of its bytes; undefined when there is none. */
  async open(name: string, range?: ByteRange): Promise<OpenedFile | undefined> {
    const asked = range && { Range: `bytes=${range.first}-${range.last ?? ''}` };
    const found = await this.#ask((s3) => s3.getObject({ ...this.#at(name), ...asked }), 404);
    if (!found) return undefined;
    if (!(found.Body instanceof Readable)) throw new Error('expected a stream from S3, found none');
    const whole = found.ContentRange?.match(/\/(\d+)$/)?.[1];
    return { sizeBytes: Number(whole ?? found.ContentLength ?? 0), stream: found.Body };
  }

  /** Removes objects; one that does not exist is no failure. */
  async remove(names: readonly string[]): Promise<void> {
    for (let at = 0; at < names.length; at += mostRemoved) {
      const objects = names.slice(at, at + mostRemoved).map((name) => ({ Key: this.#at(name).Key }));
      const request = { Bucket: this.#o.bucket, Delete: { Objects: objects, Quiet: true } };
      const { Errors: left = [] } = (await this.#ask((s3) => s3.deleteObjects(request))) ?? {};
      if (left.length > 0) throw new Error(`S3: ${left.length} objects were not removed: ${left[0]?.Code}`);
    }
  }

  async close(): Promise<void> {
    const s3 = await this.#loading?.catch(() => undefined);
    s3?.destroy();
  }

  async #putParts(name: string, size: number, read: (first: number) => Promise<Buffer>): Promise<void> {
    const at = this.#at(name);
    const begun = await this.#ask((s3) => s3.createMultipartUpload({ ...at, ChecksumAlgorithm: 'CRC32' }));
    const upload = { ...at, UploadId: begun?.UploadId };
    try {
      const parts: { PartNumber: number; ETag: string | undefined; ChecksumCRC32: string | undefined }[] = [];
      for (let first = 0; first < size; first += partBytes) {
        const bytes = await read(first);
        const PartNumber = parts.length + 1;
        const sent = await this.#ask((s3) => s3.uploadPart({ ...upload, PartNumber, Body: bytes }));
        parts.push({ PartNumber, ETag: sent?.ETag, ChecksumCRC32: sent?.ChecksumCRC32 });
      }
      await this.#ask((s3) => s3.completeMultipartUpload({ ...upload, MultipartUpload: { Parts: parts } }));
    } catch (error) {
      // what was sent would be kept, and paid for, without being seen
      await this.#ask((s3) => s3.abortMultipartUpload(upload)).catch(() => undefined);
      throw error;
    }
  }

  #at(name: string): { Bucket: string; Key: string } {
    return { Bucket: this.#o.bucket, Key: `${this.#o.prefix}${name}` };
  }

  /** Asks, and resolves with undefined for an answer with the status `none`. @throws Error that names the code and status */
  async #ask<T>(question: (s3: S3) => Promise<T>, none?: number): Promise<T | undefined> {
    this.#loading ??= load(this.#o);
    const s3 = await this.#loading;
    try {
      return await question(s3);
    } catch (error) {
      const status = statusOf(error);
      if (none !== undefined && status === none) return undefined;
      const code = error instanceof Error ? error.name : 'unknown';
      throw new Error(`S3: ${code}${status === undefined ? '' : ` (${status})`}`);
    }
  }
}

async function load({ endpoint, region, credentials }: S3BucketOptions): Promise<S3> {
  const { S3: Client } = await import('@aws-sdk/client-s3');
  return new Client({
    region,
    maxAttempts: attempts,
    requestHandler: { connectionTimeout: connectMs, requestTimeout: requestMs, throwOnRequestTimeout: true },
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
    ...(credentials && { credentials }),
  });
}

function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('$metadata' in error)) return undefined;
  const { $metadata: about } = error;
  if (typeof about !== 'object' || about === null || !('httpStatusCode' in about)) return undefined;
  return typeof about.httpStatusCode === 'number' ? about.httpStatusCode : undefined;
}
