import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { recordFiles } from '../record-files.ts';
import { stowedPrefix } from '../sweep-stowed.ts';
import { FolderFiles, isCallId } from './folder-files.ts';
import type { ByteRange, OpenedFile, RecordFileName, StoredFiles } from './record-store.ts';
import type { S3Bucket } from './s3-bucket.ts';

/** What is put away of a call, in this order: one that has `call.json` there is there as a whole. */
const stowed = ['audio.wav', 'transcript.jsonl', 'journal.jsonl', 'call.json'] as const;

/** Records that are written in a folder, which is their spool, and kept in a bucket of an S3-compatible server. */
export class S3Files implements StoredFiles {
  readonly #folder: string;
  readonly #local: FolderFiles;
  readonly #bucket: S3Bucket;

  constructor(folder: string, bucket: S3Bucket) {
    this.#folder = folder;
    this.#local = new FolderFiles(folder);
    this.#bucket = bucket;
  }

  /** Puts each file there, asks whether it is there with its length, and only then removes the folder. */
  async stow(callId: string): Promise<void> {
    const { folder } = recordFiles(this.#folder, callId);
    const sizes = new Map<string, number>();
    for (const file of stowed) {
      const sizeBytes = await this.#bucket.put(`${callId}/${file}`, join(folder, file));
      if (sizeBytes !== undefined) sizes.set(file, sizeBytes);
    }
    if (!sizes.has('call.json')) return;
    for (const [file, sizeBytes] of sizes) {
      const found = await this.#bucket.size(`${callId}/${file}`);
      if (found !== sizeBytes)
        throw new Error(`expected ${file} with ${sizeBytes} bytes in the bucket, found ${found ?? 'none'}`);
    }
    // at once, so that a crash leaves no half folder, which would look like a call that was cut off
    const gone = join(this.#folder, `${stowedPrefix}${callId}`);
    await rm(gone, { recursive: true, force: true });
    await rename(folder, gone);
    await rm(gone, { recursive: true, force: true });
  }

  async open(callId: string, file: RecordFileName, range?: ByteRange): Promise<OpenedFile | undefined> {
    if (!isCallId(callId)) return undefined;
    const near = await this.#local.open(callId, file, range);
    return near ?? this.#bucket.open(`${callId}/${file}`, range);
  }

  async remove(callIds: readonly string[]): Promise<void> {
    const ids = callIds.filter(isCallId);
    await this.#bucket.remove(ids.flatMap((callId) => stowed.map((file) => `${callId}/${file}`)));
    await this.#local.remove(ids);
  }

  close(): Promise<void> {
    return this.#bucket.close();
  }
}
