import { vi } from 'vitest';

/** Collects all that the process prints from now on; printing goes on as before. */
export function collectPrinted(): { text: string } {
  const printed = { text: '' };
  const keep = (...parts: unknown[]): void => {
    printed.text += `${parts.map(String).join(' ')}\n`;
  };
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write.bind(stream);
    vi.spyOn(stream, 'write').mockImplementation((chunk) => {
      keep(chunk);
      return write(chunk);
    });
  }
  for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) {
    vi.spyOn(console, method).mockImplementation(keep);
  }
  return printed;
}
