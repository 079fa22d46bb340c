import { readFile } from 'node:fs/promises';
import { normalNumber } from './numbers.ts';
import { OutboundError } from './outbound-error.ts';

/** Largest list that is read, bytes: about 700,000 numbers. */
const maxBytes = 10 * 1024 * 1024;

/**
 * Whether `number` (E.164) is on the list in `file`, one number a line; empty lines and those that begin with # are left
 * out. It is read anew each time: whoever puts a number on it need not restart anything.
 *
 * @throws OutboundError when the list, or one line of it, cannot be read: nobody is called by half a list
 */
export async function isOnList(number: string, file: string, country: string): Promise<boolean> {
  const bytes = await readFile(file).catch((error: unknown) => {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw unreadable(`expected a readable file, found ${reason}`);
  });
  if (bytes.length > maxBytes) throw unreadable(`expected at most ${maxBytes} bytes, found ${bytes.length}`);
  const lines = bytes.toString('utf8').split(/\r?\n/);
  let isListed = false;
  for (const [index, line] of lines.entries()) {
    const text = line.replace(/^\uFEFF/, '').trim();
    if (text === '' || text.startsWith('#')) continue;
    const listed = normalNumber(text, country);
    if (!listed) throw unreadable(`line ${index + 1}: expected a telephone number, found something else`);
    isListed ||= listed === number;
  }
  return isListed;
}

function unreadable(reason: string): OutboundError {
  return new OutboundError(
    'outbound.do-not-call-unreadable',
    `outbound.do_not_call: ${reason}; nobody is called`,
  );
}
