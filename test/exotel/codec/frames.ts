/** A frame as the socket hands it over. */
export function textFrame(json: unknown): Buffer {
  return Buffer.from(typeof json === 'string' ? json : JSON.stringify(json));
}

/** Base64 of little-endian samples. */
export function payloadOf(...samples: number[]): string {
  return Buffer.from(Int16Array.from(samples).buffer).toString('base64');
}

export const streamSid = '5b0c7e1f92ad4e6610cc83f7a9d21b6p';
export const callSid = 'e7714ac09d3356bb20f18e94c5a71b6p';

/** A `start` as live calls have it: every number is text. */
export function liveStart(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    event: 'start',
    stream_sid: streamSid,
    sequence_number: '1',
    start: {
      stream_sid: streamSid,
      call_sid: callSid,
      account_sid: 'acmeclinic1',
      from: '09000000001',
      to: '08000000002',
      media_format: { encoding: 'base64', sample_rate: '8000', bit_rate: '128kbps' },
      ...changes,
    },
  };
}
