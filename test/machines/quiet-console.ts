import { afterAll, beforeAll, vi } from 'vitest';

const known = /"(xstate\.done\.actor\.exotelLink|wire\.connect)" was sent to stopped actor/;

/** Drops XState's development warnings about the last events of a call that has ended; all else is still printed. */
export function withoutDoneWarnings(): void {
  const { warn } = console;
  beforeAll(() => {
    vi.spyOn(console, 'warn').mockImplementation((...words) => {
      if (!known.test(String(words[0]))) warn(...words);
    });
  });
  afterAll(() => {
    vi.restoreAllMocks();
  });
}
