import { createHash, hkdfSync } from 'node:crypto';

const keyBytes = 32;

/** One key that records are sealed with. */
export interface SealKey {
  /** The first 8 bytes of the key's SHA-256: tells keys apart, and nothing of the key. */
  readonly id: Buffer;
  readonly bytes: Buffer;
}

/** Keys of records: the first one seals, all of them open. */
export interface SealKeys {
  readonly sealing: SealKey;
  readonly all: readonly SealKey[];
}

/**
 * Reads BAARI_RECORDS_KEY: keys of 32 bytes in base64 or hexadecimal digits, separated by commas; undefined for none.
 * @throws Error that says which of them is wrong, and nothing of what it is
 */
export function readSealKeys(text: string | undefined): SealKeys | undefined {
  const parts = (text ?? '').split(',').map((part) => part.trim());
  const all = parts.filter(Boolean).map((part, at) => {
    const bytes = Buffer.from(part, /^[0-9a-f]{64}$/i.test(part) ? 'hex' : 'base64');
    if (bytes.length !== keyBytes || !/^[\w+/-]{43}=?$|^[0-9a-f]{64}$/i.test(part))
      throw new Error(
        `BAARI_RECORDS_KEY: expected ${keyBytes} bytes in base64 or hexadecimal digits, found something else as key ${at + 1}`,
      );
    return { id: createHash('sha256').update(bytes).digest().subarray(0, 8), bytes };
  });
  const [sealing] = all;
  return sealing && { sealing, all };
}

/** The key with this id. @throws Error that names the id that is missing */
export function keyById(keys: SealKeys | undefined, id: Buffer): SealKey {
  const found = keys?.all.find((key) => key.id.equals(id));
  if (found) return found;
  const known = keys ? keys.all.map((key) => key.id.toString('hex')).join(', ') : 'none';
  throw new Error(
    `sealed with the key ${id.toString('hex')}: expected it in BAARI_RECORDS_KEY, found ${known}`,
  );
}

/** A key of its own for each file and line, from a random salt. */
export function derived(key: SealKey, salt: Buffer): Buffer {
  return Buffer.from(hkdfSync('sha256', key.bytes, salt, 'baari records 1', keyBytes));
}
