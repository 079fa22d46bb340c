import type { LiveServerMessage } from '@google/genai';

/**
 * Reads one frame of the server; the SDK parses without a net, so a bad frame there would end the process.
 *
 * @returns the message, or what was wrong with the frame in words that can be logged.
 */
export function readServerFrame(data: Buffer): LiveServerMessage | { readonly problem: string } {
  let parsed: unknown;
  try {
    parsed = JSON.parse(data.toString('utf8'));
  } catch {
    return { problem: `expected JSON, found ${data.length} bytes of something else` };
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    return { problem: `expected a JSON object, found ${parsed === null ? 'null' : typeof parsed}` };
  }
  return parsed as LiveServerMessage;
}

/** `timeLeft` of a `goAway`, such as "50s" or "9.5s", in ms; 0 when it cannot be read: leave at once. */
export function timeLeftMs(timeLeft: string | undefined): number {
  const seconds = Number.parseFloat(timeLeft ?? '');
  return Number.isFinite(seconds) ? Math.max(0, seconds * 1000) : 0;
}
