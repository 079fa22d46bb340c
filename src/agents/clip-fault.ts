import { closeSync, openSync, readSync } from 'node:fs';

const headBytes = 12;

/** What stands at `file` instead of a readable WAV file; undefined when its head is that of one. */
export function clipFault(file: string): string | undefined {
  const head = Buffer.alloc(headBytes);
  try {
    const descriptor = openSync(file, 'r');
    try {
      readSync(descriptor, head, 0, headBytes, 0);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    return `none at ${file}: ${error instanceof Error ? error.message : String(error)}`;
  }
  const isWav = head.toString('latin1', 0, 4) === 'RIFF' && head.toString('latin1', 8) === 'WAVE';
  return isWav ? undefined : `a file without the head of a WAV at ${file}`;
}
