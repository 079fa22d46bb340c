import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { Chance } from '../../time/index.ts';
import { derived, keyById, type SealKeys } from './keys.ts';

const saltBytes = 16;
const nonceBytes = 12;
const tagBytes = 16;
const mark = 'sealed1';

/**
 * Seals a short text: `sealed1.<key id>.<base64url of salt, nonce, ciphertext, tag>`, AES-256-GCM.
 * `context` says where it belongs; it opens only there.
 */
export function sealText(text: string, context: string, keys: SealKeys, chance: Chance): string {
  const salt = randomBytes(chance, saltBytes);
  const nonce = randomBytes(chance, nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', derived(keys.sealing, salt), nonce).setAAD(
    Buffer.from(context),
  );
  const sealed = [salt, nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()];
  return `${mark}.${keys.sealing.id.toString('hex')}.${Buffer.concat(sealed).toString('base64url')}`;
}

/** Opens what {@link sealText} made; a text that is not sealed is given as it is. @throws Error for a wrong key or place */
export function openText(text: string, context: string, keys: SealKeys | undefined): string {
  const [, id, body] = text.match(/^sealed1\.([0-9a-f]{16})\.([\w-]+)$/) ?? [];
  if (id === undefined || body === undefined) {
    if (!text.startsWith(`${mark}.`)) return text;
    throw new Error(`${context}: the sealed text was changed`);
  }
  const key = keyById(keys, Buffer.from(id, 'hex'));
  const bytes = Buffer.from(body, 'base64url');
  const salt = bytes.subarray(0, saltBytes);
  const nonce = bytes.subarray(saltBytes, saltBytes + nonceBytes);
  try {
    const opened = createDecipheriv('aes-256-gcm', derived(key, salt), nonce)
      .setAAD(Buffer.from(context))
      .setAuthTag(bytes.subarray(-tagBytes));
    return Buffer.concat([
      opened.update(bytes.subarray(saltBytes + nonceBytes, -tagBytes)),
      opened.final(),
    ]).toString('utf8');
  } catch {
    throw new Error(`${context}: the sealed text was changed, or belongs elsewhere`);
  }
}

/** One sealed line of a file that grows: its number within the file is part of what is sealed. */
export function sealLine(line: string, place: string, n: number, keys: SealKeys, chance: Chance): string {
  return JSON.stringify({ n, sealed: sealText(line, `${place}:${n}`, keys, chance) });
}

/**
 * Opens the lines of a file, sealed or not; leaves out a half line, and a line that comes again.
 * @throws Error for a wrong key, and where a line was changed or is missing; one that is missing at the end cannot be told
 */
export function openLines(text: string, place: string, keys: SealKeys | undefined): string {
  let next = 0;
  const lines = text.split('\n').flatMap((line) => {
    const [, digits, sealed] = line.match(/^\{"n":(\d+),"sealed":"([^"]*)"\}$/) ?? [];
    if (sealed === undefined) return line.startsWith('{"n":') ? [] : [line];
    const n = Number(digits);
    if (n < next) return [];
    if (n > next) throw new Error(`${place}: the file was changed: line ${next + 1} is missing`);
    next += 1;
    if (!sealed.startsWith(`${mark}.`)) throw new Error(`${place}: line ${next} was changed`);
    return [openText(sealed, `${place}:${n}`, keys)];
  });
  return lines.join('\n');
}

export function randomBytes(chance: Chance, bytes: number): Buffer {
  return Buffer.from(chance.hexId(bytes), 'hex');
}
