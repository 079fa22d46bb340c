import type { Complain } from './violations.ts';

/** A bridge's message as understood, however wrong; `payload` holds raw bytes. */
export type BotMessage =
  | { readonly event: 'media'; readonly payload: Buffer }
  | { readonly event: 'mark'; readonly name: string }
  | { readonly event: 'clear' }
  | { readonly event: 'stop' };

/** Exotel: payloads up to 100 kB. */
export const MAX_PAYLOAD_BYTES = 100_000;
/** Exotel: payloads in multiples of 320 bytes. */
export const PAYLOAD_STEP_BYTES = 320;

/** Reads a bridge's text frame strictly, and returns what can be made of it; undefined when nothing can. */
export function readBotMessage(text: string, streamSid: string, complain: Complain): BotMessage | undefined {
  const message = parseObject(text);
  if (!message) {
    complain('not-json', 'a JSON object in a text frame', text);
    return undefined;
  }
  const event = message.event;
  if (event !== 'media' && event !== 'mark' && event !== 'clear' && event !== 'stop') {
    complain('unknown-event', 'media, mark, clear or stop', event);
    return undefined;
  }
  if (message.stream_sid !== streamSid) {
    complain('wrong-stream-sid', `stream_sid "${streamSid}"`, message.stream_sid);
  }
  if (event === 'media') return readMedia(message.media, complain);
  if (event === 'mark') return readMark(message.mark, complain);
  return { event };
}

function readMedia(value: unknown, complain: Complain): BotMessage | undefined {
  const media = asObject(value) ?? {};
  const { chunk, timestamp, payload } = media;
  if (chunk !== undefined && typeof chunk !== 'string') complain('chunk-not-string', 'a string', chunk);
  if (timestamp !== undefined && typeof timestamp !== 'string') {
    complain('timestamp-not-string', 'a string', timestamp);
  }
  if (typeof payload !== 'string' || payload.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(payload)) {
    complain('bad-payload', 'base64 text in media.payload', describePayload(payload));
    return undefined;
  }
  const bytes = Buffer.from(payload, 'base64');
  if (bytes.length === 0) complain('bad-payload', 'at least 320 bytes', 'no bytes');
  if (bytes.length % PAYLOAD_STEP_BYTES !== 0) {
    complain('payload-not-in-320s', `a multiple of ${PAYLOAD_STEP_BYTES} bytes`, `${bytes.length} bytes`);
  }
  if (bytes.length > MAX_PAYLOAD_BYTES) {
    complain('payload-too-large', `at most ${MAX_PAYLOAD_BYTES} bytes`, `${bytes.length} bytes`);
  }
  return { event: 'media', payload: bytes };
}

function readMark(value: unknown, complain: Complain): BotMessage | undefined {
  const name = asObject(value)?.name;
  if (typeof name === 'string' && name !== '') return { event: 'mark', name };
  complain('mark-without-name', 'a string in mark.name', name);
  return undefined;
}

/** Audio is never shown, only its length. */
function describePayload(payload: unknown): string {
  return typeof payload === 'string' ? `${payload.length} other characters` : typeof payload;
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function asObject(value: unknown): Record<string, unknown> | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.fromEntries(Object.entries(value));
}
