import { createHash, timingSafeEqual } from 'node:crypto';

/** Whether an `Authorization` header bears `token`, compared in constant time; false when no token is configured. */
export function bears(header: string | undefined, token: string | undefined): boolean {
  const given = /^Bearer +(\S+)$/i.exec(header ?? '')?.[1];
  if (!token || given === undefined) return false;
  return timingSafeEqual(digest(given), digest(token));
}

/** Digests are of one length, whatever was sent. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
